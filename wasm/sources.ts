// Artifacts as programs have them, for the core to read.
import type { Source } from "../core/base/host.ts";
import { bytesSource } from "../core/base/zip_source.ts";

/** Bytes in memory, or a blob (a file that a page or a form was given) that is read in slices. */
export const sourceOf = (artifact: Uint8Array | Blob): Source =>
  artifact instanceof Uint8Array ? bytesSource(artifact) : {
    size: artifact.size,
    read: async (at, length) => new Uint8Array(await artifact.slice(at, at + length).arrayBuffer()),
  };
