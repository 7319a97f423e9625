// Contracts of `kill-switch add|list|disable|expire` (spec 03, section 8): members, lines, exits, the file; and its journal.
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { appendBlocked, journalBeside } from "../../cli/kill_switch_journal.ts";
import { loadKillSwitch } from "../../cli/kill_switch_file.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import type { Trouble } from "../../cli/host/memory_disk.ts";
import { VERSION } from "../../cli/version.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { machine, refusal } from "./commands_world.ts";

const PATH = ".gait-out/kill_switch_state.json";
const NEVER = "0001-01-01T00:00:00Z";
const [T0, T1, T2, T3, T4] = [0, 1, 2, 3, 4].map((second) => `2026-01-01T00:00:0${second}Z`);
const HEAD = { schema_id: "gait.gate.kill_switch_state", schema_version: "1.0.0", producer_version: VERSION };
const VALUE = "Give the flag a value of the kind that --help names";
const WANTED = "Run the command with --help to see what it needs";

Deno.test("kill-switch: exactly these members, and the file sorted by id", async () => {
  const made = machine();
  const add = (...argv: string[]) => made.json("kill-switch", "add", ...argv);
  const z = {
    entry_id: "z",
    enabled: true,
    agent_id: "a-1",
    identity: "svc",
    tool_name: "db.drop",
    target_kind: "table",
    target_value: "Users",
    environment: "prod",
    path_prefixes: ["/a/x", "/b"],
    workspace_prefixes: ["/srv/w"],
    reason: "drill",
    actor: "ann",
    created_at: T0,
    expires_at: "2030-01-01T00:00:00Z",
  };
  const selectors = ["--entry-id", " z ", "--agent-id", "a-1", "--identity", "svc", "--tool-name", "DB.Drop"];
  const target = [
    "--target-kind",
    "TABLE",
    "--target-value",
    "Users",
    "--environment",
    "PROD",
    "--path-prefixes",
    "/b/,/a//x,",
  ];
  const rest = ["--workspace-prefixes", "/srv/./w", "--reason", "drill", "--actor", "ann"];
  assertEquals(await add(...selectors, ...target, ...rest, "--expires-at", "2030-01-01T02:00:00+02:00"), [
    0,
    { ok: true, action: "add", entry: z, state: { ...HEAD, created_at: T0, updated_at: T0, entries: [z] } },
  ]);
  const a = { entry_id: "a", enabled: true, created_at: T1, expires_at: NEVER };
  const head = { ...HEAD, created_at: T0 };
  const warnings = ["the entry has no selector: it stops every call"];
  assertEquals(await add("--entry-id", "a"), [
    0,
    { ok: true, action: "add", entry: a, state: { ...head, updated_at: T1, entries: [z, a] }, warnings },
  ]);
  assertEquals(JSON.parse(made.file(PATH)), { ...head, updated_at: T1, entries: [a, z] });
  assert(made.file(PATH).startsWith('{\n  "schema_id": ') && made.file(PATH).endsWith("}\n"), "indented by two spaces");
  const off = { ...a, enabled: false };
  assertEquals(await made.json("kill-switch", "disable", "--entry-id", "a"), [
    0,
    { ok: true, action: "disable", entry: off, state: { ...head, updated_at: T2, entries: [off, z] } },
  ]);
  const over = { ...z, expires_at: T3 };
  assertEquals(await made.json("kill-switch", "expire", "--entry-id", "z"), [
    0,
    { ok: true, action: "expire", entry: over, state: { ...head, updated_at: T3, entries: [off, over] } },
  ]);
  assertEquals(await made.json("kill-switch", "list"), [
    0,
    {
      ok: true,
      action: "list",
      evaluated_at: T4,
      state: { ...head, updated_at: T3, entries: [off, over] },
      entries: [off, over],
    },
  ]);
  assertEquals([...made.disk.files().keys()], [PATH]);
});

