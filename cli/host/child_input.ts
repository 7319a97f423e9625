// What a program is given to read. A program may end, or close its input, at any moment: that is no fault of ours.
import { errnoOf } from "./errno.ts";

/** The standard input of a started program. Neither call rejects for what the program does. */
export type ChildInput = {
  /** Whether the bytes were taken; once they were not, nothing is any more. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** No more will come. */
  finish(): Promise<void>;
};

/** The standard input of a program that was started with it piped. */
export function childInput(stream: WritableStream<Uint8Array>): ChildInput {
  const writer = stream.getWriter();
  let finished = false;
  // Deno before 2.9 says that a write went well and lets only the stream know that it did not; such a stream cannot be closed.
  const sound = (): boolean => !finished && writer.desiredSize !== null;
  const tried = async (action: () => Promise<void>): Promise<boolean> => {
    if (!sound()) return false;
    try {
      await action();
    } catch (thrown) {
      errnoOf(thrown);
      return false;
    }
    return sound();
  };
  return {
    write: (bytes) => tried(() => writer.write(bytes)),
    async finish() {
      await tried(() => {
        finished = true;
        return writer.close();
      });
    },
  };
}
