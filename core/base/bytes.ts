// Bytes and their three spellings: UTF-8 text, lowercase hex, standard base64.

const encoder = new TextEncoder();

/** UTF-8 bytes of well-formed text. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

// Writes one U+FFFD for each maximal part of a broken sequence, as the WHATWG has it. Go, for one, writes one for each byte of
// such a part. Only their number differs, and neither text is what its writer had. (A decoder that refuses costs twice as much.)
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text that bytes spell in UTF-8; a U+FFFD stands where they are not UTF-8, and a byte order mark stays. */
export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

const digit = (four: number): number => four + (four < 10 ? 0x30 : 0x57);

// Arguments of one call: engines allow some ten thousand.
const AT_ONCE = 1024;

/** Lowercase hexadecimal, two digits a byte. Made in one step: a text that grows digit by digit stays a tree of a kilobyte for each digest. */
export const hex = (bytes: Uint8Array): string => {
  let text = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    const units: number[] = [];
    for (const byte of bytes.subarray(at, at + AT_ONCE)) units.push(digit(byte >> 4), digit(byte & 15));
    text += String.fromCharCode(...units);
  }
  return text;
};

// Of a hexadecimal digit of either case: letters have bit 6, and their low bits count from 1.
const nibble = (unit: number): number => (unit & 15) + (unit >> 6) * 9;

/** The same as `fromHex`, of text that is hexadecimal, by what every engine has. */
export const fromHexByText = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = nibble(text.charCodeAt(2 * i)) << 4 | nibble(text.charCodeAt(2 * i + 1));
  return bytes;
};

// Engines have it of themselves since 2025.
const bytesOfHex: (text: string) => Uint8Array = "fromHex" in Uint8Array ? (text) => Uint8Array.fromHex(text) : fromHexByText;

/** The bytes of hexadecimal text of either case, or undefined when it is not that. */
export const fromHex = (text: string): Uint8Array | undefined =>
  text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text) ? bytesOfHex(text) : undefined;

const MARK: readonly number[] = [0xef, 0xbb, 0xbf];

/** How long the byte order mark is that stands at a place: 3, or 0 where there is none. */
export const markLength = (bytes: Uint8Array, at = 0): number =>
  MARK.every((byte, i) => bytes[at + i] === byte) ? MARK.length : 0;

const PIECE = 2 ** 13; // an engine bears so many arguments of a call

/** The same as `base64` by what every engine has. */
export const base64ByText = (bytes: Uint8Array): string => {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
};

/** Standard base64 with padding (RFC 4648, section 4). Engines have it of themselves since 2025, and take a tenth of the time. */
export const base64: (bytes: Uint8Array) => string = "toBase64" in Uint8Array.prototype
  ? (bytes) => bytes.toBase64()
  : base64ByText;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes of standard padded base64, or undefined: other alphabets, blanks, missing padding and loose bits are refused. */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  if (!BASE64.test(text)) return undefined;
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return base64(bytes) === text ? bytes : undefined;
};

/** Whether two byte strings are equal. Not for secrets: it stops at the first difference. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  const { length } = a;
  if (length !== b.length) return false;
  const [x, y] = [new DataView(a.buffer, a.byteOffset, length), new DataView(b.buffer, b.byteOffset, length)] as const;
  let at = 0;
  // Four at a time: files that seldom change are compared for every call.
  for (; at + 4 <= length; at += 4) if (x.getUint32(at) !== y.getUint32(at)) return false;
  for (; at < length; at++) if (a[at] !== b[at]) return false;
  return true;
};

/** One byte string after the other. */
export const concatBytes = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};
