// How long files are kept (spec 05, section 3.5): after each decided call what is too old or too many is taken away. When a file was
// changed is asked for once; the names in a folder are looked at after each call, in one with many files now and then. What the server
// itself adds is known at once.
import { joinPath } from "../../core/base/paths.ts";
import { type Fault, ok, type Result } from "../../core/base/result.ts";
import { byBytes, lower } from "../../core/base/text.ts";
import type { Aged, Ports } from "../../core/ports.ts";
import { CLASSES, type Keep, type KeptClass, type ServeSettings } from "./settings.ts";
import { nameIn } from "../targets.ts";

/** The files that are kept. */
export interface Retention {
  /** Says that a file was written, or written to. */
  added(path: string): void;
  /** Takes away what is beyond the limits, and gives what is to be said of it. */
  sweep(): Promise<readonly string[]>;
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

/**
 * Keeps files by the limits of the settings; `milliseconds` tells the time of the machine, and `leaving` hears of traces before they are
 * taken away: after a fault of it they stay.
 */
export function retention(
  { dirs, keep }: Pick<ServeSettings, "dirs" | "keep">,
  { artifacts, files, timer }: Pick<Ports, "artifacts" | "files" | "timer">,
  milliseconds: () => number,
  leaving: (traces: readonly string[]) => Promise<Result<void>>,
): Retention {
  const limited = CLASSES.filter((kind) => dirs[kind] !== "" && (keep[kind].age > 0 || keep[kind].count > 0));
  const seen = new Map<KeptClass, Known>();
  let next: Promise<readonly string[]> | undefined;
  let last: Promise<unknown> = Promise.resolve();

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

  async function one(kind: KeptClass): Promise<readonly string[]> {
    const flawed = ({ message }: Fault): string => `retention_${kind}_error=${message}`;
    const known = await look(kind);
    if (!known.ok) return [flawed(known.fault)];
    const { files, due } = known.value;
    const { age, count } = keep[kind];
    if (milliseconds() <= due && (count === 0 || files.size <= count)) return [];
    const found = settled(kind, known.value);
    if (!found.ok) return [flawed(found.fault)];
    const { old, many, rest } = found.value;
    const gone = [...old, ...many].map(({ name }) => ({ name, path: joinPath(dirs[kind], name) }));
    known.value.due = age === 0 ? Infinity : rest.reduce((least, { modified }) => Math.min(least, modified), Infinity) + age;
    // Whoever is killed on the way must have said it: what is gone and was not said to be is made again.
    const said = kind === "trace" && gone.length > 0 ? await leaving(gone.map(({ path }) => path)) : ok(undefined);
    if (!said.ok) {
      known.value.due = -Infinity;
      return [flawed(said.fault)];
    }
    const flaws: string[] = [];
    for (const { name, path } of gone) {
      const removed = artifacts.remove(path);
      if (!removed.ok) flaws.push(flawed(removed.fault));
      files.delete(name);
    }
    const told = gone.length === 0 ? [] : [`retention_${kind}_removed_age=${old.length} removed_count=${many.length}`];
    return [...told, ...flaws];
  }

  async function all(): Promise<readonly string[]> {
    next = undefined;
    const warnings: string[] = [];
    for (const kind of limited) warnings.push(...await one(kind));
    return warnings;
  }

  // One after the other, so that nothing is taken away twice; those who end while another is under way are swept after together.
  function sweep(): Promise<readonly string[]> {
    if (next === undefined) last = next = last.then(all, all);
    return next;
  }

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
    sweep: () => limited.length === 0 ? Promise.resolve([]) : sweep(),
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