Deno.test("kill-switch: lines", async () => {
  const made = machine();
  const argv = [
    "--tool-name",
    "db.drop",
    "--path-prefixes",
    "/a,/b",
    "--reason",
    "drill 7",
    "--actor",
    "ann",
    "--entry-id",
    "s",
  ];
  const stop = "tool_name=db.drop path_prefixes=/a,/b";
  assertEquals(await made.text("kill-switch", "add", ...argv), [0, [
    "kill-switch add: s",
    `on    s  ${stop}  because: drill 7  by ann`,
  ]]);
  await made.text("kill-switch", "add", "--entry-id", "everything", "--expires-at", "2030-01-01T00:00:00Z");
  assertEquals(await made.text("kill-switch", "disable", "--entry-id", "s"), [0, [
    "kill-switch disable: s",
    `off   s  ${stop}  because: drill 7  by ann`,
  ]]);
  assertEquals(await made.text("kill-switch", "list"), [0, [
    "kill-switch list: 2 entries",
    "on    everything  every call  until 2030-01-01T00:00:00Z",
    `off   s  ${stop}  because: drill 7  by ann`,
  ]]);
  assertEquals(await made.text("kill-switch", "list", "--state", "none.json"), [0, ["kill-switch list: 0 entries"]]);
});

Deno.test("kill-switch: an entry that is over is listed as that, and one that is added over is warned of", async () => {
  const made = machine();
  const past = "2025-12-31T00:00:00Z";
  const warning = `the entry stops nothing: it ended at ${past}`;
  const late = ["--entry-id", "late", "--expires-at", past];
  assertEquals((await made.json("kill-switch", "add", ...late))[1]["warnings"], [warning]);
  assertEquals(await made.text("kill-switch", "add", ...late), [0, [
    "kill-switch add: late",
    `over  late  every call  until ${past}`,
    `warning: ${warning}`,
  ]]);
  await made.json("kill-switch", "disable", "--entry-id", "late");
  await made.json("kill-switch", "add", "--entry-id", "soon", "--expires-at", "2026-01-01T00:00:05Z");
  const states = async () => (await made.text("kill-switch", "list"))[1].slice(1).map((line) => line.split(" ")[0]);
  assertEquals([await states(), await states()], [["off", "off", "on"], ["off", "off", "over"]]);
});

Deno.test("kill-switch: where no folder can be there is no state, and that is a fault", async () => {
  for (const [file, state] of [[".gait-out", PATH], ["a", "a/b/c.json"]]) {
    const made = machine({ files: { [file ?? ""]: "plain" } });
    const [exit, { fault, error }] = await made.json("kill-switch", "list", "--state", state ?? "");
    assertEquals([exit, fault, error], [6, "file_unreadable", `Cannot read "${state}": "${file}" is not a folder`]);
  }
});

Deno.test("kill-switch: a state that is not there lists as an empty one, and nothing is made", async () => {
  const made = machine();
  assertEquals(await made.json("kill-switch", "list", "--state", "none.json"), [
    0,
    { ok: true, action: "list", evaluated_at: T0, state: { ...HEAD, created_at: T0, updated_at: T0, entries: [] } },
  ]);
  assertEquals(made.disk.files().size, 0);
});

Deno.test("kill-switch: what cannot be is refused, and changes nothing", async () => {
  const made = machine();
  const none = "Cannot add an entry: give a selector, or an id for a stop of every call";
  for (const argv of [[], ["--reason", "r"], ["--entry-id", " "], ["--path-prefixes", " , "]]) {
    assertEquals(await made.json("kill-switch", "add", ...argv), [6, refusal("missing_argument", none, WANTED)]);
  }
  const later = 'Cannot end an entry at "later": wanted is a time such as 2026-03-01T10:00:00Z';
  assertEquals(await made.json("kill-switch", "add", "--entry-id", "e", "--expires-at", "later"), [
    6,
    refusal("flag_value", later, VALUE),
  ]);
  assertEquals((await made.json("kill-switch", "add", "--target-kind", "server"))[1].fault, "flag_value");
  assertEquals(made.disk.files().size, 0);
  const gone = refusal(
    "file_missing",
    'Cannot read "none.json": there is no state of a kill switch',
    "Check the path, or make the file first",
    { file: "none.json" },
  );
  for (const verb of ["disable", "expire"]) {
    assertEquals(await made.json("kill-switch", verb, "--entry-id", "e", "--state", "none.json"), [6, gone]);
    assertEquals((await made.json("kill-switch", verb))[1].fault, "missing_argument");
  }
  await made.json("kill-switch", "add", "--entry-id", "e");
  const before = made.file(PATH);
  assertEquals(await made.json("kill-switch", "disable", "--entry-id", "nope"), [
    6,
    refusal(
      "entry_missing",
      'Cannot disable entry "nope": the kill switch has none of that id',
      "Name an entry that gait kill-switch list shows",
    ),
  ]);
  assertEquals((await made.json("kill-switch", "expire", "--entry-id", "e", "--expires-at", "later"))[1].fault, "flag_value");
  assertEquals([made.file(PATH), made.disk.files().size], [before, 1]);
});

