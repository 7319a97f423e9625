// Programs that run another program which their arguments name: how each of them writes that. What is not in the table is not guessed.
import { SHELL_NAMES } from "./starts.ts";
import type { ShellWord } from "./word.ts";

/** How a wrapper's own arguments are written. Letters are options of one letter; `values` take one. */
type Spec = {
  readonly flags?: string;
  readonly values?: string;
  readonly long?: readonly string[];
  readonly longValues?: readonly string[];
  /** Arguments of its own before the command. */
  readonly operands?: number;
  /** `NAME=value` before the command. */
  readonly assignments?: true;
  /** `-5` is a value too (`nice`). */
  readonly numeric?: true;
  /** Options that make it run nothing. */
  readonly idle?: readonly string[];
  /** The command gets more arguments when it is run. */
  readonly more?: true;
  /** The option, as a letter and a word, that runs the command in another folder. */
  readonly moves?: readonly [string, string];
  /** The command may get another home folder, by such an option or without any. */
  readonly homes?: true | RegExp;
};

const SPECS: ReadonlyMap<string, Spec> = new Map<string, Spec>([
  ["sudo", {
    flags: "AbBEHnPSkN",
    values: "CDghpTUurt",
    long: ["askpass", "background", "bell", "preserve-env", "set-home", "non-interactive", "preserve-groups", "stdin"],
    longValues: ["close-from", "chdir", "group", "host", "prompt", "user", "other-user", "role", "type"],
    assignments: true,
    idle: ["-l", "-v", "-V", "-K", "--list", "--validate", "--version", "--remove-timestamp"],
    moves: ["D", "chdir"],
    homes: true,
  }],
  ["doas", { flags: "n", values: "u", homes: true }],
  ["env", {
    flags: "i0v",
    values: "uC",
    long: ["ignore-environment", "null", "debug"],
    longValues: ["unset", "chdir"],
    assignments: true,
    moves: ["C", "chdir"],
    homes: /^-(?:$|-ignore-environment|-unset|[0v]*[iu])/,
    idle: ["--help", "--version"],
  }],
  ["nice", { values: "n", longValues: ["adjustment"], numeric: true, idle: ["--help", "--version"] }],
  ["nohup", { idle: ["--help", "--version"] }],
  ["setsid", { flags: "cfw", long: ["ctty", "fork", "wait"], idle: ["-h", "-V", "--help", "--version"] }],
  ["stdbuf", { values: "ioe", longValues: ["input", "output", "error"], idle: ["--help", "--version"] }],
  ["ionice", { flags: "t", values: "cn", long: ["ignore"], longValues: ["class", "classdata"] }],
  ["timeout", {
    flags: "v",
    values: "ks",
    long: ["preserve-status", "foreground", "verbose"],
    longValues: ["kill-after", "signal"],
    operands: 1,
    idle: ["--help", "--version"],
  }],
  ["time", {
    flags: "apvq",
    values: "fo",
    long: ["append", "portability", "verbose", "quiet"],
    longValues: ["format", "output"],
  }],
  ["command", { flags: "p", idle: ["-v", "-V", "-pv", "-pV"] }],
  ["builtin", {}],
  ["exec", { flags: "c", values: "a", homes: /^-c/ }],
  ["xargs", {
    flags: "0rtpxo",
    values: "nPLsIdEa",
    long: ["null", "no-run-if-empty", "verbose", "interactive", "exit", "open-tty", "show-limits"],
    longValues: ["max-args", "max-procs", "max-chars", "delimiter", "arg-file"],
    idle: ["--help", "--version"],
    more: true,
  }],
  ["busybox", { idle: ["--list", "--list-full", "--help"] }],
  ["toybox", {}],
]);

/** Programs that run a command of the machine which they are given, and are not looked into. */
const OPAQUE: ReadonlySet<string> = new Set([
  ...["su", "runuser", "setpriv", "gosu", "su-exec", "pkexec", "chroot", "unshare", "nsenter", "bwrap", "firejail", "proot"],
  ...["parallel", "watch", "strace", "ltrace", "gdb", "valgrind", "perf", "script", "flock", "fakeroot", "eatmydata", "entr"],
  ...["systemd-run", "start-stop-daemon", "daemonize", "dbus-run-session", "dbus-launch", "xvfb-run", "tini", "dumb-init"],
  ...["setarch", "linux32", "linux64", "arch", "numactl", "taskset", "chrt", "prlimit", "cgexec", "choom", "uclampset"],
  ...["torsocks", "torify", "proxychains", "proxychains4", "faketime", "rlwrap", "unbuffer", "expect", "caffeinate", "chronic"],
  ...["at", "batch", "sg", "newgrp", "capsh", "ld.so", "catchsegv", "with", "ifne", "pee", "run-parts", "run-one", "nq", "ts"],
]);

