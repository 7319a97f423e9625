// What the pure core needs of a runtime and cannot do itself: three capabilities, handed in by the host.
import type { Result } from "./result.ts";

/** Feeds bytes piece by piece into one SHA-256. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** The 32 bytes of the digest; call once, last. */
  digest(): Uint8Array;
}

/** Signs by one key: 64 bytes of Ed25519. */
export type Sign = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Hashing is synchronous everywhere; signing may wait (WebCrypto). */
export interface Crypto {
  /** SHA-256 of all of `bytes`: 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
  /** SHA-256, in lowercase hex, of the UTF-8 bytes of a text: what ids and digests are, in one step. */
  sha256Text(text: string): string;
  /** A SHA-256 to be fed in pieces. */
  hasher(): Hasher;
  /** Ed25519 signature (64 bytes) of `message` by the 32-byte `seed`. */
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** The same for many messages: the key is made ready once. */
  signer(seed: Uint8Array): Sign;
  /** The 32-byte public key of a 32-byte seed. */
  publicKey(seed: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /**
   * Cofactorless Ed25519 verification. Callers go through `core/base/sign.ts`, whose guard makes all backends agree;
   * a backend alone may accept small-order keys.
   */
  verify(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean | Promise<boolean>;
}

/** Raw DEFLATE (RFC 1951), one whole entry at a time or in pieces, and the checksum of zip. */
export interface Inflate {
  /**
   * Inflates all of `input`. Undefined when the stream is damaged, ends early, is followed by further bytes, or would
   * give more than `limit` bytes; it never allocates more than `limit` bytes of output.
   */
  whole(input: Uint8Array, limit: number): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /**
   * Inflates pieces as they come, handing each piece of output to `sink`. False when the stream is damaged, ends early,
   * is followed by further bytes, or would give more than `limit` bytes.
   */
  pieces(input: AsyncIterable<Uint8Array>, limit: number, sink: (output: Uint8Array) => void): Promise<boolean>;
  /** The CRC-32 of `bytes`, from 0 to 2^32 - 1; to go on after a first part, its sum is `before`, which is 0 for none. */
  crc32(bytes: Uint8Array, before: number): number;
}

/** Bytes that may be too many to hold: an archive on a disk, in a browser's file input, or in memory. */
export interface Source {
  /** How many bytes there are. */
  readonly size: number;
  /** Exactly `length` bytes from `at`; fewer only where the source ends. */
  read(at: number, length: number): Promise<Uint8Array>;
}

/** Where bytes that are too many to hold go, piece by piece and in order; a piece may be kept. Whoever writes stops at its first fault. */
export type Sink = (piece: Uint8Array) => Result<void>;

/** All that the core may ask of a runtime. */
export type Host = { readonly crypto: Crypto; readonly inflate: Inflate };
