// A command under another name, some of its flags set for good.
import type { About, Command } from "./command.ts";

/** What is said of it under its other name. */
export type OtherName = Pick<About, "path" | "summary" | "examples"> & Partial<Pick<About, "explain" | "positionals">>;

/** The same command under another name; the flags of `preset` are not on its command line, and have these values. */
export function preset(command: Command, name: OtherName, values: Readonly<Record<string, string>> = {}): Command {
  const all = (given: unknown): unknown => typeof given === "object" && given !== null ? { ...given, ...values } : given;
  return {
    ...command,
    ...name,
    flags: Object.fromEntries(Object.entries(command.flags).filter(([flag]) => !Object.hasOwn(values, flag))),
    needed: (given) => command.needed(all(given)),
    execute: (given, ports, invocation) => command.execute(all(given), ports, invocation),
  };
}
