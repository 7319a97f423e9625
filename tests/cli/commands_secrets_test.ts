// No command that touches a private key says any part of it, whatever happens: every output of every run is searched, and every
// file but the one that is to hold it.
import { assert, assertEquals } from "../assert.ts";
import { masked } from "../../cli/secrets.ts";
import { machine, PRIVATE_KEY, PUBLIC_KEY, RUN } from "./commands_world.ts";
import { call, POLICY } from "./gate_world.ts";

const BODY = { verdict: "allow", trace_id: "t" };

/** All pieces of a private key text that give it away: eight characters of its secret half, and so many digits of that half in hex. */
function pieces(key: string, digits: number): string[] {
  const secret = key.trim().slice(0, 42); // what follows is the public half
  const seed = Array.from(atob(key.trim()).slice(0, 32), (char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  const windows = (text: string, width: number) =>
    Array.from({ length: text.length - width + 1 }, (_, i) => text.slice(i, i + width));
  return [...windows(secret, 8), ...windows(seed, digits)];
}

const leak = (text: string, key: string, digits = 16): string | undefined =>
  pieces(key, digits).find((piece) => text.includes(piece));

const SOURCES = [
  ["--private-key", "k"],
  ["--private-key-env", "KEY"],
  ["--private-key", "k", "--private-key-env", "KEY"],
  ["--private-key", "cut"],
  ["--private-key", "pem"],
  ["--private-key", "halves"],
  ["--private-key-env", "CUT"],
  ["--private-key", "twice"],
  ["--private-key", "k", "--public-key", "k"],
  ["--private-key", "k", "--public-key", "p"],
  ["--private-key", "k", "--public-key", "other"],
  ["--public-key", "k"],
  ["--public-key-env", "KEY"],
  ["--key-mode", "dev", "--private-key", "k"],
  ["--key-mode", "prod", "--private-key", "k"],
  ["--key-mode", "prod", "--private-key-env", "KEY"],
  ["--key-mode", "prod", "--private-key", "cut"],
  ["--private-key", PRIVATE_KEY],
  ["--private-key-env", PRIVATE_KEY],
  ["--public-key", PRIVATE_KEY],
] as const;

const DIGESTS = ["--intent-digest", "1".repeat(64), "--policy-digest", "2".repeat(64)] as const;
const COMMANDS = [
  ["keys", "verify"],
  ["run", "record", "in.json"],
  ["verify", "run_small"],
  ["trace", "verify", "t.json"],
  ["keys", "init"],
  ["demo"],
  ["gate", "eval", "--policy", "p.yaml", "--intent", "go.json", "--trace-out", "trace.json"],
  ["gate", "eval", "--policy", "p.yaml", "--intent", "ask.json", "--pending-dir", ".gait-out/approvals", "--why"],
  ["approve", ...DIGESTS, "--scope", "tool:ask", "--approver", "ann", "--reason-code", "r", "--ttl", "1h"],
  ["delegate", "mint", "--delegator", "a", "--delegate", "b", "--scope", "s", "--ttl", "1h", "--out", "d.json"],
  ["delegate", "verify", "--token", "d.json"],
  ["approve-script", "--policy", "p.yaml", "--intent", "script.json", "--registry", "r.json", "--approver", "ann"],
  ["approvals", "approve", "--all", "--approver", "ann", "--reason-code", "r", "--ttl", "1h"],
  ["approvals", "deny", "--all", "--approver", "ann", "--reason-code", "r"],
] as const;

Deno.test("secrets: no output of any command with any key source holds a part of the key", async () => {
  const halves = btoa(atob(PRIVATE_KEY).slice(0, 32) + "\0".repeat(32));
  const files = {
    k: `${PRIVATE_KEY}\n`,
    p: PUBLIC_KEY,
    other: `${"A".repeat(42)}E=`,
    cut: PRIVATE_KEY.slice(0, 80),
    pem: `-----BEGIN PRIVATE KEY-----\n${PRIVATE_KEY}\n-----END PRIVATE KEY-----\n`,
    halves,
    twice: `${PRIVATE_KEY}\n${PRIVATE_KEY}\n`,
    "in.json": RUN,
    "t.json": JSON.stringify(BODY),
    "p.yaml": POLICY,
    "go.json": call("go"),
    "ask.json": call("ask"),
    "script.json": call("script", { script: { steps: [{ tool_name: "go" }] } }),
  };
  const made = machine({ files, env: { KEY: PRIVATE_KEY, CUT: PRIVATE_KEY.slice(3) } });
  let runs = 0;
  for (const command of COMMANDS) {
    for (const source of SOURCES) {
      await made.json(...command, ...source);
      await made.text(...command, ...source);
      runs += 2;
    }
  }
  assertEquals([made.outputs.length, runs > 200], [2 * runs, true]);
  const said = made.outputs.join("\n");
  assert(said.includes("key_format") && said.includes("signed") && said.includes("verified"), "the runs did what they should");
  assertEquals(leak(said, PRIVATE_KEY), undefined);
  const written = [...made.disk.files()].filter(([path]) => !(path in files) && !path.endsWith(".key"));
  const kinds = ["trace.json", "d.json", "r.json", ".gait-out/approvals/decision_", "approval_"];
  assertEquals(kinds.filter((kind) => !written.some(([path]) => path.startsWith(kind))), [], "each command signed something");
  // The random bytes of this machine count as the bytes of this key do: a nonce of 16 of them is no piece of it.
  for (const [path, bytes] of written) {
    assertEquals(leak(new TextDecoder("latin1").decode(bytes), PRIVATE_KEY, 33), undefined, path);
  }
});

Deno.test("secrets: a new private key is in its own file and nowhere else", async () => {
  const made = machine({ files: { "in.json": RUN } });
  for (
    const argv of [["keys", "init"], ["keys", "init"], ["keys", "init", "--force"], ["keys", "rotate"], [
      "keys",
      "init",
      "--out-dir",
      "b",
    ]]
  ) {
    await made.json(...argv);
    await made.text(...argv);
  }
  const files = [...made.disk.files()].map(([path, bytes]) => [path, new TextDecoder("latin1").decode(bytes)] as const);
  const keys = files.filter(([path]) => path.endsWith("_private.key"));
  assertEquals(keys.length, 4);
  await made.json("demo");
  await made.json("run", "record", "in.json", "--key-mode", "dev");
  const others = [...made.disk.files()].filter(([path]) => !path.endsWith("_private.key"))
    .map(([, bytes]) => new TextDecoder("latin1").decode(bytes));
  assert(others.length >= 7);
  for (const [path, key] of keys) assertEquals(leak(`${made.outputs.join("\n")}\n${others.join("\n")}`, key), undefined, path);
});

Deno.test("secrets: the keys of dev mode and of the demo, which no file is to hold, are in none and were not said", async () => {
  // The random bytes of this machine count from zero, so the seeds are known.
  const made = machine({ files: { "in.json": RUN } });
  await made.json("demo");
  await made.json("run", "record", "in.json", "--key-mode", "dev");
  const everything = [
    ...[...made.disk.files().values()].map((bytes) => new TextDecoder("latin1").decode(bytes)),
    ...made.outputs,
  ].join("\n");
  for (const start of [0, 32]) {
    const seed = String.fromCharCode(...Array.from({ length: 32 }, (_, i) => start + i));
    assert(!everything.includes(seed), "the seed as bytes");
    assertEquals(leak(everything, btoa(seed + "\0".repeat(32))), undefined);
  }
});

Deno.test("secrets: key text in the wrong place of a command line is not printed back", async () => {
  const unpadded = PRIVATE_KEY.replace(/=+$/, "");
  const spellings = [PRIVATE_KEY, unpadded, `${PRIVATE_KEY}x`, unpadded.replaceAll("/", "_").replaceAll("+", "-")];
  for (const key of spellings) {
    const lines: readonly (readonly string[])[] = [
      [key],
      ["keys", key],
      ["keys", "verify", key],
      ["keys", "verify", `--${key}`],
      ["keys", "verify", "--private-key", key],
      ["keys", "verify", "--private-key-env", key],
      ["keys", "init", `--force=${key}`],
      ["keys", "init", "--prefix", `${key}/`],
      ["verify", key],
      ["verify", "x", "--profile", key],
      ["run", "record", "--input", key],
      ["run", "record", "in.json", "--key-mode", key],
    ];
    for (const argv of lines) {
      const made = machine({ files: { "in.json": RUN } });
      await made.text(...argv);
      await made.json(...argv);
      assertEquals(leak(made.outputs.join(""), PRIVATE_KEY), undefined, argv.join(" "));
    }
  }
});

Deno.test("secrets: digests, paths and ids are not taken for keys", () => {
  const path = "/home/somebody/Projects/2026/agent/evidence/gait-out/packs/october/week42/runs/7/runpack_run_demo_0123.zip";
  for (const text of [`sha256:${"0123456789abcdef".repeat(4)}`, path, "run_".padEnd(120, "abc123"), "a".repeat(200)]) {
    assertEquals(masked(text), text);
  }
});
