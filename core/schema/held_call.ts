// A call that waits for an approval, as it came to the server (a format of ours): it is decided again from this.
import { type Infer, payload, strict, text } from "../base/shape.ts";

export const HeldCallShape = strict("A call that waits for an approval, kept beside its request", () => ({
  adapter: text("The form of the call; that of the server when empty"),
  call: payload("The call, in that form"),
  run_id: text("The run that its caller named"),
  session_id: text("The session that its caller named"),
}));

export type HeldCall = Infer<typeof HeldCallShape>;
