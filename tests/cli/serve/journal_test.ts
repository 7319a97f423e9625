// The journal of the server: what a crash leaves is mended, what somebody damaged is not passed over, large files are left behind.
import { endsSettled, readSegment, recordLine } from "../../../cli/serve/journal_segments.ts";
import { openServeJournal } from "../../../cli/serve/journal.ts";
import { fromUtf8, utf8 } from "../../../core/base/bytes.ts";
import { fail, ok } from "../../../core/base/result.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";
import { PRIVATE_KEY } from "../commands_world.ts";
import { callOf, machineOf, openOn, serveOn, serving } from "./world.ts";

const PATH = "gait-out/mcp-serve/journal/serve_000001.jsonl";

/** A journal of three calls, not settled, as a kill leaves it, and the traces. */
async function killed() {
  const world = await serving();
  const paths: string[] = [];
  for (let i = 0; i < 3; i++) paths.push(String((await world.post(callOf("go", { run_id: `r${i}` }))).json.trace_path));
  const files = Object.fromEntries([...world.ports.disk.files()].map(([path, bytes]) => [path, fromUtf8(bytes)]));
  return { files, paths };
}

const textOf = (files: Readonly<Record<string, string>>): string => (files[PATH] ?? "").replaceAll("\0", "");

Deno.test("serve: traces that are missing, empty, cut or changed are made again", async () => {
  const { files, paths } = await killed();
  const [first = "", second = "", third = ""] = paths;
  const trace = files[first] ?? "";
  const { [second]: _, ...left } = files;
  const machine = machineOf({ files: { ...left, [first]: trace.slice(0, 30), [third]: "" } });
  const world = await serveOn(machine, assertOk(await openOn(machine)));
  for (const path of paths) assertEquals(world.text(path), files[path]);
  assert((await world.send("GET", "/metrics")).body.includes("gait_serve_recovered_traces_total 3\n"));
  assert(endsSettled(utf8(world.text(PATH))));
  const segments = world.files("gait-out/mcp-serve/journal").filter((path) => path.endsWith(".jsonl"));
  assertEquals(segments.length, 2); // the old one is read no more, another is written to
  await world.end();
});

Deno.test("serve: a journal that is cut at any byte keeps every call that was whole", async () => {
  const { files } = await killed();
  const text = textOf(files);
  const header = text.indexOf("\n") + 1;
  for (let at = 0; at <= text.length; at += 97) {
    const machine = machineOf({ files: { ...files, [PATH]: text.slice(0, at) + (at % 2 === 0 ? "\0".repeat(50) : "") } });
    const service = assertOk(await openOn(machine), `cut at ${at}`);
    const bytes = machine.memory.disk.bytes(PATH);
    assert(typeof bytes !== "string");
    const content = assertOk(readSegment(bytes, PATH));
    const whole = text.slice(0, at).split("\n").length - 2;
    assertEquals(content.calls.length, Math.max(0, whole), `cut at ${at}`);
    assertEquals(content.settled, at >= header, `cut at ${at}`);
    await service.close(1_000);
  }
});

Deno.test("serve: a journal that somebody changed is a fault that names the line", async () => {
  const { files } = await killed();
  const lines = textOf(files).split("\n");
  const [header = "", one = "", two = "", three = ""] = lines;
  const CASES: readonly (readonly [name: string, text: string, line: number])[] = [
    ["a line that is none", `${header}\n${one}\nx\n${three}\n`, 3],
    ["a call that was taken out", `${header}\n${one}\n${three}\n`, 3],
    ["a call that was doubled", `${header}\n${one}\n${one}\n${two}\n`, 3],
    ["no header", `${one}\n${two}\n`, 1],
    ["two headers", `${header}\n${header}\n`, 2],
    ["a header of another format", `${header.replace("serve_journal", "other")}\n${one}\n`, 1],
    ["more behind the end", `${header}\n${recordLine({ record_type: "settled", settled: { calls: 0 } })}${one}\n`, 3],
    [
      "a record under another name",
      `${header}\n${one.replace('"record_type":"call"', '"record_type":"removed"')}\n${two}\n`,
      2,
    ],
  ];
  for (const [name, text, line] of CASES) {
    const machine = machineOf({ files: { [PATH]: text } });
    const fault = assertFault(await openOn(machine), "journal_damaged", name);
    assertEquals([fault.at?.file, fault.at?.line], [PATH, line], name);
    assertEquals(fromUtf8(utf8(text)), text);
  }
});

