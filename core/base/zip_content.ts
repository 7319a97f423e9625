// The content of one entry: inflated, counted and held against its checksum, whole or as a digest in slices.
import type { Host, Source } from "./host.ts";
import { type Flaw, flaw } from "./zip_flaw.ts";

/** Where the content of an entry lies and what it must come to. */
export type Packed = {
  readonly path: string;
  /** Bytes of content. */
  readonly size: number;
  /** Bytes inside the archive. */
  readonly packed: number;
  readonly deflated: boolean;
  readonly crc32: number;
  /** Where the bytes start inside the archive. */
  readonly start: number;
};

/** Up to this many bytes an entry is digested in one piece. */
const HELD = 2 ** 20;
const SLICE = 2 ** 14;

const damaged = (entry: Packed, words: string): Flaw => flaw("zip_damaged", words, entry.path);

const verdict = (entry: Packed, size: number, sum: number): Flaw | undefined =>
  size !== entry.size
    ? damaged(entry, `holds ${size} bytes where the directory says ${entry.size}`)
    : sum !== entry.crc32
    ? damaged(entry, "does not match its checksum")
    : undefined;

/** All of an entry's content, or why it is not what the directory says. */
export async function readContent(host: Host, source: Source, entry: Packed): Promise<Uint8Array | Flaw> {
  const bytes = await source.read(entry.start, entry.packed);
  if (bytes.length !== entry.packed) return damaged(entry, "ends early");
  const content = entry.deflated ? await host.inflate.whole(bytes, entry.size) : bytes;
  if (content === undefined) return damaged(entry, `does not inflate to ${entry.size} bytes`);
  return verdict(entry, content.length, host.inflate.crc32(content, 0)) ?? content;
}

/**
 * The SHA-256 of an entry's content, or why it is not what the directory says. Holds no more than 1 MiB and what inflating takes:
 * what is small is read through `window`, what is large in slices of `source` that are dropped at once.
 * `see` is shown the content in pieces as it passes, before it is judged; a piece is not to be kept.
 */
export async function digestContent(
  host: Host,
  window: Source,
  source: Source,
  entry: Packed,
  see?: (piece: Uint8Array) => void,
): Promise<Uint8Array | Flaw> {
  if (entry.size <= HELD && entry.packed <= HELD) {
    const content = await readContent(host, window, entry);
    if (!(content instanceof Uint8Array)) return content;
    see?.(content);
    return host.crypto.sha256(content);
  }
  const hasher = host.crypto.hasher();
  let size = 0;
  let sum = 0;
  const sink = (piece: Uint8Array): void => {
    size += piece.length;
    sum = host.inflate.crc32(piece, sum);
    hasher.update(piece);
    see?.(piece);
  };
  if (!entry.deflated) { for await (const piece of slices(source, entry)) sink(piece); }
  else if (!await host.inflate.pieces(slices(source, entry), entry.size, sink)) {
    return damaged(entry, `does not inflate to ${entry.size} bytes`);
  }
  return verdict(entry, size, sum) ?? hasher.digest();
}

async function* slices(source: Source, entry: Packed): AsyncGenerator<Uint8Array> {
  const end = entry.start + entry.packed;
  for (let at = entry.start; at < end; at += SLICE) yield await source.read(at, Math.min(SLICE, end - at));
}
