// The capabilities on node:crypto and node:zlib, for Deno and Node: synchronous and native.
import { Buffer } from "node:buffer";
import { createHash, createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";
import { crc32, createInflateRaw, type InflateRaw, inflateRawSync } from "node:zlib";
import type { Crypto, Host, Inflate, Sign } from "../core/base/host.ts";
import { pkcs8, spki } from "./der.ts";
import { mostOutput } from "./ratio.ts";

// Buffers are cut from shared memory and have a slice() of their own: nobody else is to see one.
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);

const privateKey = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(pkcs8(seed)), format: "der", type: "pkcs8" });

const publicKeyOf = (bytes: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(spki(bytes)), format: "der", type: "spki" });

const signer = (seed: Uint8Array): Sign => {
  const key = privateKey(seed); // making it takes longer than signing with it
  return (message) => plain(sign(null, message, key));
};

const crypto: Crypto = {
  sha256: (bytes) => plain(hash("sha256", bytes, "buffer")), // in one step, which takes less to begin than createHash
  sha256Text: (text) => hash("sha256", text, "hex"), // four times as fast as by bytes
  hasher() {
    const hash = createHash("sha256");
    return { update: (bytes) => void hash.update(bytes), digest: () => plain(hash.digest()) };
  },
  sign: (seed, message) => signer(seed)(message),
  signer,
  publicKey: (seed) => plain(createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" })).slice(-32),
  verify: (publicKey, signature, message) => verify(null, message, publicKeyOf(publicKey), signature),
};

const LEAST_CHUNK = 64;
const CHUNK = 2 ** 16;

const DAMAGE = new Set<unknown>(["Z_DATA_ERROR", "Z_BUF_ERROR", "ERR_BUFFER_TOO_LARGE"]);
const isDamage = (error: unknown): boolean => error instanceof Error && "code" in error && DAMAGE.has(error.code);

/** What `info: true` gives instead of the output alone; its type declarations do not say so. */
type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

const isInflated = (result: object): result is Inflated => "buffer" in result && "engine" in result;

const inflate: Inflate = {
  whole(input, limit) {
    // One byte of room above the limit tells output that fits from output that does not; one chunk for all saves a copy.
    const room = mostOutput(input.length, limit) + 1;
    try {
      const options = { maxOutputLength: room, chunkSize: Math.max(room, LEAST_CHUNK), info: true };
      const result: object = inflateRawSync(input, options);
      if (!isInflated(result)) throw new Error("inflateRawSync gives no engine, so what follows the stream would go unseen");
      // The engine stops at the end of the stream and says nothing about what follows.
      const { buffer, engine } = result;
      return engine.bytesWritten === input.length && buffer.length <= limit ? plain(buffer) : undefined;
    } catch (error) {
      if (isDamage(error)) return undefined;
      throw error;
    }
  },

  async pieces(input, limit, sink) {
    const engine = createInflateRaw({ chunkSize: CHUNK });
    try {
      const ended = drain(engine, limit, sink);
      let given = 0;
      for await (const piece of input) {
        given += piece.length;
        // Of bytes after the end the engine reports nothing but its own end, so wait for both.
        if (await Promise.race([written(engine, piece), ended]) !== undefined) break;
      }
      engine.end();
      return await ended && engine.bytesWritten === given;
    } finally {
      engine.destroy();
    }
  },

  crc32: (bytes, before) => crc32(bytes, before),
};

const written = (engine: InflateRaw, piece: Uint8Array): Promise<undefined> =>
  new Promise((resolve) => engine.write(piece, () => resolve(undefined)));

// True at the end of the stream, false on damage or too much output. What the sink throws comes out as it went in.
const drain = (engine: InflateRaw, limit: number, sink: (output: Uint8Array) => void): Promise<boolean> =>
  new Promise((resolve, reject) => {
    let total = 0;
    engine.on("data", (output: Buffer) => {
      total += output.length;
      if (total > limit) {
        resolve(false);
        engine.destroy();
        return;
      }
      try {
        sink(plain(output));
      } catch (error) {
        reject(error);
        engine.destroy();
      }
    });
    engine.on("end", () => resolve(true));
    engine.on("error", (error) => isDamage(error) ? resolve(false) : reject(error));
  });

/** All that the core asks of a runtime, from Deno or Node. */
export const nodeHost: Host = { crypto, inflate };
