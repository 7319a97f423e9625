// A gate that asks a server (`gait mcp serve`, spec 05, section 3.2). Whatever is not exactly its answer is none.
import { concatBytes } from "../base/bytes.ts";
import type { Crypto } from "../base/host.ts";
import { jsonCopy } from "../base/json_copy.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { lower, trim } from "../base/text.ts";
import { ANSWER_LIMIT, oddAnswer, readAnswer } from "./answer.ts";
import { CALL } from "./call.ts";
import { DEFAULT_LIMIT_MS, type Timers, within } from "./limit.ts";
import type { Answer, Gate, GateCall } from "./types.ts";

/** What is sent. */
export type ServerRequest<S> = {
  readonly method: "POST";
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Nobody but the server that was named decides, and nobody else gets its token. */
  readonly redirect: "manual";
  readonly signal: S;
};

/** What comes back; `Response` is one. */
export type ServerReply = {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
      cancel(): Promise<unknown>;
    };
  } | null;
};

/** What asking takes of the caller: the platform's own, or a `fetch` that does the same, such as over a Unix socket. */
export type ServerHost<S, T> = Timers<S, T> & {
  readonly crypto: Crypto;
  readonly fetch: (url: string, request: ServerRequest<S>) => Promise<ServerReply>;
};

/** Which server is asked. */
export type ServerSettings = {
  /** Where it listens, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Its token; absent where it wants none. */
  readonly token?: string;
  /** How long it may take; 30 seconds unless told. */
  readonly limit_ms?: number;
};

/** Makes a gate of a server. */
export function serverGate<S, T>(host: ServerHost<S, T>, settings: ServerSettings): Gate {
  const { crypto, fetch } = host; // apart from its object: browsers refuse it as its method
  const { url, token, limit_ms = DEFAULT_LIMIT_MS } = settings;
  const address = `${url.replace(/\/+$/, "")}/v1/evaluate`;
  const headers = {
    "accept": "application/json",
    "content-type": "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const who = `the server at ${address}`;
  return {
    async evaluate({ call, adapter, run_id }: GateCall): Promise<Result<Answer>> {
      const copied = jsonCopy(call, CALL);
      if (!copied.ok) return copied;
      const body = JSON.stringify({ call: copied.value, adapter, run_id });
      return await within(host, limit_ms, who, async (signal) => {
        const reply = await fetch(address, { method: "POST", headers: { ...headers }, body, redirect: "manual", signal });
        const bytes = await bodyOf(reply, who);
        return bytes.ok ? counted(crypto, reply, bytes.value, who) : bytes;
      });
    },
  };
}

// By verdict the status that a strict server gives; a compatible one gives 200 for all.
const STATUS: Readonly<Record<Answer["verdict"], number>> = { allow: 200, dry_run: 409, require_approval: 409, block: 403 };

function counted(crypto: Crypto, { status, headers }: ServerReply, bytes: Uint8Array, who: string): Result<Answer> {
  const media = lower(trim((headers.get("content-type") ?? "").split(";")[0] ?? ""));
  if (media !== "application/json") return oddAnswer(who, `it came with status ${status} and is not application/json`);
  const answer = readAnswer(crypto, bytes, who, ["executed", "exit_code"]);
  if (!answer.ok) return answer;
  const { verdict } = answer.value;
  return status === 200 || status === STATUS[verdict]
    ? answer
    : oddAnswer(who, `status ${status} is not that of verdict ${verdict}`);
}

async function bodyOf({ body }: ServerReply, who: string): Promise<Result<Uint8Array>> {
  if (body === null) return ok(new Uint8Array());
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (next.value === undefined) continue;
    pieces.push(next.value);
    length += next.value.length;
    if (length > ANSWER_LIMIT) {
      await reader.cancel();
      return fail("gate_answer_invalid", `Cannot act on the answer of ${who}: it is longer than ${ANSWER_LIMIT} bytes`);
    }
  }
  return ok(concatBytes(pieces));
}