/** What stands behind a wrapper. */
export type Unwrapped =
  | { readonly kind: "program" }
  | { readonly kind: "idle" }
  | {
    readonly kind: "command";
    readonly words: readonly ShellWord[];
    readonly assignments: readonly string[];
    readonly more: boolean;
    /** Text that stands for others when it is run (`xargs -I`). */
    readonly replaced: string | undefined;
    /** Whether it runs in a folder that is not told here, and whether its home folder may be another one. */
    readonly moved: boolean;
    readonly homes: boolean;
  }
  | { readonly kind: "unknown" };

const NAME = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

/** What the arguments of a program come to: `program` for one that is no wrapper, `unknown` where that cannot be told. */
export function unwrap(program: string, args: readonly ShellWord[]): Unwrapped {
  const name = program.slice(program.lastIndexOf("/") + 1);
  if (OPAQUE.has(name) || /^ld-linux|^ld-musl/.test(name)) return { kind: "unknown" };
  const spec = SPECS.get(name);
  if (spec === undefined) return carriesShell(args) ? { kind: "unknown" } : { kind: "program" };
  return behind(spec, args);
}

// A program that nobody knows and that is given a shell and its text is a wrapper.
function carriesShell(args: readonly ShellWord[]): boolean {
  const words = args.flatMap(({ kind, value }) =>
    kind === "several" ? value.split(/[{},]+/).filter((one) => one !== "") : value
  );
  return words.some((word, at) =>
    SHELL_NAMES.has(word.slice(word.lastIndexOf("/") + 1)) && /^-[a-z]*c$/.test(words[at + 1] ?? "") && words.length > at + 2
  );
}

function behind(spec: Spec, args: readonly ShellWord[]): Unwrapped {
  const { flags = "", values = "", long = [], longValues = [], idle = [] } = spec;
  const assignments: string[] = [];
  let operands = spec.operands ?? 0;
  let replaced: string | undefined;
  let moved = false;
  let options = true;
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) break;
    if (word.kind !== "plain") return operands > 0 || options ? { kind: "unknown" } : command(at);
    const { value } = word;
    if (options && value.startsWith("-") && value !== "-") {
      if (idle.includes(value)) return { kind: "idle" };
      if (value === "--") {
        options = false;
        continue;
      }
      if (value.startsWith("--")) {
        const [option = "", given] = value.slice(2).split(/=(.*)/s);
        moved ||= option === spec.moves?.[1];
        if (replaced !== undefined && option === "max-args") return { kind: "unknown" };
        if (longValues.includes(option)) {
          if (given === undefined && args[++at]?.kind !== "plain") return { kind: "unknown" };
        } else if (!long.includes(option)) return { kind: "unknown" };
        continue;
      }
      if (spec.numeric && /^-\d+$/.test(value)) continue;
      const letters = value.slice(1);
      const end = Array.from(letters).findIndex((letter) => !flags.includes(letter));
      const letter = letters[end];
      if (letter === undefined) continue;
      if (!values.includes(letter)) return { kind: "unknown" };
      const rest = letters.slice(end + 1) || (args[++at]?.kind === "plain" ? args[at]?.value : undefined);
      if (rest === undefined) return { kind: "unknown" };
      // A shell with such a name (`exec -a -x`) reads the files of a home folder first.
      if (letter === "a" && rest.startsWith("-")) return { kind: "unknown" };
      // A number behind the mark takes its meaning away: what comes in is appended.
      if (replaced !== undefined && /[nL]/.test(letter)) return { kind: "unknown" };
      if (spec.more && letter === "I") replaced = rest;
      moved ||= letter === spec.moves?.[0];
      continue;
    }
    if (options && value === "-" && spec.assignments) continue; // env -
    options = false;
    if (spec.assignments && NAME.test(value)) {
      assignments.push(value);
      continue;
    }
    if (spec.assignments && value.includes("=")) return { kind: "unknown" }; // names that are none for a shell
    if (operands-- > 0) continue;
    return command(at);
  }
  return operands > 0 ? { kind: "unknown" } : { kind: "idle" };

  function command(at: number): Unwrapped {
    const { more = false, homes: by } = spec;
    const homes = by === true || by !== undefined && args.slice(0, at).some(({ value }) => by.test(value));
    return { kind: "command", words: args.slice(at), assignments, more, replaced, moved, homes };
  }
}
