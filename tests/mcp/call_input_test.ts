// What a call brings along for the gate alone is taken out of its frame, and all other bytes stay.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { inputOf, paramsDigest, withInput } from "../../core/mcp/call_input.ts";
import { assertEquals } from "../assert.ts";
import { crypto } from "../authority/requests.ts";

const frame = (params: string) => utf8(`{"id":1, "params" :${params},"method":"tools/call"}`);
const cut = (params: string, input = "") => fromUtf8(withInput(frame(params), input));

Deno.test("call input: taken out wherever it stands, with the commas that it leaves over", () => {
  const without = (params: string) => fromUtf8(frame(params));
  assertEquals(cut(`{"inputResponses":{"a":[1]},"name":"t"}`), without(`{"name":"t"}`));
  assertEquals(cut(`{"name":"t" , "requestState":"}\\"{" }`), without(`{"name":"t" }`));
  assertEquals(cut(`{"name":"t","requestState":"x","inputResponses":{}}`), without(`{"name":"t"}`));
  assertEquals(
    cut(`{ "a":1.0, "requestState":"x", "b":{"requestState":"y"}, "inputResponses":{}, "c":1e2}`),
    without(`{ "a":1.0, "b":{"requestState":"y"}, "c":1e2}`),
  );
  assertEquals(cut(`{"request\\u0053tate":"x","name":"t"}`), without(`{"name":"t"}`), "however its name is spelled");
  assertEquals(cut(`{"requestState":"x"}`), without(`{}`));
  assertEquals(cut(`{"name":"t"}`), without(`{"name":"t"}`));
  assertEquals(fromUtf8(withInput(utf8(`{"id":1}`), "")), `{"id":1}`);
});

Deno.test("call input: the digest of a call is of how all is spelled that is not made anew", () => {
  const digest = (params: string): string => paramsDigest(crypto, frame(params));
  const plain = digest(`{"name":"t","arguments":{"a":1}}`);
  for (
    const same of [
      `{ "arguments" : {"a":1} , "name" : "t" }`,
      `{"_meta":{"progressToken":1},"name":"t","inputResponses":{},"arguments":{"a":1},"requestState":"s"}`,
    ]
  ) assertEquals(digest(same), plain, same);
  for (
    const other of [
      `{"name":"t","arguments":{"a":1.0}}`,
      `{"name":"t","arguments":{"a": 1}}`,
      `{"name":"t","arguments":{"\\u0061":1}}`,
      `{"name":"t","arguments":{"a":1},"task":{}}`,
      `{"name":"t","__proto__":{},"arguments":{"a":1}}`,
      `{"name":"t"}`,
    ]
  ) assertEquals(digest(other) === plain, false, other);
});

Deno.test("call input: put in place of what was there", () => {
  const input = `"requestState":"theirs","inputResponses":{"n":1.0}`;
  assertEquals(inputOf(frame(`{"name":"t",${input}}`)), input);
  assertEquals(cut(`{"name":"t","requestState":"gait1.x"}`, input), fromUtf8(frame(`{${input},"name":"t"}`)));
  assertEquals(cut(`{"requestState":"gait1.x"}`, input), fromUtf8(frame(`{${input}}`)));
  assertEquals(inputOf(frame(`{"name":"t"}`)), "");
});
