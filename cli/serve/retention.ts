// How long files are kept (spec 05, section 3.5): after each decided call what is too old or too many is taken away. A folder is looked
// through now and then; what the server itself adds is known meanwhile.
import { joinPath } from "../../core/base/paths.ts";
import { byBytes, lower } from "../../core/base/text.ts";
import type { Aged, Ports } from "../../core/ports.ts";
import { CLASSES, type Keep, type KeptClass, type ServeSettings } from "./settings.ts";
import { nameIn } from "../targets.ts";

/** What was taken away after a call. */
export type Swept = { readonly warnings: readonly string[]; readonly traces: readonly string[] };

/** The files that are kept. */
export interface Retention {
  /** Says that a file was written. */
  added(kind: KeptClass, path: string): void;
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

/** For how long what was seen in a folder counts, in milliseconds. */
const FRESH = 1_000;

type Known = { at: number; files: Aged[] };

/** Keeps files by the limits of the settings; `milliseconds` tells the time of the machine. */
export function retention(
  { dirs, keep }: Pick<ServeSettings, "dirs" | "keep">,
  { artifacts, timer }: Pick<Ports, "artifacts" | "timer">,
  milliseconds: () => number,
): Retention {
  const limited = CLASSES.filter((kind) => dirs[kind] !== "" && (keep[kind].age > 0 || keep[kind].count > 0));
  const seen = new Map<KeptClass, Known>();
  let working: Promise<Swept> | undefined;

  async function look(kind: KeptClass): Promise<Known | string> {
    const before = seen.get(kind);
    if (before !== undefined && timer.elapsed() - before.at < FRESH) return before;
    const there = await artifacts.aged(dirs[kind]);
    if (!there.ok) return there.fault.message;
    const own = there.value.filter(({ name }) => BELONGS[kind](lower(name)));
    const now = { at: timer.elapsed(), files: kind === "journal" ? lastForever(own) : own };
    seen.set(kind, now);
    return now;
  }

  async function one(kind: KeptClass): Promise<{ readonly warnings: readonly string[]; readonly paths: readonly string[] }> {
    const known = await look(kind);
    if (typeof known === "string") return { warnings: [`retention_${kind}_error=${known}`], paths: [] };
    const { old, many, rest } = beyond(known.files, keep[kind], milliseconds());
    const flaws: string[] = [];
    const paths: string[] = [];
    for (const { name } of [...old, ...many]) {
      const path = joinPath(dirs[kind], name);
      const removed = artifacts.remove(path);
      if (removed.ok) paths.push(path);
      else flaws.push(`retention_${kind}_error=${removed.fault.message}`);
    }
    known.files = [...rest];
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
    added(kind, path) {
      const name = nameIn(path);
      const known = seen.get(kind);
      if (known !== undefined && path === joinPath(dirs[kind], name) && BELONGS[kind](lower(name))) {
        known.files.push({ name, modified: milliseconds() });
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
