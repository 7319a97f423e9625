// Paths in the two spellings in which they are compared (decision 2): as given, and cleaned of what hides where they lead.
import { fromHex, fromUtf8 } from "../base/bytes.ts";
import { cleanPath } from "../base/paths.ts";

/** One name in two spellings. When they differ, nobody can tell which of them counts: no allowlist matches it. */
export type Forms = { readonly raw: string; readonly cleaned: string };

// How often a text is decoded: more often than any chain of programs does. What has still more layers remains in doubt.
const LAYERS = 8;

/** A text percent-decoded until nothing changes, within bounds: what programs one behind the other may make of it. */
export function decoded(text: string): string {
  let now = text;
  for (let layer = 0; layer < LAYERS && now.includes("%"); layer++) {
    const next = now.replace(/%(?:25)+/g, "%")
      .replace(/(?:%[0-9a-f]{2})+/gi, (run) => fromUtf8(fromHex(run.replaceAll("%", "")) ?? new Uint8Array()));
    if (next === now) return now;
    now = next;
  }
  return now;
}

/** A path as given, and percent-decoded, with `\` as `/`, cut at the first NUL, and cleaned. */
export function pathForms(path: string): Forms {
  const [seen = ""] = decoded(path).split("\0", 1);
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

/** The same, and every relative path lies below `.`, with which no cleaned one begins. */
export const liesBelow = (path: string, folder: string): boolean =>
  isAtOrBelow(path, folder) || (folder === "." && !path.startsWith("/"));

/** Whether a path may lie below a folder of a denylist: in one spelling or the other. */
export const maybeBelow = (path: string, folders: readonly string[]): boolean => {
  const { raw, cleaned } = pathForms(path);
  return folders.some((folder) => liesBelow(raw, folder) || liesBelow(cleaned, folder));
};
