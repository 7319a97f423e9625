// Paths in the two spellings in which they are compared (decision 2): as given, and cleaned of what hides where they lead.
import { cleanPath } from "../base/paths.ts";

/** One name in two spellings. When they differ, nobody can tell which of them counts: no allowlist matches it. */
export type Forms = { readonly raw: string; readonly cleaned: string };

const HIDDEN: Readonly<Record<string, string>> = { "2e": ".", "2f": "/", "5c": "/" };

// Encoded once or, by way of `%25`, several times.
const ENCODED = /%(?:25)*(2e|2f|5c)/gi;

/** A path as given, and with `\` as `/`, encoded dots and separators decoded, cut at the first NUL, and cleaned. */
export function pathForms(path: string): Forms {
  const decoded = path.includes("%") ? path.replace(ENCODED, (_, digits: string) => HIDDEN[digits.toLowerCase()] ?? "") : path;
  const [seen = ""] = decoded.split("\0", 1);
  return { raw: path, cleaned: cleanPath(seen.replaceAll("\\", "/")) };
}

const under = (folder: string): string => folder.endsWith("/") ? folder : `${folder}/`;

/** Whether a path is a folder or, by its text, below it; the empty folder is the root. */
export const isAtOrBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(under(folder));

/** The same for a cleaned path, and it does not climb out again: `../../x` is not below `..`. */
export const staysBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(under(folder)) && !/^[.]{2}(?:\/|$)/.test(path.slice(under(folder).length));

/** Whether both spellings of a path are one, so that there is no doubt where it leads. */
export const isPlain = (path: string): boolean => pathForms(path).cleaned === path;

/** Whether a path lies below a folder of an allowlist, beyond doubt. */
export const surelyBelow = (path: string, folders: readonly string[]): boolean =>
  isPlain(path) && folders.some((folder) => staysBelow(path, folder));

/** Whether a path may lie below a folder of a denylist: in one spelling or the other. */
export const maybeBelow = (path: string, folders: readonly string[]): boolean => {
  const { raw, cleaned } = pathForms(path);
  return folders.some((folder) => isAtOrBelow(raw, folder) || isAtOrBelow(cleaned, folder));
};
