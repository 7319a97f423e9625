// The files of the working folder that can tell something about its agents, for `init` and `check`. Bounded in every way: folders near
// the top come first, and what is left out is said.
import { fromUtf8 } from "../core/base/bytes.ts";
import type { SourceFile } from "../core/gate/detect.ts";
import { kindOf } from "../core/gate/detect_kind.ts";
import type { Files } from "../core/ports.ts";

/** How far is looked: folders below the top, names, files that are read, bytes of one file. */
export const SOURCE_LIMITS = { depth: 6, names: 5_000, files: 400, bytes: 2 ** 18 } as const;

/** Files that were read, and what is to be said about those that were not. */
export type Sources = { readonly files: readonly SourceFile[]; readonly warnings: readonly string[] };

// Made by tools, or gait's own: nothing in them was written for this project.
const SKIPPED = new Set([
  "__pycache__",
  "build",
  "dist",
  "gait-out",
  "node_modules",
  "site-packages",
  "target",
  "vendor",
  "venv",
]);

// Settings of clients that speak of agents; all other names with a dot in front are passed over.
const HIDDEN = new Set([".claude", ".cursor", ".mcp.json", ".vscode"]);

const isSkipped = (name: string): boolean => SKIPPED.has(name) || (name.startsWith(".") && !HIDDEN.has(name));

/** Reads them, breadth first, from the folder that the program runs in. Links are followed as far as the limits let them. */
export async function sourceFiles(files: Files): Promise<Sources> {
  const found: SourceFile[] = [];
  const folders = [{ path: "", depth: 0 }];
  let names = 0;
  let unread = 0;
  let isCut = false;
  const isFull = () => names === SOURCE_LIMITS.names || found.length === SOURCE_LIMITS.files;
  for (const { path: folder, depth } of folders) {
    if (isCut && isFull()) break;
    const listed = await files.list(folder === "" ? "." : folder);
    if (!listed.ok) {
      unread++;
      continue;
    }
    for (const name of listed.value) {
      if (isSkipped(name)) continue;
      if (isFull()) {
        isCut = true;
        break;
      }
      names++;
      const path = folder === "" ? name : `${folder}/${name}`;
      const kind = await files.kind(path);
      if (kind === "folder") {
        if (depth < SOURCE_LIMITS.depth) folders.push({ path, depth: depth + 1 });
        else isCut = true;
      } else if (kind === "file" && kindOf(path) !== undefined) {
        const bytes = await files.read(path, SOURCE_LIMITS.bytes);
        if (bytes.ok) found.push({ path, text: fromUtf8(bytes.value) });
        else unread++;
      }
    }
  }
  return {
    files: found,
    warnings: [
      ...(isCut
        ? [
          `Detection stopped at its limits: ${SOURCE_LIMITS.names} names, ${SOURCE_LIMITS.files} files, ${SOURCE_LIMITS.depth} folders deep`,
        ]
        : []),
      ...(unread > 0 ? [`Detection left out ${unread} files or folders that it could not read, or that are too large`] : []),
    ],
  };
}
