// A command's values: what the types promise is what arrives, and nothing else gets in.
import { ok } from "../../core/base/result.ts";
import { command } from "../../cli/command.ts";
import { parse } from "../../cli/flags.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";

// Equal only when both are the same type, `any` included.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
const same = <A, B>(proof: Same<A, B>): boolean => proof;

const PROGRAM = { version: "1", json: true, commands: {}, correlationId: () => "c" };

const probe = command({
  path: ["probe"],
  summary: "",
  explain: "",
  flags: {
    need: { kind: "text", doc: "", required: true },
    text: { kind: "text", doc: "" },
    preset: { kind: "text", doc: "", default: "x" },
    pick: { kind: "choice", doc: "", values: ["a", "b"] },
    chosen: { kind: "choice", doc: "", values: ["a", "b"], default: "b" },
    on: { kind: "switch", doc: "" },
  },
  needs: ["clock"],
  run(values, ports) {
    assert(same<typeof values.need, string>(true));
    assert(same<typeof values.text, string | undefined>(true));
    assert(same<typeof values.preset, string>(true));
    assert(same<typeof values.pick, "a" | "b" | undefined>(true));
    assert(same<typeof values.chosen, "a" | "b">(true));
    assert(same<typeof values.on, boolean>(true));
    assert(same<keyof typeof ports, "clock">(true));
    return Promise.resolve(ok({ exit: "ok", data: { ok: true, ...values } }));
  },
  lines: ({ need }) => [need],
});

Deno.test("command: values arrive as the flags say", async () => {
  const { values } = assertOk(parse(probe.flags, undefined, ["--need", "n", "--on"]));
  const answer = assertOk(await probe.execute(values, memoryPorts({ host: nodeHost }), PROGRAM));
  assert(!("records" in answer));
  const { data, lines } = answer;
  const { text, pick, ...rest } = { text: undefined, pick: undefined, ...data };
  assertEquals([text, pick, rest], [undefined, undefined, {
    ok: true,
    positionals: [],
    need: "n",
    preset: "x",
    chosen: "b",
    on: true,
  }]);
  assertEquals(lines(), ["n"]);
});

Deno.test("command: values that no parser makes are a bug", async () => {
  const good = { positionals: [], need: "n", preset: "x", chosen: "a", on: false };
  const wrong = [
    undefined,
    {},
    { ...good, positionals: "x" },
    { ...good, need: undefined },
    { ...good, chosen: "c" },
    { ...good, pick: "c" },
    { ...good, on: "true" },
    { ...good, preset: undefined },
  ];
  for (const values of wrong) {
    const thrown = await probe.execute(values, memoryPorts({ host: nodeHost }), PROGRAM).catch((error) => error);
    assert(thrown instanceof Error, JSON.stringify(values));
  }
});
