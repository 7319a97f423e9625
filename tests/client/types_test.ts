// What the types of the client do not let through: code that forgets a verdict, or takes a result where the tool may not have run.
import { assert, assertEquals } from "../assert.ts";

const ROOT = new URL("../../", import.meta.url);

const PROGRAM = `
import { type Answer, type Gate, type GateCall, whenAllowed } from "${new URL("mod.ts", ROOT).href}";

export function forgets(answer: Answer): string {
  switch (answer.verdict) {
    case "allow":
      return "go";
    case "block":
    case "require_approval":
      return "stop";
  }
}

export const takesAnyway = async (gate: Gate, call: GateCall): Promise<number> => (await whenAllowed(gate, call, () => 1)).result;

export const takesAFault = async (gate: Gate, call: GateCall): Promise<string> => (await gate.evaluate(call)).value.verdict;

export function complete(answer: Answer): string {
  switch (answer.verdict) {
    case "allow":
      return "go";
    case "dry_run":
      return "would go";
    case "block":
    case "require_approval":
      return "stop";
    default:
      return answer satisfies never;
  }
}

export async function looks(gate: Gate, call: GateCall): Promise<number | undefined> {
  const done = await whenAllowed(gate, call, () => 1);
  return done.executed ? done.result : undefined;
}
`;

Deno.test("client types: a forgotten verdict and an unlooked-at result do not compile", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/x.ts`, PROGRAM);
    const args = ["check", "-q", "--config", new URL("deno.json", ROOT).pathname, `${folder}/x.ts`];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } }).output();
    const said = new TextDecoder().decode(stderr);
    assertEquals(success, false);
    assertEquals([...said.matchAll(/x\.ts:(\d+):/g)].map(([, line]) => Number(line)), [4, 14, 16], said);
    assert(said.includes("Found 3 errors"), said);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
