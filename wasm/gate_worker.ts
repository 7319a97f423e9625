// A whole gate as a Worker: answers a call that is sent by POST with its verdict. The policy comes with the build or in a binding; the
// clock is the Worker's own, and nothing that a caller sends changes what it is judged by. Whatever goes wrong is a block.
import { concatBytes } from "../core/base/bytes.ts";
import { canonicalText } from "../core/base/canonical.ts";
import type { Fault } from "../core/base/result.ts";
import { trim } from "../core/base/text.ts";
import { timeFromClock } from "../core/base/time.ts";
import { webHost } from "../host/web.ts";
import { answerTo, blockDocument, type GateTexts } from "./gate.ts";

/** What a Worker decides by: texts that come with the build. A binding of the same thing counts only where the build has none. */
export type GateSettings = Partial<GateTexts> & {
  /** Most bytes of a body; 1 MiB unless told. */
  readonly max_body_bytes?: number;
  /** The moment, as RFC 3339; the Worker's clock unless told. */
  readonly now?: () => string;
};

/** Bindings of a Worker by name. */
export type Bindings = Readonly<Record<string, unknown>>;

/** The bindings that are looked at: texts of the files that the command line reads. */
export const BINDINGS = { policy: "GAIT_POLICY", kill_switch: "GAIT_KILL_SWITCH", inventory: "GAIT_INVENTORY" } as const;

const MAX_BODY_BYTES = 2 ** 20;

const reply = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, { status, headers: { "content-type": "application/json", "cache-control": "no-store", ...headers } });

const blocked = (reason: string, fault: Fault): string => canonicalText(blockDocument({ reason, fault }));

const usage = (status: number, message: string, headers?: Readonly<Record<string, string>>): Response =>
  reply(status, blocked("request_invalid", { code: "usage", message }), headers);

/** The content type of a request, without parameters. */
export const contentType = (request: Request): string | undefined =>
  request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();

/** The body, or undefined when it is longer than it may be: what is over the limit is never held. */
async function bodyOf(request: Request, most: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > most) return undefined;
  const chunks: Uint8Array[] = [];
  let held = 0;
  for (const reader = request.body?.getReader(); reader !== undefined;) {
    const { value, done } = await reader.read();
    if (done) break;
    held += value.length;
    if (held > most) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  return concatBytes(chunks);
}

// What is there and no text is as bad as a broken file. A blank policy is none: an empty one would be the default for all calls.
const textOf = (built: string | undefined, binding: unknown): string | undefined =>
  built ?? (binding === undefined || binding === null ? undefined : typeof binding === "string" ? binding : NO_TEXT);

const NO_TEXT = "\0";

const unlessBlank = (policy: string | undefined): string | undefined =>
  policy === undefined || trim(policy) === "" ? undefined : policy;

async function answer(settings: GateSettings, request: Request, env: Bindings): Promise<Response> {
  if (request.method !== "POST") {
    return usage(405, `Cannot answer a ${request.method} request: expected POST`, { allow: "POST" });
  }
  if (contentType(request) !== "application/json") {
    return usage(415, "Cannot answer the request: expected the content type application/json");
  }
  const most = settings.max_body_bytes ?? MAX_BODY_BYTES;
  const body = await bodyOf(request, most);
  if (body === undefined) return usage(413, `Cannot answer the request: expected at most ${most} bytes`);
  const now = settings.now ?? (() => timeFromClock(Date.now()));
  const { status, text } = answerTo(
    webHost.crypto,
    {
      policy: unlessBlank(textOf(settings.policy, env[BINDINGS.policy])),
      kill_switch: textOf(settings.kill_switch, env[BINDINGS.kill_switch]),
      inventory: textOf(settings.inventory, env[BINDINGS.inventory]),
    },
    body,
    now(),
  );
  return reply(status, text);
}

/** The Worker: `export default gateWorker({ policy })`, or without settings where they are bindings. Never rejects. */
export const gateWorker = (settings: GateSettings = {}) => ({
  async fetch(request: Request, env: Bindings = {}): Promise<Response> {
    try {
      return await answer(settings, request, env);
    } catch {
      // A body that breaks off, or a bug: nothing was decided, so nothing is allowed.
      const message = "Cannot answer the request: its body could not be read, or the gate has a bug";
      return reply(500, blocked("internal_failure", { code: "internal", message }));
    }
  },
});

export default gateWorker();