Deno.test("serve: traces that were removed for their age are not made again, nor what lies elsewhere", async () => {
  const { files, paths } = await killed();
  const [first = "", second = ""] = paths;
  const text = textOf(files).replaceAll(second, "../evil/trace_x.json");
  const removed = recordLine({ record_type: "removed", removed: { paths: [first] } });
  const { [first]: _, [second]: __, ...left } = files;
  const machine = machineOf({ files: { ...left, [PATH]: `${text}${removed}` } });
  const service = assertOk(await openOn(machine));
  const there = machine.memory.disk.files();
  assertEquals([there.has(first), there.has("../evil/trace_x.json"), there.has("evil/trace_x.json")], [false, false, false]);
  await service.close(1_000);
});

Deno.test("serve: a trace that was removed stays so, whichever file says it", async () => {
  const { files, paths } = await killed();
  const [first = ""] = paths;
  const { [first]: _, ...left } = files;
  const [header = ""] = textOf(files).split("\n");
  const next = header.replace('"segment":1', '"segment":2');
  const removed = `${next}\n${recordLine({ record_type: "removed", removed: { paths: [first] } })}`;
  const second = PATH.replace("1.jsonl", "2.jsonl");
  const machine = machineOf({ files: { ...left, [second]: removed } });
  const service = assertOk(await openOn(machine));
  assertEquals(machine.memory.disk.files().has(first), false);
  for (const path of [PATH, second]) assert(endsSettled(machine.memory.disk.files().get(path) ?? new Uint8Array()), path);
  await service.close(1_000);
});

Deno.test("serve: a line whose trace was changed never takes the place of a trace, nor makes one", async () => {
  const { files, paths } = await killed();
  const [, path = ""] = paths;
  const trace = files[path] ?? "";
  const sig = /"sig":"([^"]+)"/.exec(trace)?.[1] ?? "";
  const other = /"sig":"([^"]+)"/.exec(files[paths[0] ?? ""] ?? "")?.[1] ?? "";
  const digest = /"signed_digest":"([^"]+)"/.exec(trace)?.[1] ?? "";
  const id = /"trace_id":"([^"]+)"/.exec(trace)?.[1] ?? "";
  const key = /"key_id":"([^"]+)"/.exec(trace)?.[1] ?? "";
  const changed = (text: string): Readonly<Record<string, string>> => ({
    "another verdict": text.replaceAll('"verdict":"allow"', '"verdict":"block"'),
    "another digest of what was signed": text.replaceAll(digest, "0".repeat(64)),
    "another signature": text.replaceAll(sig, other),
    "no signature": text.replace(/,"signature":\{[^}]*\}/, ""),
    "another id": text.replaceAll(id, "0".repeat(24)),
    "another digest, by another key": text.replaceAll(digest, "0".repeat(64)).replaceAll(key, "0".repeat(64)),
    "a member that is not signed": text.replace('"trace":{', '"trace":{"note":"x",'),
    "no trace": text.replace(/"trace":\{.*\}\}\}$/, '"trace":{}}}'),
  });
  const lines = textOf(files).split("\n");
  const { [path]: _, ...without } = files;
  for (const [name, line] of Object.entries(changed(lines[2] ?? ""))) {
    assert(line !== lines[2], name);
    const journal = lines.with(2, line).join("\n");
    for (const left of [files, { ...files, [path]: "" }, without]) {
      const machine = machineOf({ files: { ...left, [PATH]: journal } });
      const before = machine.memory.disk.bytes(path);
      const fault = assertFault(await openOn(machine), "journal_damaged", name);
      assertEquals([fault.at?.file, fault.at?.line], [PATH, 3], `${name}: ${fault.message}`);
      assertEquals(machine.memory.disk.bytes(path), before, name);
    }
  }
});

