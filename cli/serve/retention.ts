// How long files are kept (spec 05, section 3.5): after each decided call what is too old or too many is taken away. When a file was
// changed is asked for once; the names in a folder are looked at after each call, in one with many files now and then. What the server
// itself adds is known at once.
import { joinPath } from "../../core/base/paths.ts";
import { type Fault, ok, type Result } from "../../core/base/result.ts";
import { byBytes, lower } from "../../core/base/text.ts";
import type { Aged, Ports } from "../../core/ports.ts";
import { CLASSES, type Keep, type KeptClass, type ServeSettings } from "./settings.ts";
import { nameIn } from "../targets.ts";

/** What was taken away after a call. */
export type Swept = { readonly warnings: readonly string[]; readonly traces: readonly string[] };

/** The files that are kept. */
export interface Retention {
  /** Says that a file was written, or written to. */
  added(path: string): void;
  /** Takes away what is beyond the limits. */
  sweep(): Promise<Swept>;
}

const SEGMENT = /^serve_\d{6,12}\.jsonl$/;

const BELONGS: Readonly<Record<KeptClass, (name: string) => boolean>> = {
  trace: (name) => name.endsWith(".json") && name.includes("trace"),
  runpack: (name) => name.endsWith(".zip") && (name.startsWith("runpack_") || name.includes("_cp_")),
  pack: (name) => name.endsWith(".zip") && name.startsWith("pack_"),
  // The journal has limits of its own, also where sessions lie beside it.
  session: (name) => [".json", ".jsonl", ".state"].some((end) => name.endsWith(end)) && !SEGMENT.test(name),
  journal: (name) => SEGMENT.test(name),
};

/** How many files may be in a folder whose names are looked at after each call, which takes a microsecond for each. */
const FEW = 256;

/** For how long what was seen in a folder counts that holds more, in milliseconds. */
const FRESH = 1_000;

/** The files of a folder and when each was changed, and from when on one of them may be too old. */
type Known = { readonly at: number; readonly files: Map<string, number>; due: number };

