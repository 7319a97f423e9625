// The corpus as one file that every runtime reads: what to ask about which artifacts, and the replies that come back.
import { concatBytes, utf8 } from "../../core/base/bytes.ts";

/** Artifacts, and the requests that are made about them: each is one case. */
export type Item = {
  readonly name: string;
  readonly requests: readonly string[];
  readonly artifacts: readonly Uint8Array[];
};

/** An entry of `wasm/`: one request in, one reply out. */
export type Call = (request: string, artifacts: readonly Uint8Array[]) => Promise<string>;

/** All replies of one runtime, a line each. */
export type Answered = { readonly version: string; readonly replies: string };

type Head = { readonly name: string; readonly requests: readonly string[]; readonly sizes: readonly number[] };

const LENGTH = 4;

/** Items as bytes: the length of a JSON head, the head, and all artifacts one after the other. */
export function pack(items: readonly Item[]): Uint8Array<ArrayBuffer> {
  const heads: Head[] = items.map(({ name, requests, artifacts }) => ({
    name,
    requests,
    sizes: artifacts.map((a) => a.length),
  }));
  const head = utf8(JSON.stringify(heads));
  const length = new DataView(new ArrayBuffer(LENGTH));
  length.setUint32(0, head.length);
  return concatBytes([new Uint8Array(length.buffer), head, ...items.flatMap(({ artifacts }) => artifacts)]);
}

/** The items of such bytes. */
export function unpack(bytes: Uint8Array): Item[] {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const heads: readonly Head[] = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH, LENGTH + length)));
  let at = LENGTH + length;
  return heads.map(({ name, requests, sizes }) => ({
    name,
    requests,
    artifacts: sizes.map((size) => bytes.subarray(at, at += size)),
  }));
}

/** All replies to a packed corpus, one a line: canonical JSON has no line feeds. */
export async function answers(call: Call, bytes: Uint8Array): Promise<string> {
  let lines = "";
  for (const { requests, artifacts } of unpack(bytes)) {
    for (const request of requests) lines += `${await call(request, artifacts)}\n`;
  }
  return lines;
}

/** Items in packed pieces of about `size` bytes, in order, for runtimes that are fed over HTTP. */
export function pieces(items: readonly Item[], size: number): Uint8Array<ArrayBuffer>[] {
  const all: Uint8Array<ArrayBuffer>[] = [];
  let piece: Item[] = [];
  let held = 0;
  for (const item of items) {
    piece.push(item);
    held += [...item.artifacts, ...item.requests].reduce((sum, { length }) => sum + length, 0);
    if (held < size) continue;
    all.push(pack(piece));
    piece = [];
    held = 0;
  }
  return piece.length === 0 ? all : [...all, pack(piece)];
}