Deno.test("kill-switch: a state that cannot be read is left as it is", async () => {
  for (const text of ["", "{", '{"schema_id":"x","entries":[]}']) {
    const made = machine({ files: { "ks.json": text } });
    for (const argv of [["add", "--entry-id", "e"], ["list"], ["disable", "--entry-id", "e"], ["expire", "--entry-id", "e"]]) {
      const [exit, { ok, file }] = await made.json("kill-switch", ...argv, "--state", "ks.json");
      assertEquals([exit, ok, file, made.file("ks.json")], [6, false, "ks.json", text]);
    }
  }
});

Deno.test("kill-switch: a state that another process holds is contention, and can be tried again", async () => {
  const lock = '{"schema_id":"gait.gate.rate_limit_lock","schema_version":"1.0.0","pid":7,"created_at":"2026-01-01T00:00:00Z"}';
  const made = machine({ files: { [`${PATH}.lock`]: lock } });
  const [exit, said] = await made.json("kill-switch", "add", "--entry-id", "e");
  const { error_code, error_category, fault, retryable } = said;
  assertEquals(
    [exit, error_code, error_category, fault, retryable],
    [1, "internal_failure", "state_contention", "store_busy", true],
  );
  assertEquals((await made.json("kill-switch", "list"))[0], 0, "reading waits for nobody");
});

Deno.test("kill-switch: on a disk that fails at any step the state is the old one or the new one", async () => {
  const first = machine();
  await first.json("kill-switch", "add", "--entry-id", "a");
  const old = first.file(PATH);
  const run = async (trouble?: Trouble) => {
    const made = machine({ files: { [PATH]: old }, ...(trouble === undefined ? {} : { trouble }) });
    return { made, exit: (await made.json("kill-switch", "add", "--entry-id", "b"))[0] };
  };
  const { made, exit } = await run();
  const whole = made.file(PATH);
  assert(exit === 0 && whole !== old);
  for (let step = 1; step <= made.disk.steps(); step++) {
    const one = await run({ step, kind: "ENOSPC" });
    const found = one.made.file(PATH);
    assert(found === whole || one.exit === 1 && found === old, `step ${step}: exit ${one.exit}, ${found}`);
  }
});

