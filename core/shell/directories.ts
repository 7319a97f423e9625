// In which folders the relative names of a command may lie: those of the shell and of every `cd` before. A `cd` may fail, or stand in a
// branch that is not taken, so all folders count.
import { joinPath } from "../base/paths.ts";
import type { ShellFile } from "./reading.ts";
import type { ShellWord } from "./word.ts";

/** The folders of one command. */
export interface Directories {
  /** A file with a relative name is opened; `again` where that may happen once more, or later. */
  open(file: ShellFile, again: boolean): void;
  /** A command that may change the folder; `home` is where `cd` alone leads to, undefined where that is not known. */
  command(program: string, args: readonly ShellWord[], again: boolean, home: string | undefined): void;
  /** The files by absolute names; `lost` is a name whose folder is not known. */
  settle(): { readonly files: readonly ShellFile[]; readonly lost: string | undefined };
}

const MOST = 32;

/** Folders, beginning with that of the shell (empty where it is not known). */
export function directories(cwd: string): Directories {
  let folders: readonly string[] = cwd.startsWith("/") ? [cwd] : [];
  let changes = 0;
  let unknown = folders.length === 0;
  const files: ShellFile[] = [];
  const relative: { readonly value: string; readonly again: boolean }[] = [];
  return {
    open(file, again) {
      relative.push({ value: file.value, again });
      // The name stays as it was written: that it climbs is for the gate to see.
      files.push(...folders.map((folder) => ({ ...file, value: `${folder === "/" ? "" : folder}/${file.value}` })));
    },
    command(program, args, again, home) {
      if (program !== "cd" && program !== "pushd" && program !== "popd") return;
      changes++;
      const rest = args.filter(({ value }) => !/^-[LPe@]+$/.test(value) && value !== "--");
      const physical = args.some(({ value }) => /^-[Le@]*P/.test(value)); // what `..` leaves then depends on links
      const [to] = rest;
      const value = to?.value ?? home ?? "";
      const listed = program === "popd" || program === "pushd" && to === undefined; // one that the shell keeps in a list
      const known = !listed && !physical && (to?.kind ?? "plain") === "plain" && value !== "" && !/^[-+]/.test(value) && !again;
      const moved = folders.map((from) => value.startsWith("/") ? value : joinPath(from, value));
      if (!known || rest.length > 1) unknown = true;
      else folders = [...new Set([...folders, ...moved])];
      if (folders.length > MOST) {
        unknown = true;
        folders = folders.slice(0, MOST);
      }
    },
    settle() {
      const [lost] = relative.filter(({ again }) => unknown || again && changes > 0);
      return { files, lost: lost?.value };
    },
  };
}
