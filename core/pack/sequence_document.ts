// The document that says which records the journals of a pack have, written and read without being held as JSON: that of a million records
// takes 80 MB. What it reads is what the program writes; any other spelling is left to those who read it whole.
import { hex, utf8 } from "../base/bytes.ts";
import { canonicalText } from "../base/canonical.ts";
import type { Source } from "../base/host.ts";
import { writeShape } from "../base/shape.ts";
import { piecesSource } from "../base/zip_source.ts";
import { type PackedJournal, PackedJournalShape, type PackSequences, PackSequencesShape } from "../schema/pack_sequence.ts";

/** Digests in order, each in hex. */
export type Digests = { readonly length: number; at(index: number): string };

/** Each of them. */
export function* eachDigest(digests: Digests): Generator<string> {
  for (let i = 0; i < digests.length; i++) yield digests.at(i);
}

/** A journal without its records. */
export type JournalHead = Omit<PackedJournal, "records">;

/** Digests as the document lists them, in bytes. */
export function digestText(): { add(digest: string): void; bytes(): Uint8Array } {
  const list = growing();
  return {
    add: (digest) => list.append(utf8(`${list.bytes().length === 0 ? "" : ","}"${digest}"`)),
    bytes: list.bytes,
  };
}

/** The canonical bytes of the document. `records` of each journal are the bytes of a `digestText`. */
export function sequencesSource(
  head: Omit<PackSequences, "journals">,
  journals: readonly { readonly head: JournalHead; readonly records: Uint8Array }[],
): Source {
  const [before, after] = around("journals", canonicalText(writeShape(PackSequencesShape, { ...head, journals: [] })));
  const list = journals.flatMap(({ head, records }, i) => {
    const text = canonicalText(writeShape(PackedJournalShape, { ...head, records: [] }));
    const [open, close] = around("records", text);
    return [utf8(`${i === 0 ? "" : ","}${open}`), records, utf8(close)];
  });
  return piecesSource([utf8(before), ...list, utf8(after)]);
}

// What stands before and after the items of a list that has none. Quotes of a text are escaped, so that the name stands there once.
function around(member: string, text: string): readonly [string, string] {
  const at = text.indexOf(`"${member}":[]`) + member.length + 4;
  return [text.slice(0, at), text.slice(at)];
}

const MARK = utf8('"records":[');
const QUOTE = 0x22;
const COMMA = 0x2c;
const END = 0x5d;
const DIGITS = 64;

/** A document with the lists of its records taken out, in their order. */
export type ShortSequences = { readonly bytes: Uint8Array; readonly records: readonly Digests[] };

/** Takes the lists of digests out of the document as it passes. */
export type SequenceFeed = {
  push(piece: Uint8Array): void;
  /** Undefined where a list is spelled in another way: then the document has to be read whole. */
  end(): ShortSequences | undefined;
};

/** Reads the document in pieces. What is left of it is still to be judged. */
export function sequenceFeed(): SequenceFeed {
  const rest = growing();
  const lists: ReturnType<typeof digestList>[] = [];
  const token = new Uint8Array(DIGITS);
  let matched = 0; // bytes of the mark before a list
  let within: "text" | "start" | "digest" | "after" | "next" = "text";
  let filled = 0;
  let strange = false;
  const text = (byte: number): void => {
    rest.add(byte);
    matched = byte === MARK[matched] ? matched + 1 : byte === QUOTE ? 1 : 0;
    if (matched < MARK.length) return;
    matched = 0;
    lists.push(digestList());
    within = "start";
  };
  const item = (byte: number): void => {
    if (within === "digest" && filled < DIGITS) token[filled++] = byte;
    else if (within === "digest") {
      strange ||= byte !== QUOTE || lists.at(-1)?.add(token) !== true;
      within = "after";
    } else if (byte === QUOTE && within !== "after") {
      within = "digest";
      filled = 0;
    } else if (byte === COMMA && within === "after") within = "next";
    else if (byte === END && within !== "next") {
      rest.add(byte);
      within = "text";
    } else strange = true;
  };
  return {
    push(piece) {
      for (let i = 0; i < piece.length && !strange; i++) {
        const byte = piece[i] ?? 0;
        if (within === "text") text(byte);
        else item(byte);
      }
    },
    end: () => strange || within !== "text" ? undefined : { bytes: rest.bytes(), records: lists },
  };
}

// Bytes that become more; there is always room for twice as many as were there before.
function growing() {
  let held = new Uint8Array(1024);
  let size = 0;
  const room = (more: number): void => {
    if (size + more <= held.length) return;
    const larger = new Uint8Array(Math.max(2 * held.length, size + more));
    larger.set(held);
    held = larger;
  };
  return {
    add(byte: number) {
      room(1);
      held[size++] = byte;
    },
    append(bytes: Uint8Array) {
      room(bytes.length);
      held.set(bytes, size);
      size += bytes.length;
    },
    bytes: () => held.subarray(0, size),
  };
}

const nibble = (byte: number): number =>
  byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : Number.NaN;

// Digests as 32 bytes each: as texts they would take three times as much.
function digestList() {
  const packed = growing();
  return {
    get length() {
      return packed.bytes().length / 32;
    },
    at: (index: number): string => hex(packed.bytes().subarray(32 * index, 32 * index + 32)),
    /** Adds one that is spelled in lowercase hex; says whether it is. */
    add(token: Uint8Array): boolean {
      for (let i = 0; i < DIGITS; i += 2) {
        const byte = 16 * nibble(token[i] ?? 0) + nibble(token[i + 1] ?? 0);
        if (Number.isNaN(byte)) return false;
        packed.add(byte);
      }
      return true;
    },
  };
}
