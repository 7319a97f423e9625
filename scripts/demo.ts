// The triad in a few seconds, by the real commands: a run recorded and signed, a dangerous call blocked, a pack verified and caught when
// it was changed, an incident turned into a regression that fails, then passes. Everything stays in a folder to be opened:
// gait-out/demo, or the argument.
import { die, exists, ROOT } from "./tools/run.ts";

const [work = `${ROOT}gait-out/demo`] = Deno.args;
const PROGRAM = ["run", "-q", "--no-prompt", "--allow-read", `--allow-write=${work}`, "--config", `${ROOT}deno.json`];

/** Runs a command of gait, shows it with what it prints, and insists on how it ends. */
async function gait(line: string, exit = 0, shown = true): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...PROGRAM, `${ROOT}cli/main.ts`, ...line.split(" ")],
    cwd: work,
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (code !== exit) die(`gait ${line} ended with ${code} instead of ${exit}:\n${said}`);
  if (shown) console.log(`$ gait ${line}${exit === 0 ? "" : ` # exit ${exit}`}\n${said.trimEnd()}`);
}

const started = performance.now();
if (Deno.args.length === 0 && exists(work)) await Deno.remove(work, { recursive: true }); // only what is known to be the demo's
await Deno.mkdir(work, { recursive: true });
const copies = [
  ["examples/policy/base_high_risk.yaml", "policy.yaml"],
  ["examples/policy/intents/intent_delete.json", "delete.json"],
  ["examples/regress-repo/runs/recorded.json", "monday.json"],
  ["examples/regress-repo/runs/bad.json", "tuesday.json"],
  ["examples/regress-repo/runs/good.json", "wednesday.json"],
] as const;
for (const [from, to] of copies) await Deno.copyFile(`${ROOT}${from}`, `${work}/${to}`);

/** Says which run the fixture grades. */
async function grade(run: string): Promise<void> {
  const path = `${work}/fixtures/quote-bot/fixture.json`;
  const fixture: Record<string, unknown> = JSON.parse(await Deno.readTextFile(path));
  const candidate_runpack = `../../gait-out/runpack_${run}.zip`;
  await Deno.writeTextFile(path, `${JSON.stringify({ ...fixture, candidate_runpack }, null, 2)}\n`);
}

/** Changes one byte of the run that a pack holds. */
async function spoil(from: string, to: string): Promise<void> {
  const bytes = await Deno.readFile(`${work}/${from}`);
  const name = "source/runpack.zip"; // its first mention stands before its bytes
  const at = new TextDecoder("latin1").decode(bytes).indexOf(name) + name.length + 100;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await Deno.writeFile(`${work}/${to}`, bytes);
}

console.log("\n1. Enforce: a dangerous call is blocked");
await gait("keys init", 0, false);
const key = "gait-out/keys/gait_private.key";
await gait(
  `gate eval --policy policy.yaml --intent delete.json --trace-out trace.json --key-mode prod --private-key ${key}`,
  3,
);

console.log("\n2. Prove: what happened travels as one signed file, and a changed byte is found");
await gait("run record tuesday.json", 0, false);
await gait(`pack build --type run --from quote-bot-bad --out incident.zip --private-key ${key}`);
await gait("pack verify incident.zip --public-key gait-out/keys/gait_public.key");
await spoil("incident.zip", "changed.zip");
await gait("pack verify changed.zip --public-key gait-out/keys/gait_public.key", 2);

console.log("\n3. Learn: the incident is a check that fails, until the agent behaves again");
for (const day of ["monday", "wednesday"]) await gait(`run record ${day}.json`, 0, false);
await gait("regress init --from quote-bot");
await grade("quote-bot-bad");
await gait("regress run --junit gait-out/junit.xml", 5);
await grade("quote-bot-good");
await gait("regress run");

console.log(`
To open, in ${work.startsWith(ROOT) ? work.slice(ROOT.length) : work}:
  trace.json                            the signed record of the decision
  incident.zip, changed.zip             the pack, and the one with a changed byte
  fixtures/quote-bot/                   the regression: commit it with gait.yaml
  gait-out/junit.xml                    the failing build, as CI shows it
  regress_result.json                   the passing one
done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
