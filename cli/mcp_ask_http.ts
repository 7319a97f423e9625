// Asking an MCP server of Streamable HTTP what it declares: without a session where it can, else in one of its own, which is ended.
import { utf8 } from "../core/base/bytes.ts";
import { isJsonList, type JsonObject } from "../core/base/json_value.ts";
import { ok, type Result } from "../core/base/result.ts";
import { serverFrame } from "../core/mcp/frames.ts";
import { LEGACY, MODERN } from "../core/mcp/protocol.ts";
import { type SseEvent, sseFeed } from "../core/mcp/sse.ts";
import type { Ports, SentRequest, UpstreamAnswer } from "../core/ports.ts";
import {
  type Answer,
  type Asked,
  type Asker,
  discover,
  failedAt,
  GRACE,
  greet,
  listed,
  MOST_ANSWER,
  PATIENCE,
} from "./mcp_ask.ts";
import { lockedAddress, type UpstreamAddress, upstreamUrl } from "./mcp_upstream.ts";
import { bodyOf, isStream } from "./mcp_wrap/http/answer.ts";
import { trimmed } from "./mcp_wrap/http/back.ts";
import { fieldOf } from "./mcp_wrap/http/fields.ts";

/** Whom to ask, and what is shown to it; an empty `authorization` is none. */
export type Whom = { readonly address: UpstreamAddress; readonly authorization: string };

/** Asks a server, and ends the session that it has begun. Faults `network_failed`, `mcp_server_failed`. */
export async function askUpstream(
  whom: Whom,
  version: string,
  ports: Pick<Ports, "upstream" | "timer">,
): Promise<Result<Asked>> {
  const asker = overHttp(whom, ports);
  const late = ports.timer.sleep(PATIENCE).then(() => asker.failed("it does not answer in time"));
  try {
    return await Promise.race([conversation(asker, version), late]);
  } finally {
    await Promise.race([asker.end(), ports.timer.sleep(GRACE)]);
  }
}

// A server of both generations keeps nothing of a request of the newer one.
async function conversation(asker: HttpAsker, version: string): Promise<Result<Asked>> {
  const known = await discover(asker, version);
  if (!known.ok) return known;
  if (known.value !== undefined && speaksModern(known.value)) return await listed(asker, known.value, true, version);
  asker.begin();
  const greeted = await greet(asker, version);
  return greeted.ok ? await listed(asker, greeted.value, false, version) : greeted;
}

// One of before may answer whatever it is asked.
function speaksModern({ supportedVersions }: JsonObject): boolean {
  return isJsonList(supportedVersions) && supportedVersions.includes(MODERN);
}

interface HttpAsker extends Asker {
  /** Goes over to the older generation. */
  begin(): void;
  /** Ends whatever is on its way, and the session. */
  end(): Promise<void>;
}

/** What may stand in a field and is handed back as it came. */
const isWord = (text: string): boolean => /^[!-~]{1,1024}$/.test(text);

function overHttp({ address, authorization }: Whom, { upstream }: Pick<Ports, "upstream">): HttpAsker {
  const failed = failedAt(lockedAddress(address));
  let modern = true;
  let version = "";
  let session = "";
  let ids = 0;
  let over = false;
  let open: SentRequest | undefined;
  const send = (method: "POST" | "DELETE", more: Readonly<Record<string, string>>, frame?: JsonObject): SentRequest =>
    open = upstream.send({
      method,
      url: upstreamUrl(address),
      headers: {
        accept: "application/json, text/event-stream",
        ...(frame === undefined ? {} : { "content-type": "application/json" }),
        ...(version === "" ? {} : { "mcp-protocol-version": version }),
        ...(session === "" ? {} : { "mcp-session-id": session }),
        ...(authorization === "" ? {} : { authorization }),
        ...more,
      },
      ...(frame === undefined ? {} : { body: utf8(JSON.stringify({ jsonrpc: "2.0", ...frame })) }),
    });
  async function post(frame: JsonObject, more: Readonly<Record<string, string>> = {}): Promise<Result<UpstreamAnswer>> {
    if (over) return failed("it does not answer in time");
    const answer = await send("POST", more, frame).answer;
    if (!answer.ok) return { ok: false, fault: { ...answer.fault, exit: "dependency" } };
    const { status } = answer.value;
    if (status >= 300 && status < 400) return failed("it answers with a redirect");
    return status === 401 || status === 403 ? failed(`it wants another authorization (status ${status})`) : answer;
  }
  // The session is there with its first answer, whatever else that is.
  function greeted({ headers }: UpstreamAnswer, answer: Extract<Answer, { ok: true }>): Answer {
    const given = fieldOf(headers, "mcp-session-id");
    const said = answer.value?.["protocolVersion"] ?? LEGACY;
    if (given !== "" && !isWord(given)) return failed("it gives a session that cannot be named again");
    session = given;
    if (typeof said !== "string" || !isWord(said)) return failed("it speaks no version of the protocol");
    version = said;
    return answer;
  }
  return {
    failed,
    begin: () => void (modern = false),
    async ask(method, params) {
      const id = ++ids;
      const fields = modern ? { "mcp-protocol-version": MODERN, "mcp-method": method } : {};
      const posted = await post({ id, method, params }, fields);
      if (!posted.ok) return posted;
      const answer = await answerIn(posted.value, id, failed);
      open?.close();
      return answer.ok && method === "initialize" ? greeted(posted.value, answer) : answer;
    },
    async tell(method) {
      const posted = await post({ method });
      if (!posted.ok) return posted;
      open?.close();
      return posted.value.status < 300 ? ok(undefined) : failed(`it answers with status ${posted.value.status}`);
    },
    async end() {
      over = true;
      open?.close();
      if (session === "") return;
      await send("DELETE", {}).answer; // some do not let their clients end a session
      open?.close();
    },
  };
}

/** The answer to a request; an error of HTTP is one too. */
async function answerIn(answer: UpstreamAnswer, id: number, failed: Asker["failed"]): Promise<Answer> {
  if (answer.status >= 400) return ok(undefined);
  if (isStream(answer)) return await answerOn(answer, id, failed);
  const body = await bodyOf(answer, MOST_ANSWER);
  if (body === "cut") return failed("its answer was cut short");
  if (body === "large") return failed("its answer is too large");
  return frameIn(trimmed(body), id, failed) ?? failed("it answers something else");
}

/** The answer that a frame is; undefined where it is none to this request. */
function frameIn(line: Uint8Array, id: number, failed: Asker["failed"]): Answer | undefined {
  const frame = serverFrame(line);
  if (frame.kind === "unreadable") return failed("it answers with a frame that cannot be read");
  return frame.kind === "answer" && frame.id === id ? ok(frame.result) : undefined;
}

async function answerOn(answer: UpstreamAnswer, id: number, failed: Asker["failed"]): Promise<Answer> {
  const events: (SseEvent | undefined)[] = [];
  const feed = sseFeed(MOST_ANSWER, (event) => void events.push(event));
  for (;;) {
    const piece = await answer.read();
    if (!piece.ok || piece.value === undefined) return failed("its stream has ended before its answer");
    feed.push(piece.value);
    for (const event of events.splice(0)) {
      if (event === undefined) return failed("its answer is too large");
      const found = event.data === undefined || event.data.length === 0 ? undefined : frameIn(trimmed(event.data), id, failed);
      if (found !== undefined) return found;
    }
  }
}
