// What a verifier cannot do without: inflating each entry of an archive and hashing what comes out, with nothing checked.
import { createHash } from "node:crypto";
import { inflateRawSync } from "node:zlib";

/** One entry: its name and where its data lies in the archive. */
type Piece = { readonly path: string; readonly packed: Uint8Array; readonly deflated: boolean };

/** The entries of an archive that is known to be sound. */
function pieces(archive: Uint8Array): Piece[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.length - 22;
  const found: Piece[] = [];
  for (let at = view.getUint32(end + 16, true); at < end;) {
    const local = view.getUint32(at + 42, true);
    const data = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const named = at + 46 + view.getUint16(at + 28, true);
    found.push({
      path: new TextDecoder().decode(archive.subarray(at + 46, named)),
      packed: archive.subarray(data, data + view.getUint32(at + 20, true)),
      deflated: view.getUint16(at + 10, true) === 8,
    });
    at = named + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

const inflate = ({ packed, deflated }: Piece): Uint8Array => deflated ? inflateRawSync(packed) : packed;

/** The names and contents of all entries. */
export const contents = (archive: Uint8Array): { readonly path: string; readonly bytes: Uint8Array }[] =>
  pieces(archive).map((piece) => ({ path: piece.path, bytes: inflate(piece) }));

/** Inflates and hashes every entry; nothing is checked. */
export function inflateAndHash(archive: Uint8Array): void {
  for (const piece of pieces(archive)) createHash("sha256").update(inflate(piece)).digest();
}
