// A source that says how far its reader has come.
import type { Source } from "../core/base/host.ts";
import type { Ports } from "../core/ports.ts";

/** The same bytes; each read reports how far into the source it reached. Units are bytes. */
export const withProgress = (source: Source, text: string, progress: Ports["progress"]): Source => ({
  size: source.size,
  async read(at, length) {
    const bytes = await source.read(at, length);
    progress.report(text, Math.min(at + bytes.length, source.size), source.size);
    return bytes;
  },
});
