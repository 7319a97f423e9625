// Merkle trees as Certificate Transparency has them (RFC 6962, section 2.1): one root over many leaves, and for each leaf a short proof
// that it is one of them. Leaves and nodes are hashed with different first bytes, so that neither passes for the other.
import { concatBytes, hex, sameBytes } from "../base/bytes.ts";
import type { Crypto } from "../base/host.ts";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

const leafHash = (crypto: Crypto, leaf: Uint8Array): Uint8Array => crypto.sha256(concatBytes([LEAF, leaf]));

const nodeHash = (crypto: Crypto, left: Uint8Array, right: Uint8Array): Uint8Array =>
  crypto.sha256(concatBytes([NODE, left, right]));

/** A tree: its levels of hashes, that of the leaves first, that of the root last. */
export type MerkleTree = readonly (readonly Uint8Array[])[];

/** The tree over some leaves, in their order. A node without a sibling goes up as it is, which gives the trees of RFC 6962. */
export function merkleTree(crypto: Crypto, leaves: readonly Uint8Array[]): MerkleTree {
  let level = leaves.map((leaf) => leafHash(crypto, leaf));
  const levels = [level];
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      if (left !== undefined) above.push(right === undefined ? left : nodeHash(crypto, left, right));
    }
    levels.push(above);
    level = above;
  }
  return levels;
}

/** The root of a tree, hex; that of no leaves is the hash of nothing. */
export const merkleRoot = (crypto: Crypto, tree: MerkleTree): string =>
  hex(tree.at(-1)?.[0] ?? crypto.sha256(new Uint8Array()));

/** The proof of a leaf: the nodes beside the path from it to the root, lowest first. */
export function merkleProof(tree: MerkleTree, index: number): readonly Uint8Array[] {
  const proof: Uint8Array[] = [];
  let at = index;
  for (const level of tree) {
    const beside = level[at % 2 === 0 ? at + 1 : at - 1];
    if (beside !== undefined) proof.push(beside);
    at = Math.floor(at / 2);
  }
  return proof;
}

/** What a leaf is said to be part of. */
export type Inclusion = {
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
};

/** Whether a leaf has this place in a tree of this size and root (RFC 9162, section 2.1.3.2). Total: every doubt is false. */
export function isIncluded(crypto: Crypto, leaf: Uint8Array, { index, size, root, proof }: Inclusion): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let [at, last] = [index, size - 1];
  let hash = leafHash(crypto, leaf);
  for (const beside of proof) {
    if (last === 0 || beside.length !== 32) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(crypto, beside, hash);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else hash = nodeHash(crypto, hash, beside);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(hash, root);
}
