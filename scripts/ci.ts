// What .ci/run does once there is a Deno: README's test command, what is needed of the full gate, the recorded cases, and the rest of the
// gate as far as there is time; then one count of all.
import { conformance, FORMS } from "./conformance.ts";
import { SHARED } from "./tools/kit.ts";
import { plus, type Tally, tallyFile } from "./tools/junit.ts";
import { capture, exists, ROOT, show } from "./tools/run.ts";

const FAILED: Tally = { passed: 0, failed: 1 };
const NOTHING: Tally = { passed: 0, failed: 0 };

const forget = async (path: string): Promise<void> => {
  if (exists(`${ROOT}${path}`)) await Deno.remove(`${ROOT}${path}`);
};

/** A thing that cannot be tried: one visible line, and a failure where everything must be tried. */
const skipped = (what: string, why: string): Tally => {
  console.log(`skipped: ${what}: ${why}`);
  return Deno.env.get("GAIT_REQUIRE_ALL") === "1" ? FAILED : NOTHING;
};

/** Runs the test command word for word as README gives it. */
async function readme(version: string): Promise<Tally> {
  const wanted = `npx -y deno@${version} task test`;
  const text = await Deno.readTextFile(`${ROOT}README.md`).catch(() => "");
  if (!text.split("\n").some((line) => line.trim().replace(/^\$ /, "").startsWith(wanted))) {
    console.log(`FAIL README.md does not give the test command "${wanted}"`);
    return FAILED;
  }
  await forget(".cache/junit.xml");
  const code = await show(wanted.split(" "));
  return tallyFile(`${ROOT}.cache/junit.xml`, code);
}

// CI has 20 minutes, of which this program does not see the first: it is fetched and started in them.
const ENDS = Date.now() + 19 * 60_000;

/** Runs a half of the full gate on the tree whose tests have just run. */
async function gate(...half: readonly string[]): Promise<Tally> {
  await forget(".cache/ok.json");
  const code = await show([Deno.execPath(), "task", "-q", "ok:full", "--tested", ...half]);
  if (!exists(`${ROOT}.cache/ok.json`)) return FAILED;
  const tally: Tally = JSON.parse(await Deno.readTextFile(`${ROOT}.cache/ok.json`));
  return code !== 0 && tally.failed === 0 ? FAILED : tally;
}

/** Replays the recorded cases from source and compiled. */
async function cases(): Promise<Tally> {
  if (!exists(SHARED)) return skipped("conformance", "../shared is not there");
  if ((await capture(["python3", "--version"])).code !== 0) return skipped("conformance", "python3 is not there");
  let total = NOTHING;
  for (const [form, gait] of Object.entries(FORMS)) {
    const there = form === "source" || exists(`${ROOT}dist/gait`);
    total = plus(total, there ? await conformance(form, gait) : skipped(`conformance ${form}`, "there is no dist/gait"));
  }
  return total;
}

// A change is judged here, not the dice: properties draw the same values each time, where nobody asks for others.
Deno.env.set("GAIT_SEED", Deno.env.get("GAIT_SEED") ?? "20261");

const [version = ""] = Deno.args;
let total = NOTHING;
const parts = [() => readme(version), () => gate("--needed"), cases, () => gate("--spare", `--ends=${ENDS}`)];
for (const part of parts) total = plus(total, await part());
console.log(`${total.passed} passed, ${total.failed} failed`);
Deno.exit(total.failed === 0 ? 0 : 3); // 1 is what a crash ends with, which prints no count
