// What calls that come in one moment share of what is read for them, and what each of them still sees.
import { policySource, together } from "../../cli/boundary_sources.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { nodeHost } from "../../host/node.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

Deno.test("boundary sources: calls of one moment share one reading, which begins after all of them came", async () => {
  let readings = 0;
  let text = "old";
  const read = together(async () => {
    readings++;
    const seen = text;
    await Promise.resolve();
    return seen;
  });
  const first = read();
  text = "edited";
  const second = read();
  assertEquals([await first, await second, readings], ["edited", "edited", 1]);

  const third = read();
  await Promise.resolve(); // its reading has begun
  text = "edited again";
  const fourth = read();
  assertEquals([await third, await fourth, readings], ["edited", "edited again", 3]);
});

Deno.test("boundary sources: a policy is read once for calls of one moment, and a fault of it is no longer shared after that", async () => {
  const allow = utf8("schema_id: gait.gate.policy\nschema_version: 1.0.0\ndefault_verdict: allow\nrules: []\n");
  const block = utf8("schema_id: gait.gate.policy\nschema_version: 1.0.0\ndefault_verdict: block\nrules: []\n");
  let there: Result<Uint8Array<ArrayBuffer>> = ok(allow);
  let readings = 0;
  const files = { read: () => Promise.resolve().then(() => (readings++, there)) };
  const source = policySource("p.yaml", "standard", { files: { ...UNUSED, ...files }, host: nodeHost });
  const verdicts = async (count: number) =>
    (await Promise.all(Array.from({ length: count }, source))).map((one) => assertOk(one).compiled.policy.default_verdict);
  assertEquals([await verdicts(3), readings], [["allow", "allow", "allow"], 1]);
  there = ok(block);
  assertEquals([await verdicts(2), readings], [["block", "block"], 2]);
  there = fail("file_missing", "gone");
  for (const one of await Promise.all([source(), source()])) assertFault(one, "file_missing");
  there = ok(allow);
  assertEquals([await verdicts(1), readings], [["allow"], 4]);
});

const none = () => Promise.resolve(fail("internal", "not asked for"));
const UNUSED = {
  open: none,
  list: none,
  real: none,
  kind: () => Promise.resolve("none" as const),
  isLink: () => Promise.resolve(false),
  twin: () => Promise.resolve(undefined),
};
