// Extra fields of archive headers. Each kind may be there once and must say what the header says: a reader that believes the
// field and a reader that does not must see one archive.
import { sameBytes } from "./bytes.ts";
import { type Flaw, flaw } from "./zip_flaw.ts";

/** What a header without its extra fields says, and which numbers it leaves to the zip64 field. */
export type Stated = {
  readonly name: string;
  readonly rawName: Uint8Array;
  /** Every number that a zip64 field may hold, in its order: size, packed size, then (central directory alone) the offset. */
  readonly numbers: readonly number[];
  /** Whether the header holds 0xffffffff in that number's place. */
  readonly left: readonly boolean[];
};

const ZIP64 = 0x0001;
const UNICODE_PATH = 0x7075;
const AES = 0x9901;

/** The fields by kind, or undefined where they do not fill their space exactly or a kind is there twice. */
export function splitExtra(raw: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const fields = new Map<number, Uint8Array>();
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  let at = 0;
  while (at + 4 <= raw.length) {
    const kind = view.getUint16(at, true);
    const end = at + 4 + view.getUint16(at + 2, true);
    if (fields.has(kind)) return undefined;
    fields.set(kind, raw.subarray(at + 4, end));
    at = end;
  }
  return at === raw.length ? fields : undefined;
}

/** The numbers of a zip64 field; a disk number, which must be 0, may follow them. Undefined for anything else. */
function zip64Numbers(field: Uint8Array): readonly bigint[] | undefined {
  const view = new DataView(field.buffer, field.byteOffset, field.byteLength);
  const count = Math.floor(field.length / 8);
  const rest = field.length - 8 * count;
  if (rest !== 0 && (rest !== 4 || view.getUint32(8 * count, true) !== 0)) return undefined;
  return Array.from({ length: count }, (_, i) => view.getBigUint64(8 * i, true));
}

/** The 64-bit numbers of the zip64 field among split extra fields: none where it is broken, undefined where it is not there. */
export function wideNumbers(fields: ReadonlyMap<number, Uint8Array> | undefined): readonly bigint[] | undefined {
  const field = fields?.get(ZIP64);
  return field && (zip64Numbers(field) ?? []);
}

/** The numbers of a header; those that it leaves to its zip64 field are taken from there, one after the other. */
export function fillIn(numbers: readonly number[], left: readonly boolean[], wide: readonly bigint[] = []): readonly number[] {
  let next = 0;
  return numbers.map((number, i) => left[i] ? Number(wide[next++] ?? number) : number);
}

/**
 * Whether a zip64 field agrees with its header: it holds exactly the numbers that the header leaves to it, or (as some writers
 * do) all of them from the first on.
 */
function zip64Agrees(field: Uint8Array, { numbers, left }: Stated): boolean {
  const found = zip64Numbers(field);
  if (found === undefined) return false;
  const is = (wanted: readonly number[]) =>
    found.length === wanted.length && found.every((n, i) => n === BigInt(wanted[i] ?? -1));
  const leads = found.length >= left.lastIndexOf(true) + 1 && is(numbers.slice(0, found.length));
  return leads || is(numbers.filter((_, i) => left[i]));
}

/** The first contradiction between the extra fields of a header and the header itself. */
export function checkExtra(fields: ReadonlyMap<number, Uint8Array> | undefined, stated: Stated): Flaw | undefined {
  const refuse = (words: string) => flaw("zip_ambiguous", words, stated.name);
  if (fields === undefined) return refuse("has broken or repeated extra fields");
  if (fields.has(AES)) return flaw("zip_unsupported", "is encrypted", stated.name);
  const path = fields.get(UNICODE_PATH);
  if (path !== undefined && !sameBytes(path.subarray(5), stated.rawName)) return refuse("has a second name in an extra field");
  const wide = fields.get(ZIP64);
  if (wide === undefined && stated.left.includes(true)) return refuse("leaves a number to a zip64 field that is not there");
  if (wide !== undefined && !zip64Agrees(wide, stated)) return refuse("has a zip64 field that disagrees with its header");
  return undefined;
}
