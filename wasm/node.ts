// The entry for Node: artifacts are bytes or paths.
import { open } from "node:fs/promises";
import { nodeHost } from "../host/node.ts";
import { callOnFiles, type OpenFile } from "./files.ts";

async function openFile(path: string): Promise<OpenFile> {
  const file = await open(path);
  const stat = await file.stat();
  if (!stat.isFile()) {
    await file.close();
    throw new Error("it is not a file");
  }
  return {
    size: stat.size,
    async read(at, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, stat.size - at)));
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, at + done);
        if (bytesRead === 0) break; // it has become shorter
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
    close: () => file.close(),
  };
}

/** Answers one JSON request by one JSON reply; see `call.ts`. */
export const call = (request: string, artifacts: readonly (Uint8Array | string)[]): Promise<string> =>
  callOnFiles(nodeHost, openFile, request, artifacts);
