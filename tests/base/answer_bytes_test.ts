// What a frame answers, byte by byte as it came.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { answerBytes } from "../../core/base/answer_bytes.ts";
import { assertEquals } from "../assert.ts";

const cut = (frame: string): string | undefined => {
  const bytes = answerBytes(utf8(frame));
  return bytes === undefined ? undefined : fromUtf8(bytes);
};

Deno.test("answer bytes: a result or an error, wherever it stands, spelled as it came and without blanks around it", () => {
  const rows: readonly (readonly [frame: string, answer: string | undefined])[] = [
    [`{"jsonrpc":"2.0","id":1,"result":{"b":1.50,"a":[]}}`, `{"b":1.50,"a":[]}`],
    [`{"result": {"text":"\\"}, \\u00e9é\\\\"} ,"jsonrpc":"2.0","id":"result"}`, `{"text":"\\"}, \\u00e9é\\\\"}`],
    [` { "id" : {"result":1} , "error" : { "code" : -1 } } `, `{ "code" : -1 }`],
    [`{"error":{},"result":{"x":{"result":2}},"id":1}`, `{"x":{"result":2}}`],
    [`{"\\u0072esult":7,"id":1}`, `7`],
    [`{"id":1,"method":"result"}`, undefined],
    [`{}`, undefined],
  ];
  for (const [frame, answer] of rows) assertEquals(cut(frame), answer, frame);
});
