// What a runpack promises: it verifies as written, and no change of it goes unseen.
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import { canonicalBytes } from "../../core/base/canonical.ts";
import type { Json } from "../../core/base/json.ts";
import type { Result } from "../../core/base/result.ts";
import { bytesSource, openZip } from "../../core/base/zip_read.ts";
import { writeZip, type ZipFile } from "../../core/base/zip_write.ts";
import { type RunpackReport, verifyRunpack } from "../../core/run/verify.ts";
import { openRunpack } from "../../core/run/open.ts";
import { newKey } from "../../core/base/keys.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { arbitraryRun, sealed } from "../run/runs.ts";
import { property } from "./run.ts";

const TRUST = { key: undefined, requireSignature: false, refuseUndeclared: false };
const KEY = await newKey(nodeHost.crypto, new Uint8Array(32).fill(7));

const verify = (bytes: Uint8Array): Promise<Result<RunpackReport>> =>
  verifyRunpack(nodeHost, bytesSource(bytes), "pack.zip", TRUST);

async function contents(bytes: Uint8Array): Promise<ZipFile[]> {
  const archive = assertOk(await openZip(nodeHost, bytesSource(bytes), "pack.zip"));
  const files: ZipFile[] = [];
  for (const entry of archive.entries) files.push({ path: entry.path, bytes: assertOk(await archive.read(entry)) });
  return files;
}

property("verify accepts what record wrote, signed and unsigned", arbitraryRun, async (run) => {
  assert(assertOk(await verify((await sealed(run)).bytes)).ok);
  const signed = await sealed(run, {}, KEY);
  const report = await verifyRunpack(nodeHost, bytesSource(signed.bytes), "pack.zip", {
    key: KEY,
    requireSignature: true,
    refuseUndeclared: true,
  });
  assertEquals([assertOk(report).ok, assertOk(report).signature_status], [true, "verified"]);
});

property("what was recorded reads back as it was sealed", arbitraryRun, async (run) => {
  const pack = await sealed(run);
  const opened = assertOk(await openRunpack(nodeHost, bytesSource(pack.bytes), "pack.zip"));
  assertEquals(opened.manifest, pack.manifest);
});

// Flip, drop, insert, reorder or duplicate a byte or a line.
const change = fc.record({
  kind: fc.constantFrom("flip", "drop", "insert", "swap", "double", "drop line", "double line", "swap lines"),
  at: fc.nat(),
  by: fc.integer({ min: 1, max: 255 }),
});