Deno.test("serve: a trace that another key signed is made again", async () => {
  const { files, paths } = await killed();
  const [path = ""] = paths;
  const machine = machineOf({ files: { ...files, [path]: "", "k": PRIVATE_KEY } });
  const world = await serveOn(machine, assertOk(await openOn(machine, { "key-mode": "prod", "private-key": "k" })));
  assertEquals(world.text(path), files[path]);
  await world.end();
});

Deno.test("serve: two servers never share a journal", async () => {
  const machine = machineOf();
  assertOk(await openOn(machine));
  assertFault(await openOn(machine), "store_busy");
  assertOk(await openOn(machine, { "journal-dir": "other" }));
});

const KEY = { publicKey: new Uint8Array(32), keyId: "" };
const PLACE = { dir: "j", trace_dir: "t", version: "v", key: KEY };

const noEvents = { committed: () => {}, alone: () => true, left: () => {} };

/** A line of so many more bytes. */
const wide = (size: number) => (sequence: number) =>
  recordLine({ record_type: "removed", removed: { paths: [`${sequence}`, "x".repeat(size)] } });

Deno.test("serve: a journal that is taken away, replaced or that grew large is left for the next one", async () => {
  const { ports } = machineOf();
  const place = { ...PLACE, room: 1_000, large: 5_000 };
  const { journal } = assertOk(await openServeJournal(place, ports, noEvents));
  const append = async (size: number) => assertOk(await journal.append({ put: () => ok(""), line: wide(size) }));
  const bytes = (name: string): Uint8Array => {
    const found = ports.disk.bytes(`j/serve_00000${name}.jsonl`);
    return typeof found === "string" ? new Uint8Array() : found;
  };
  await append(10);
  ports.disk.remove("j/serve_000001.jsonl");
  await append(10);
  ports.disk.put("j/serve_000002.jsonl", bytes("2"));
  const replaced = bytes("2");
  await append(10);
  assertEquals(bytes("2"), replaced);
  for (let i = 0; i < 7; i++) await append(900);
  await journal.close(1_000);
  assertEquals(["1", "2", "3", "4", "5"].map((name) => endsSettled(bytes(name))), [false, false, true, true, false]);
});

Deno.test("serve: what a failed write left is never taken for a part of the journal", async () => {
  for (let step = 1;; step++) {
    const { ports } = machineOf({ trouble: { step, kind: "EIO" } });
    const place = { ...PLACE, room: 4_000 };
    const opened = await openServeJournal(place, ports, { ...noEvents, alone: () => false });
    if (!opened.ok) continue;
    const append = (size: number) => opened.value.journal.append({ put: () => ok(""), line: wide(size) });
    await Promise.all([append(200), append(200)]);
    await append(50);
    for (const [path, bytes] of ports.disk.files()) {
      if (path.endsWith(".jsonl")) assertOk(readSegment(bytes, path), `step ${step}`);
    }
    if (ports.disk.steps() < step) break;
  }
});

Deno.test("serve: calls that a full disk refuses leave neither traces nor files of the journal behind", async () => {
  const { ports } = machineOf();
  let full = false;
  const refused = fail("write_failed", "the disk is full");
  const journals: typeof ports.journal = {
    ...ports.journal,
    openRoomy(path) {
      const file = assertOk(ports.journal.openRoomy(path));
      return ok({
        ...file,
        write: (bytes, at, until) => full ? refused : file.write(bytes, at, until),
        room: (size) => full ? Promise.resolve(refused) : file.room(size),
      });
    },
  };
  const { journal } = assertOk(await openServeJournal({ ...PLACE, large: 4_000 }, { ...ports, journal: journals }, noEvents));
  const append = (name: string, size = 10) => {
    const put = () => {
      const path = `t/trace_${name}.json`;
      const done = ports.artifacts.put(path, utf8("x"));
      return done.ok ? ok(path) : done;
    };
    return journal.append({ put, line: wide(size) });
  };
  const names = (folder: string) =>
    [...ports.disk.files().keys()].filter((path) => /json/.test(path) && path.startsWith(folder));
  full = true;
  for (let i = 0; i < 4; i++) assertFault(await append(`a${i}`), "write_failed");
  full = false;
  assertOk(await append("b"));
  assertFault(await append("c", 9_000), "body_too_large");
  full = true;
  for (let i = 0; i < 4; i++) assertFault(await append(`d${i}`), "write_failed");
  assertFault(await journal.removed(["t/trace_b.json"]), "write_failed");
  await journal.close(1_000);
  assertEquals(names("t/"), ["t/trace_b.json"]);
  assertEquals(names("j/"), ["j/serve_000005.jsonl"]); // the only one that a call was acknowledged in
  const content = assertOk(readSegment(await bytesOf(ports, "j/serve_000005.jsonl"), "j"));
  assertEquals(content.removed.has("1"), true);
});