Deno.test("kill-switch: processes that add at once lose no entry", async () => {
  const folder = await Deno.makeTempDir();
  const main = new URL("../../cli/main.ts", import.meta.url).pathname;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  try {
    const ids = Array.from({ length: 6 }, (_, i) => `e${i}`);
    const run = ["run", "-A", "-q", "--no-check", "--config", config, main, "kill-switch", "add", "--json", "--entry-id"];
    const said = await Promise.all(
      ids.map((id) => new Deno.Command(Deno.execPath(), { args: [...run, id], cwd: folder }).output()),
    );
    for (const { code, stdout } of said) assertEquals(code, 0, fromUtf8(stdout));
    const state = JSON.parse(Deno.readTextFileSync(`${folder}/${PATH}`));
    assertEquals(state.entries.map(({ entry_id }: { entry_id: string }) => entry_id), ids);
    assertEquals([...Deno.readDirSync(`${folder}/.gait-out`)].map(({ name }) => name), ["kill_switch_state.json"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("kill-switch: the gate reads a state or a fault, never nothing", async () => {
  const ports = memoryPorts({ host: nodeHost, files: { "bad.json": utf8("{") } });
  assertFault(await loadKillSwitch("none.json", ports), "file_missing");
  assertFault(await loadKillSwitch("bad.json", ports), "json_syntax");
});

const CALL = {
  created_at: "2026-03-14T09:30:00Z",
  producer_version: "t",
  trace_id: "29fc",
  job_id: "",
  tool_name: "ledger.post",
  agent_id: "",
  identity: "svc",
  reason_codes: ["kill_switch_active"],
  matched_entry_ids: ["aa", "zz"],
  simulated: false,
};
const LINE = {
  schema_id: "gait.gate.kill_switch_journal",
  schema_version: "1.0.0",
  created_at: "2026-03-14T09:30:00Z",
  producer_version: "t",
  source: "gate_eval",
  trace_id: "29fc",
  tool_name: "ledger.post",
  identity: "svc",
  reason_codes: ["kill_switch_active"],
  matched_entry_ids: ["aa", "zz"],
};

Deno.test("kill-switch journal: lies beside the state, one line a call, what is empty left out", async () => {
  assertEquals(["ks.json", "./a/b.json", "/x/y/ks.json"].map(journalBeside), [
    "kill_switch_journal.jsonl",
    "./a/kill_switch_journal.jsonl",
    "/x/y/kill_switch_journal.jsonl",
  ]);
  const ports = memoryPorts({ host: nodeHost });
  const path = assertOk(await appendBlocked("ks/state.json", CALL, ports));
  assertOk(await appendBlocked("ks/state.json", { ...CALL, job_id: "j7" }, ports));
  const [[name, bytes] = ["", utf8("")], ...others] = [...ports.disk.files()];
  assertEquals([name, path, others], ["ks/kill_switch_journal.jsonl", path, []]);
  const lines = fromUtf8(bytes).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  assertEquals(lines, [LINE, { ...LINE, trace_id: "29fc", job_id: "j7" }]);
});

Deno.test("kill-switch journal: what another left unfinished is no harm to the next line", async () => {
  const line = `${JSON.stringify(LINE)}\n`;
  for (
    const [before, kept] of [[line, line], [line + line.slice(0, 40), line], [line.slice(0, -1), line], ["", ""], [
      "odd",
      "odd\n",
    ]]
  ) {
    const path = "kill_switch_journal.jsonl";
    const ports = memoryPorts({ host: nodeHost, files: { [path]: utf8(before ?? "") } });
    assertOk(await appendBlocked("ks.json", CALL, ports));
    const found = ports.disk.bytes(path);
    assertEquals(typeof found === "string" ? found : fromUtf8(found), `${kept}${line}`, before);
  }
});

Deno.test("kill-switch journal: many at once, a disk that fails, and a lock that is held", async () => {
  const many = memoryPorts({ host: nodeHost });
  const paths = await Promise.all(Array.from({ length: 12 }, () => appendBlocked("ks.json", CALL, many)));
  paths.forEach((path) => assertOk(path));
  const path = "kill_switch_journal.jsonl";
  const linesOf = (ports: typeof many): number => {
    const found = ports.disk.bytes(path);
    return typeof found === "string" ? 0 : fromUtf8(found).split("\n").length - 1;
  };
  assertEquals(linesOf(many), 12);
  const steps = memoryPorts({ host: nodeHost, files: { [path]: utf8("{}\n") } });
  assertOk(await appendBlocked("ks.json", CALL, steps));
  for (let step = 1; step <= steps.disk.steps(); step++) {
    const ports = memoryPorts({ host: nodeHost, files: { [path]: utf8("{}\n") }, trouble: { step, kind: "EIO" } });
    const added = await appendBlocked("ks.json", CALL, ports);
    assert(added.ok ? linesOf(ports) === 2 : ["write_failed", "file_unreadable"].includes(added.fault.code), `step ${step}`);
  }
  const now = "2026-01-01T00:00:00Z"; // it stands still: else waiting for the lock would make it old
  const lock = utf8(`{"pid":7,"created_at":"${now}"}`);
  const held = { ...memoryPorts({ host: nodeHost, files: { [`${path}.lock`]: lock } }), clock: { now: () => now } };
  assertFault(await appendBlocked("ks.json", CALL, held), "store_busy");
  assertEquals(linesOf(held), 0);
});
