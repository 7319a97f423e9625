// Values that a flag or the project's defaults can give: what counts, and who is to be told where it cannot be used.
import { fail, ok, type Result } from "../core/base/result.ts";
import { lower, trim } from "../core/base/text.ts";
import { preferred } from "./config.ts";

/** A section of the defaults, and the file that it stands in. */
export type Section = { readonly name: string; readonly file: string };

/** A value that counts, and who gave it; `file` is there where the project's defaults did. */
export type Chosen = { readonly text: string; readonly by: string; readonly file: string | undefined };

/** What counts, as `preferred` has it, of a flag and of the field of a section that has its name. */
export function chosen(
  flag: string,
  value: string | undefined,
  config: string,
  { name, file }: Section,
  builtIn = "",
): Chosen {
  const configured = trim(value ?? "") === "" && trim(config) !== "";
  return {
    text: preferred(value, config, builtIn),
    by: configured ? `field "${name}.${flag.replaceAll("-", "_")}" of "${file}"` : `--${flag}`,
    file: configured ? file : undefined,
  };
}

/** The fault of a value that cannot be used, told to whoever gave it: `flag_value`, or `config_invalid` for the project's defaults. */
export const wrongValue = ({ text, by, file }: Chosen, wanted: string): Result<never> => {
  const message = `Cannot read value "${text}" of ${by}: wanted is ${wanted}`;
  return file === undefined ? fail("flag_value", message) : fail("config_invalid", message, { file });
};

/** One of some words, in any case. Faults of `wrongValue`. */
export function chosenWord<const W extends string>(given: Chosen, words: readonly W[]): Result<W> {
  const found = words.find((one) => one === lower(given.text));
  return found === undefined ? wrongValue(given, `one of ${words.join(", ")}`) : ok(found);
}

/** The fault of a policy that nobody names; a field that is nearly the one that would have named it is told of. */
export const noPolicy = (action: string, section: string, warnings: readonly string[]): Result<never> =>
  fail(
    "missing_argument",
    [`Cannot ${action}: expected --policy, or ${section}.policy in the project defaults`, ...warnings].join("; "),
  );