Deno.test("serve: a journal goes on after a name that is taken", async () => {
  const { ports } = machineOf();
  const { journal } = assertOk(await openServeJournal(PLACE, ports, noEvents));
  ports.disk.put("j/serve_000002.jsonl", utf8("of somebody"));
  ports.disk.remove("j/serve_000001.jsonl");
  assertOk(await journal.append({ put: () => ok(""), line: wide(10) }));
  assertOk(readSegment(await bytesOf(ports, "j/serve_000003.jsonl"), "j/serve_000003.jsonl"));
});

const bytesOf = async (ports: ReturnType<typeof machineOf>["ports"], path: string): Promise<Uint8Array> =>
  assertOk(await ports.files.read(path, 2 ** 30));

Deno.test("serve: many large calls of one moment never make a file that the next server cannot read", async () => {
  const { ports } = machineOf();
  const place = { ...PLACE, room: 100, large: 1_000 };
  const { journal } = assertOk(await openServeJournal(place, ports, noEvents));
  const append = (size: number) => journal.append({ put: () => ok(""), line: wide(size) });
  const all = await Promise.all([append(10), append(1_000), ...Array.from({ length: 40 }, () => append(800))]);
  const refused = all.filter((one) => !one.ok); // what no file has room for, and nothing else with it
  assertEquals(refused.map((one) => one.ok ? "" : one.fault.code), ["body_too_large"]);
  await journal.close(1_000);
  const files = [...ports.disk.files()].filter(([path]) => path.endsWith(".jsonl"));
  for (const [path, bytes] of files) assert(bytes.length < 4_000, `${path} holds ${bytes.length} bytes`);
  const text = files.map(([, bytes]) => fromUtf8(bytes)).join("");
  assertEquals(text.match(/"record_type":"removed"/g)?.length, 41);
});

Deno.test("serve: a bug in one record ends neither the journal nor the calls after it", async () => {
  const { ports } = machineOf();
  const { journal } = assertOk(await openServeJournal(PLACE, ports, noEvents));
  const broken = journal.append({
    put: () => ok(""),
    line() {
      throw new RangeError("Invalid string length");
    },
  });
  const thrown = await broken.then(() => "nothing", (error: unknown) => String(error));
  assertEquals(thrown, "RangeError: Invalid string length");
  assertOk(await journal.append({ put: () => ok(""), line: wide(10) }));
});

Deno.test("serve: a write is waited for in place only where the one before it was quick", async () => {
  const { ports } = machineOf();
  const ways: string[] = [];
  let now = 0;
  let takes = 0;
  const journals: typeof ports.journal = {
    ...ports.journal,
    openRoomy(path) {
      const file = assertOk(ports.journal.openRoomy(path));
      const noted = (way: string): void => {
        ways.push(way);
        now += takes;
      };
      return ok({
        ...file,
        write: (bytes, at, until) => (noted("here"), file.write(bytes, at, until)),
        writeLater: (bytes, at) => (noted("elsewhere"), file.writeLater(bytes, at)),
      });
    },
  };
  const slow = { ...ports, journal: journals, timer: { ...ports.timer, elapsed: () => now } };
  const { journal } = assertOk(
    await openServeJournal(PLACE, slow, { ...noEvents, alone: () => false }),
  );
  for (takes of [0, 0, 50, 50, 0, 0]) assertOk(await journal.append({ put: () => ok(""), line: wide(10) }));
  assertEquals(ways, ["elsewhere", "here", "here", "elsewhere", "elsewhere", "here"]);
  await journal.close(1_000);
});
