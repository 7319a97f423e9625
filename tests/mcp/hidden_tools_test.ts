// Lists of tools without some: what has no list, or names nothing, is left as it is.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { withoutTools } from "../../core/mcp/hidden_tools.ts";
import { assert, assertEquals } from "../assert.ts";

const shown = (text: string): string => fromUtf8(withoutTools(utf8(text), (name) => name === "a"));

Deno.test("hidden tools: the first, the last, all, by a name that is spelled otherwise", () => {
  assertEquals(shown(`{"result":{"tools":[{"name":"a"},{"name":"b"}]}}`), `{"result":{"tools":[{"name":"b"}]}}`);
  assertEquals(shown(`{"result":{"tools":[{"name":"b"} , {"name":"a"} ]}}`), `{"result":{"tools":[{"name":"b"} ]}}`);
  assertEquals(shown(`{"result":{"tools":[{"name":"a"}],"nextCursor":"x"}}`), `{"result":{"tools":[],"nextCursor":"x"}}`);
  assertEquals(shown(`{"result":{"to\\u006fls":[{"n\\u0061me":"\\u0061"}]}}`), `{"result":{"to\\u006fls":[]}}`);
});

Deno.test("hidden tools: an answer without such a list is the same bytes", () => {
  for (
    const text of [
      `{"error":{"code":1}}`,
      `{"result":null}`,
      `{"result":{"tools":{"name":"a"}}}`,
      `{"result":{"tools":[]}}`,
      `{"result":{"tools":["a",1,null,{"name":["a"]},{"name":"b","x":{"name":"a"}}]}}`,
      `{"tools":[{"name":"a"}],"result":{}}`,
      `[{"name":"a"}]`,
    ]
  ) {
    const line = utf8(text);
    assert(withoutTools(line, (name) => name === "a") === line, text);
  }
});
