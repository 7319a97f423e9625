// Builds archives byte by byte for the tests, right or wrong in any single place; no zip library is asked.
import { deflateRawSync } from "node:zlib";
import { concatBytes, utf8 } from "../../core/base/bytes.ts";
import { crc32 } from "../../host/crc32.ts";

/** What one of the two headers of an entry says. */
export type Header = {
  version?: number;
  flags?: number;
  method?: number;
  crc?: number;
  packed?: number;
  size?: number;
  name?: Uint8Array;
  extra?: Uint8Array;
};

/** An entry: its content, and whatever shall be said otherwise than it is. */
export type Part = {
  name: string | Uint8Array;
  content?: Uint8Array | string;
  /** Stored where true; deflated else. */
  stored?: boolean;
  /** The bytes in the archive, where they shall not be what the content packs to. */
  data?: Uint8Array;
  /** Said by both headers. */
  both?: Header;
  local?: Header;
  central?: Header & { attributes?: number; offset?: number; disk?: number; comment?: Uint8Array; madeBy?: number };
  /** A data descriptor after the data: flag 3 and zeros in the local header come with it. */
  descriptor?: "plain" | "signed" | "wide" | { crc?: number; packed?: number; size?: number };
  /** Bytes before the local header, and after the data. */
  before?: Uint8Array;
  after?: Uint8Array;
  /** Not in the directory, or not in the local part (its header is taken from the named entry). */
  only?: "local" | "central";
};

/** The whole archive's own deviations. */
export type Whole = {
  /** Which parts the directory lists, by index and in this order. */
  order?: readonly number[];
  end?: { count?: number; countHere?: number; length?: number; offset?: number; disk?: number; comment?: Uint8Array };
  zip64?: boolean | { offset?: bigint; count?: bigint; locator?: bigint; extensible?: Uint8Array };
  beforeDirectory?: Uint8Array;
  afterDirectory?: Uint8Array;
  prefix?: Uint8Array;
  suffix?: Uint8Array;
};

/** Little-endian bytes of numbers given as [bytes, value]. */
export const little = (...fields: readonly (readonly [1 | 2 | 4 | 8, number | bigint])[]): Uint8Array<ArrayBuffer> => {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 8) view.setBigUint64(at, BigInt(value), true);
    else if (bytes === 4) view.setUint32(at, Number(value), true);
    else if (bytes === 2) view.setUint16(at, Number(value), true);
    else view.setUint8(at, Number(value));
    at += bytes;
  }
  return new Uint8Array(view.buffer);
};

/** One extra field. */
export const extra = (kind: number, data: Uint8Array): Uint8Array => concatBytes([little([2, kind], [2, data.length]), data]);

/** A zip64 extra field of these numbers. */
export const zip64Extra = (...numbers: readonly (number | bigint)[]): Uint8Array =>
  extra(1, little(...numbers.map((number) => [8, number] as const)));

const UTF8_FLAG = 0x800;
const DESCRIPTOR_FLAG = 8;
const DOS_TIME = 0x00210000;
const NONE = new Uint8Array();

const headers = (part: Part) => {
  const content = typeof part.content === "string" ? utf8(part.content) : part.content ?? NONE;
  const data = part.data ?? (part.stored ? content : new Uint8Array(deflateRawSync(content)));
  const name = typeof part.name === "string" ? utf8(part.name) : part.name;
  const truth = {
    version: 20,
    flags: (name.some((byte) => byte > 127) ? UTF8_FLAG : 0) | (part.descriptor === undefined ? 0 : DESCRIPTOR_FLAG),
    method: part.stored ? 0 : 8,
    crc: crc32(content),
    packed: data.length,
    size: content.length,
    name,
    extra: NONE,
    ...part.both,
  };
  const zeros = part.descriptor === undefined ? {} : { crc: 0, packed: 0, size: 0 };
  return { data, truth, local: { ...truth, ...zeros, ...part.local }, central: { ...truth, ...part.central } };
};

const common = (header: Required<Header>): Uint8Array =>
  little([2, header.version], [2, header.flags], [2, header.method], [4, DOS_TIME], [4, header.crc], [4, header.packed], [
    4,
    header.size,
  ], [
    2,
    header.name.length,
  ], [2, header.extra.length]);

const descriptorBytes = (part: Part, truth: Required<Header>): Uint8Array => {
  if (part.descriptor === undefined) return NONE;
  const { crc, packed, size } = typeof part.descriptor === "string" ? truth : { ...truth, ...part.descriptor };
  const width = part.descriptor === "wide" ? 8 : 4;
  const signature = part.descriptor === "plain" ? NONE : little([4, 0x08074b50]);
  return concatBytes([signature, little([4, crc], [width, packed], [width, size])]);
};

/** The archive of the parts. */
export function craftZip(parts: readonly Part[], whole: Whole = {}): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [whole.prefix ?? NONE];
  let at = whole.prefix?.length ?? 0;
  const put = (bytes: Uint8Array): void => {
    pieces.push(bytes);
    at += bytes.length;
  };
  const rows = parts.map((part) => {
    const { data, truth, local, central } = headers(part);
    if (part.before !== undefined) put(part.before);
    const offset = central.offset ?? at;
    if (part.only !== "central") {
      for (
        const bytes of [little([4, 0x04034b50]), common(local), local.name, local.extra, data, descriptorBytes(part, truth)]
      ) put(bytes);
    }
    if (part.after !== undefined) put(part.after);
    const comment = central.comment ?? NONE;
    return part.only === "local" ? NONE : concatBytes([
      little([4, 0x02014b50], [2, central.madeBy ?? 0x0314]),
      common(central),
      little([2, comment.length], [2, central.disk ?? 0], [2, 0], [4, central.attributes ?? 0o100644 * 2 ** 16], [4, offset]),
      central.name,
      central.extra,
      comment,
    ]);
  });
  put(whole.beforeDirectory ?? NONE);
  const directory = concatBytes((whole.order ?? rows.map((_, i) => i)).map((i) => rows[i] ?? NONE));
  const count = whole.order?.length ?? rows.filter((row) => row.length > 0).length;
  const start = at;
  put(directory);
  put(whole.afterDirectory ?? NONE);
  const { zip64, end = {} } = whole;
  if (zip64 !== undefined && zip64 !== false) {
    const odd = zip64 === true ? {} : zip64;
    const record = at;
    const entries = odd.count ?? BigInt(count);
    put(
      little([4, 0x06064b50], [8, 44 + (odd.extensible?.length ?? 0)], [2, 45], [2, 45], [4, 0], [4, 0], [8, entries], [
        8,
        entries,
      ]),
    );
    put(little([8, directory.length], [8, odd.offset ?? BigInt(start)]));
    put(odd.extensible ?? NONE);
    put(little([4, 0x07064b50], [4, 0], [8, odd.locator ?? BigInt(record)], [4, 1]));
  }
  const wide = zip64 !== undefined && zip64 !== false;
  const comment = end.comment ?? NONE;
  const total = end.count ?? (wide ? 0xffff : count);
  put(little([4, 0x06054b50], [2, end.disk ?? 0], [2, end.disk ?? 0], [2, end.countHere ?? total], [2, total]));
  put(
    little([4, end.length ?? (wide ? 0xffffffff : directory.length)], [4, end.offset ?? (wide ? 0xffffffff : start)], [
      2,
      comment.length,
    ]),
  );
  put(comment);
  put(whole.suffix ?? NONE);
  return concatBytes(pieces);
}
