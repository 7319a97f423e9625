// Merkle trees of RFC 6962: the roots of the vectors of Certificate Transparency, the trees as its definition spells them, and proofs that
// fit nothing but their leaf.
import { fromHex, hex, utf8 } from "../../core/base/bytes.ts";
import { type Inclusion, isIncluded, merkleProof, merkleRoot, merkleTree } from "../../core/authority/merkle.ts";
import { assert, assertEquals } from "../assert.ts";
import { crypto } from "./requests.ts";

const bytes = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array();

// Of the tests of the reference implementation of Certificate Transparency.
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map(bytes);
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const many = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => utf8(`leaf ${i}`));

/** The definition of section 2.1, word by word. */
function defined(leaves: readonly Uint8Array[]): Uint8Array {
  const [only = new Uint8Array()] = leaves;
  if (leaves.length === 0) return crypto.sha256(only);
  if (leaves.length === 1) return crypto.sha256(Uint8Array.of(0, ...only));
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return crypto.sha256(Uint8Array.of(1, ...defined(leaves.slice(0, split)), ...defined(leaves.slice(split))));
}

/** The path of section 2.1.1, word by word. */
function pathOf(index: number, leaves: readonly Uint8Array[]): readonly Uint8Array[] {
  if (leaves.length <= 1) return [];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return index < split
    ? [...pathOf(index, leaves.slice(0, split)), defined(leaves.slice(split))]
    : [...pathOf(index - split, leaves.slice(split)), defined(leaves.slice(0, split))];
}

Deno.test("merkle: the roots of the vectors", () => {
  assertEquals(ROOTS.map((_, size) => merkleRoot(crypto, merkleTree(crypto, LEAVES.slice(0, size)))), ROOTS);
});

Deno.test("merkle: trees and paths are those of the definition", () => {
  for (let size = 0; size <= 40; size++) {
    const leaves = many(size);
    const tree = merkleTree(crypto, leaves);
    assertEquals(merkleRoot(crypto, tree), hex(defined(leaves)), `root of ${size}`);
    leaves.forEach((_, i) => assertEquals(merkleProof(tree, i).map(hex), pathOf(i, leaves).map(hex), `${i} of ${size}`));
  }
});

const inclusions = (leaves: readonly Uint8Array[]): readonly Inclusion[] => {
  const tree = merkleTree(crypto, leaves);
  const root = bytes(merkleRoot(crypto, tree));
  return leaves.map((_, index) => ({ index, size: leaves.length, root, proof: merkleProof(tree, index) }));
};

Deno.test("merkle: a proof holds for its leaf and for no other, in no other place", () => {
  for (const size of [1, 2, 3, 5, 8, 13]) {
    const leaves = many(size);
    const all = inclusions(leaves);
    leaves.forEach((leaf, i) =>
      all.forEach((place, j) => {
        assertEquals(isIncluded(crypto, leaf, place), i === j, `leaf ${i} by the proof of ${j} in ${size}`);
        assertEquals(isIncluded(crypto, leaf, { ...place, index: i }), i === j, `leaf ${i} at its place by the proof of ${j}`);
      })
    );
  }
});

Deno.test("merkle: proofs that are too short, too long, changed or of no tree do not hold", () => {
  const leaves = many(6);
  const places = inclusions(leaves);
  for (const [i, place] of places.entries()) {
    const leaf = leaves[i] ?? new Uint8Array();
    const spoiled = (change: Partial<Inclusion>) => isIncluded(crypto, leaf, { ...place, ...change });
    assert(!spoiled({ proof: place.proof.slice(1) }));
    assert(!spoiled({ proof: place.proof.slice(0, -1) }));
    assert(!spoiled({ proof: [...place.proof, new Uint8Array(32)] }));
    assert(!spoiled({ proof: place.proof.map((node) => node.slice(1)) }));
    assert(!spoiled({ proof: place.proof.map((node, n) => n === 0 ? Uint8Array.from(node, (byte) => byte ^ 1) : node) }));
    assert(!spoiled({ root: new Uint8Array(32) }));
    assert(!spoiled({ root: new Uint8Array() }));
    for (const index of [-1, 6, 0.5, Number.NaN]) assert(!spoiled({ index }));
    for (const size of [0, i, -1, 1.5, Number.NaN, 24, 2 ** 40]) assert(!spoiled({ size }));
  }
});

Deno.test("merkle: a node of the tree is no leaf of it", () => {
  const leaves = many(4);
  const tree = merkleTree(crypto, leaves);
  const root = bytes(merkleRoot(crypto, tree));
  const [left = new Uint8Array(), right = new Uint8Array()] = tree[0] ?? [];
  const node = Uint8Array.from([...left, ...right]); // what the node above them is hashed of
  const beside = tree[1]?.[1] ?? new Uint8Array();
  assert(!isIncluded(crypto, node, { index: 0, size: 2, root, proof: [beside] }));
});
