// The entry for Deno: artifacts are bytes or paths. Paths need the permission to read them.
import { nodeHost } from "../host/node.ts";
import { callOnFiles, type OpenFile } from "./files.ts";

async function openFile(path: string): Promise<OpenFile> {
  const file = await Deno.open(path);
  const { isFile, size } = await file.stat();
  if (!isFile) {
    file.close();
    throw new Error("it is not a file");
  }
  return {
    size,
    // Synchronous, so that no other read moves the file's one position meanwhile.
    read: (at, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)));
      file.seekSync(at, Deno.SeekMode.Start);
      let done = 0;
      while (done < bytes.length) {
        const count = file.readSync(bytes.subarray(done));
        if (count === null) break; // it has become shorter
        done += count;
      }
      return Promise.resolve(bytes.subarray(0, done));
    },
    close: () => file.close(),
  };
}

/** Answers one JSON request by one JSON reply; see `call.ts`. */
export const call = (request: string, artifacts: readonly (Uint8Array | string)[]): Promise<string> =>
  callOnFiles(nodeHost, openFile, request, artifacts);
