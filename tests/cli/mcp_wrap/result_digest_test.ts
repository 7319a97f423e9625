// The digest of what a call came to: the same for the same result, whatever its client calls the request, on streams and over HTTP.
import { sha256Hex } from "../../../core/base/digest.ts";
import { utf8 } from "../../../core/base/bytes.ts";
import { nodeHost } from "../../../host/node.ts";
import { assertEquals } from "../../assert.ts";
import { toolCall, wrapped } from "./world.ts";
import { event, gated } from "./http/world.ts";

const RESULT = `{"content": [{"type":"text","text":"1.50 \\u00e9"}],"n":1.50}`;
const ERROR = `{"code":-32000,"message":"no"}`;
const frame = (id: string, answer: string): string => `{"result": ${answer} ,"jsonrpc":"2.0","id":"${id}"}`;
const refusal = (id: string): string => `{"jsonrpc":"2.0","id":"${id}","error":${ERROR}}`;

const digest = (text: string): string => sha256Hex(nodeHost.crypto, utf8(text));

type Recorded = readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[];

const told = (records: Recorded): readonly unknown[] =>
  records.flatMap(({ result }) =>
    result === undefined ? [] : [[result["status"], result["result_digest"], result["frame_digest"]]]
  );

const wanted = (a: string, b: string, c: string): readonly unknown[] => [
  ["ok", digest(RESULT), digest(frame(a, RESULT))],
  ["ok", digest(RESULT), digest(frame(b, RESULT))],
  ["error", digest(ERROR), digest(refusal(c))],
];

Deno.test("wrap: results have a digest without the id, errors too, and what never came has none", async () => {
  const world = wrapped();
  await world.client.send(...["a", "b", "c", "d"].map((id) => toolCall(id, "shelf.peek")));
  await world.server.send(frame("a", RESULT), frame("b", RESULT), refusal("c"));
  await world.server.exit(0);
  await world.session;
  assertEquals(told(world.records()), [...wanted("a", "b", "c"), ["unanswered", undefined, undefined]]);
});

Deno.test("wrap http: the same, as documents and on streams", async () => {
  const world = await gated();
  const calling = async (id: string): Promise<void> => void await world.post(toolCall(id, "shelf.peek"));
  await calling("x");
  await world.last().with(`\n${frame("x", RESULT)}\n`);
  await calling("y");
  await world.last().events();
  await world.last().send(event(frame("y", RESULT)));
  await world.last().end();
  await calling("z");
  await world.last().with(refusal("z"));
  await world.end();
  assertEquals(told(world.journals().flat()), wanted("x", "y", "z"));
});