/** Keeps files by the limits of the settings; `milliseconds` tells the time of the machine. */
export function retention(
  { dirs, keep }: Pick<ServeSettings, "dirs" | "keep">,
  { artifacts, files, timer }: Pick<Ports, "artifacts" | "files" | "timer">,
  milliseconds: () => number,
): Retention {
  const limited = CLASSES.filter((kind) => dirs[kind] !== "" && (keep[kind].age > 0 || keep[kind].count > 0));
  const seen = new Map<KeptClass, Known>();
  let working: Promise<Swept> | undefined;

  async function look(kind: KeptClass): Promise<Result<Known>> {
    const before = seen.get(kind);
    const stale = before === undefined || timer.elapsed() - before.at >= FRESH;
    if (!stale) return kind === "journal" || before.files.size > FEW ? ok(before) : await lookAgain(kind, before);
    const there = await artifacts.aged(dirs[kind]);
    if (!there.ok) return there;
    const own = there.value.filter(({ name }) => BELONGS[kind](lower(name)));
    const files = (kind === "journal" ? lastForever(own) : own).map(({ name, modified }) => [name, modified] as const);
    const now: Known = { at: timer.elapsed(), files: new Map(files), due: -Infinity };
    seen.set(kind, now);
    return ok(now);
  }

  // What others have put there, or taken away, since the folder was looked through. Nobody else writes into that of the journal.
  async function lookAgain(kind: KeptClass, known: Known): Promise<Result<Known>> {
    const names = await files.list(dirs[kind]);
    if (!names.ok && names.fault.code !== "file_missing") return names;
    const there = new Set(names.ok ? names.value : []);
    for (const name of known.files.keys()) if (!there.has(name)) known.files.delete(name);
    for (const name of there) {
      if (known.files.has(name) || !BELONGS[kind](lower(name))) continue;
      const modified = artifacts.changed(joinPath(dirs[kind], name));
      if (!modified.ok) return modified;
      if (modified.value === undefined) continue; // no plain file
      known.files.set(name, modified.value);
      if (keep[kind].age > 0) known.due = Math.min(known.due, modified.value + keep[kind].age);
    }
    return ok(known);
  }

  // What others have changed since the folder was looked through stays as long as it would if it had been seen.
  function settled(kind: KeptClass, { files }: Known): Result<ReturnType<typeof beyond>> {
    for (;;) {
      const found = beyond(Array.from(files, ([name, modified]) => ({ name, modified })), keep[kind], milliseconds());
      let sure = true;
      for (const { name, modified } of [...found.old, ...found.many]) {
        const now = artifacts.changed(joinPath(dirs[kind], name));
        if (!now.ok) return now;
        if (now.value === modified) continue;
        sure = false;
        if (now.value === undefined) files.delete(name);
        else files.set(name, now.value);
      }
      if (sure) return ok(found);
    }
  }

  async function one(kind: KeptClass): Promise<{ readonly warnings: readonly string[]; readonly paths: readonly string[] }> {
    const flawed = ({ message }: Fault): string => `retention_${kind}_error=${message}`;
    const known = await look(kind);
    if (!known.ok) return { warnings: [flawed(known.fault)], paths: [] };
    const { files, due } = known.value;
    const { age, count } = keep[kind];
    if (milliseconds() <= due && (count === 0 || files.size <= count)) return { warnings: [], paths: [] };
    const found = settled(kind, known.value);
    if (!found.ok) return { warnings: [flawed(found.fault)], paths: [] };
    const { old, many, rest } = found.value;
    const flaws: string[] = [];
    const paths: string[] = [];
    for (const { name } of [...old, ...many]) {
      const path = joinPath(dirs[kind], name);
      const removed = artifacts.remove(path);
      if (removed.ok) paths.push(path);
      else flaws.push(flawed(removed.fault));
      files.delete(name);
    }
    known.value.due = age === 0 ? Infinity : rest.reduce((least, { modified }) => Math.min(least, modified), Infinity) + age;
    const told = old.length + many.length === 0
      ? []
      : [`retention_${kind}_removed_age=${old.length} removed_count=${many.length}`];
    return { warnings: [...told, ...flaws], paths };
  }

  async function all(): Promise<Swept> {
    await Promise.resolve(); // those who end in the same moment are swept after together
    working = undefined;
    const warnings: string[] = [];
    const traces: string[] = [];
    for (const kind of limited) {
      const done = await one(kind);
      warnings.push(...done.warnings);
      if (kind === "trace") traces.push(...done.paths);
    }
    return { warnings, traces };
  }

  const nothing: Swept = { warnings: [], traces: [] };
  return {
    added(path) {
      const name = nameIn(path);
      for (const kind of limited) {
        const here = path === joinPath(dirs[kind], name) && BELONGS[kind](lower(name));
        const known = here ? seen.get(kind) : undefined;
        if (known === undefined) continue;
        const now = milliseconds();
        const { age } = keep[kind];
        known.files.set(name, now);
        if (age > 0) known.due = Math.min(known.due, now + age);
      }
    },
    sweep: () => limited.length === 0 ? Promise.resolve(nothing) : working ??= all(),
  };
}

// The one with the highest number is written to, though an older one may have been settled after its last call.
function lastForever(segments: readonly Aged[]): Aged[] {
  const last = Math.max(...segments.map(numberIn));
  return segments.map((one) => numberIn(one) === last ? { ...one, modified: Infinity } : one);
}

const numberIn = ({ name }: Aged): number => Number(/\d+/.exec(name)?.[0] ?? 0);

/** What is too old, what is too many of the rest, and what stays. */
export function beyond(
  files: readonly Aged[],
  { age, count }: Keep,
  now: number,
): { readonly old: readonly Aged[]; readonly many: readonly Aged[]; readonly rest: readonly Aged[] } {
  const newest = files.toSorted((a, b) => b.modified - a.modified || byBytes(b.name, a.name));
  const old = age === 0 ? [] : newest.filter(({ modified }) => now - modified > age);
  const young = age === 0 ? newest : newest.filter(({ modified }) => now - modified <= age);
  return count === 0 ? { old, many: [], rest: young } : { old, many: young.slice(count), rest: young.slice(0, count) };
}