function changed(bytes: Uint8Array, { kind, at, by }: { kind: string; at: number; by: number }): Uint8Array {
  if (kind.includes("line")) {
    const lines = new TextDecoder().decode(bytes).split("\n").slice(0, -1);
    const i = lines.length === 0 ? 0 : at % lines.length;
    if (kind === "drop line") lines.splice(i, 1);
    if (kind === "double line") lines.splice(i, 0, lines[i] ?? "");
    if (kind === "swap lines") lines.reverse();
    return utf8(lines.map((line) => `${line}\n`).join(""));
  }
  const all = Array.from(bytes);
  const i = all.length === 0 ? 0 : at % all.length;
  if (kind === "flip" && all.length > 0) all[i] = (all[i] ?? 0) ^ by;
  if (kind === "drop") all.splice(i, 1);
  if (kind === "insert") all.splice(i, 0, by);
  if (kind === "double" && all.length > 0) all.splice(i, 0, all[i] ?? 0);
  if (kind === "swap" && i + 1 < all.length) [all[i], all[i + 1]] = [all[i + 1] ?? 0, all[i] ?? 0];
  return Uint8Array.from(all);
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

property(
  "any change of the content of a declared entry fails and names the entry",
  fc.tuple(arbitraryRun, fc.constantFrom("intents.jsonl", "refs.json", "results.jsonl", "run.json"), change),
  async ([run, path, edit]) => {
    const files = await contents((await sealed(run)).bytes);
    const before = files.find((file) => file.path === path)?.bytes ?? new Uint8Array();
    const after = changed(before, edit);
    const pack = await writeZip(files.map((file) => file.path === path ? { path, bytes: after } : file));
    const report = assertOk(await verify(pack));
    if (same(before, after)) assert(report.ok, "nothing was changed");
    else assertEquals([report.ok, report.hash_mismatches.map((row) => row.path)], [false, [path]]);
  },
);

property(
  "any change of a signed manifest fails, or leaves all that is signed as it was",
  fc.tuple(arbitraryRun, change),
  async ([run, edit]) => {
    const files = await contents((await sealed(run, {}, KEY)).bytes);
    const before = files.find((file) => file.path === "manifest.json")?.bytes ?? new Uint8Array();
    const after = changed(before, edit);
    const pack = await writeZip(files.map((file) => file.path === "manifest.json" ? { path: file.path, bytes: after } : file));
    const trust = { key: KEY, requireSignature: true, refuseUndeclared: true };
    const report = await verifyRunpack(nodeHost, bytesSource(pack), "pack.zip", trust);
    if (!report.ok || !report.value.ok) return;
    // A signature does not cover itself: its key_id may go, and a member that nobody knows may come.
    const covered = (bytes: Uint8Array): Json => ({ ...JSON.parse(new TextDecoder().decode(bytes)), signatures: [] });
    assertEquals(canonicalBytes(covered(after)), canonicalBytes(covered(before)));
  },
);

property(
  "a dropped entry and one that is there twice fail by name",
  fc.tuple(arbitraryRun, fc.nat(3), fc.boolean()),
  async ([run, at, twice]) => {
    const files = (await contents((await sealed(run)).bytes)).filter((file) => file.path !== "manifest.json");
    const manifest = (await contents((await sealed(run)).bytes)).filter((file) => file.path === "manifest.json");
    const { path } = files[at] ?? { path: "" };
    if (!twice) {
      const report = assertOk(await verify(await writeZip([...manifest, ...files.filter((file) => file.path !== path)])));
      assertEquals([report.ok, report.missing_files], [false, [path]]);
      return;
    }
    const doubled = await verify(await twiceIn([...manifest, ...files], path));
    assert(!doubled.ok && doubled.fault.code === "zip_duplicate_entry" && doubled.fault.at?.entry === path);
  },
);

// Our writer writes each name once, so a second entry is made by renaming a stand-in of equal length in both headers.
async function twiceIn(files: readonly ZipFile[], path: string): Promise<Uint8Array> {
  const standIn = `~${path.slice(1)}`;
  const bytes = await writeZip([...files, { path: standIn, bytes: utf8("other") }]);
  const [from, to] = [utf8(standIn), utf8(path)];
  for (let i = 0; i + from.length <= bytes.length; i++) {
    if (from.every((byte, k) => bytes[i + k] === byte)) bytes.set(to, i);
  }
  return bytes;
}

property("an added harmless entry is listed as undeclared", fc.tuple(arbitraryRun, fc.uint8Array()), async ([run, extra]) => {
  const files = await contents((await sealed(run)).bytes);
  const pack = await writeZip([...files, { path: "notes/extra.bin", bytes: extra }]);
  const report = assertOk(await verify(pack));
  assertEquals([report.ok, report.undeclared_files], [true, ["notes/extra.bin"]]);
  const strict = await verifyRunpack(nodeHost, bytesSource(pack), "pack.zip", { ...TRUST, refuseUndeclared: true });
  assertEquals(assertOk(strict).ok, false);
});

property(
  "a change of any byte of the archive fails, or leaves every entry and the answer as they were",
  fc.tuple(arbitraryRun, fc.constantFrom("flip", "drop", "insert", "swap"), fc.nat(), fc.integer({ min: 1, max: 255 })),
  async ([run, kind, at, by]) => {
    const { bytes } = await sealed(run);
    const pack = changed(bytes, { kind, at, by });
    const report = await verify(pack);
    if (!report.ok || !report.value.ok) return;
    assertEquals(report.value, assertOk(await verify(bytes)));
    assertEquals(await contents(pack), await contents(bytes));
  },
);

const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, shuffled(member)]));
};

property("record does not depend on the order of members", arbitraryRun, async (run) => {
  assertEquals((await sealed(shuffled(run))).bytes, (await sealed(run)).bytes);
});
