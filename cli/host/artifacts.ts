// Files that can be made again, over the primitive steps of any disk: written without waiting for the disk, kept and taken away later.
import { fail, ok, type Result } from "../../core/base/result.ts";
import type { Aged, Artifacts } from "../../core/ports.ts";
import { type Disk, makeFolders } from "./durable.ts";
import { errnoOf, inWords } from "./errno.ts";

/** The steps of a disk that it takes, beside those of durable writing. They throw system errors. */
export interface ArtifactDisk extends Disk {
  /** Resolves when the bytes of a file are on the disk. */
  syncFile(path: string): Promise<void>;
  /** The plain files of a folder; ENOENT. */
  entries(folder: string): readonly Aged[];
  /** When a plain file was changed last; undefined when none is there. */
  changed(path: string): number | undefined;
  /**
   * Locks the file at a path, made where it is not there, until what is given is called or the process ends; undefined when somebody
   * has it locked.
   */
  claim(path: string): Promise<(() => void) | undefined>;
}

/** The port over a disk. */
export function artifactsOn(disk: ArtifactDisk): Artifacts {
  const refuse = (verb: string, path: string, thrown: unknown): Result<never> =>
    fail("write_failed", `Cannot ${verb} "${path}": ${inWords(errnoOf(thrown))}`, { file: path });
  const makeFolderOf = (path: string): void => {
    const folder = disk.parent(path);
    if (folder !== undefined) makeFolders(disk, folder);
  };

  function create(path: string, bytes: Uint8Array): void {
    const file = disk.createTemp(path);
    try {
      for (let done = 0; done < bytes.length;) done += file.write(bytes.subarray(done));
      file.close();
    } catch (thrown) {
      discard(path);
      throw thrown;
    }
  }

  // The first error is the one to tell.
  function discard(path: string): void {
    try {
      disk.remove(path);
    } catch (thrown) {
      errnoOf(thrown);
    }
  }

  return {
    put(path, bytes) {
      try {
        try {
          create(path, bytes);
        } catch (thrown) {
          if (errnoOf(thrown) !== "ENOENT") throw thrown;
          makeFolderOf(path); // somebody took it away, or it is the first file there
          create(path, bytes);
        }
        return ok(undefined);
      } catch (thrown) {
        return errnoOf(thrown) === "EEXIST"
          ? fail("file_exists", `Cannot write "${path}": it is there already`, { file: path })
          : refuse("write", path, thrown);
      }
    },
    async keep(path) {
      try {
        await disk.syncFile(path);
        return ok(undefined);
      } catch (thrown) {
        return refuse("keep", path, thrown);
      }
    },
    folder(path) {
      try {
        const standing = disk.look(path);
        if (standing !== "nothing" && standing !== "folder") {
          return fail("path_refused", `Cannot use "${path}": it is not a folder`, { file: path });
        }
        makeFolders(disk, path);
        return ok(undefined);
      } catch (thrown) {
        return refuse("make folder", path, thrown);
      }
    },
    aged(folder) {
      try {
        return Promise.resolve(ok(disk.entries(folder)));
      } catch (thrown) {
        return Promise.resolve(errnoOf(thrown) === "ENOENT" ? ok([]) : refuse("look into", folder, thrown));
      }
    },
    changed(path) {
      try {
        return ok(disk.changed(path));
      } catch (thrown) {
        return refuse("look at", path, thrown);
      }
    },
    remove(path) {
      try {
        disk.remove(path);
        return ok(undefined);
      } catch (thrown) {
        return errnoOf(thrown) === "ENOENT" ? ok(undefined) : refuse("remove", path, thrown);
      }
    },
    async hold(path) {
      try {
        makeFolderOf(path);
        const release = await disk.claim(path);
        return ok(release && { release });
      } catch (thrown) {
        return refuse("lock", path, thrown);
      }
    },
  };
}
