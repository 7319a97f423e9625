// Action contracts: no member of an activated artifact, and none of the proposal that it is bound to, can change without the
// verification failing; and judging is total.
import fc from "fast-check";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { newKey } from "../../core/base/keys.ts";
import { readActivation, readProposal } from "../../core/authority/contract_read.ts";
import { judgeProposal } from "../../core/authority/contract_validate.ts";
import { activationFailure } from "../../core/authority/contract_verify.ts";
import { nodeHost } from "../../host/node.ts";
import { activated, at, bytesOf, changed, FULL, leaves, NOW, TERMS } from "../authority/contracts.ts";
import { assert } from "../assert.ts";
import { property } from "./run.ts";

const { crypto } = nodeHost;
const KEY = await newKey(crypto, new Uint8Array(32).fill(7));

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("2020-01-01T00:00:00Z", "", " ", "a,b", "a|b"),
);
const terms = fc.record({
  activating_principal: text.filter((value) => value.trim() !== ""),
  target: text.filter((value) => value.trim() !== ""),
  authority_refs: fc.array(text).map((refs) => [...refs, "board"]),
  explicit_exceptions: fc.array(text),
  activation_mode: fc.constantFrom("context_only", "enforce_floor", "required"),
  valid_until: fc.constantFrom("", "2098-01-01T00:00:00Z", "2050-01-01T02:00:00.5+02:00"),
}).map((drawn) => ({ ...TERMS, ...drawn }));

// Texts that carry no meaning beside what they say: no trimming or folding may hide a change of one.
const another = fc.oneof(
  fc.tuple(fc.nat(), text).map(([i, more]) => (value: Json): Json =>
    typeof value === "string" ? value.slice(0, i % (value.length + 1)) + more + value.slice(i % (value.length + 1)) : null
  ),
  fc.constantFrom<(value: Json) => Json>(
    (value) => typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `${String(value)} `,
    (value) => typeof value === "string" ? value.toUpperCase() : null,
    (value) => typeof value === "string" ? value.slice(1) : null,
  ),
  fc.jsonValue().map((value) => () => value as Json),
);

const lists = (json: JsonObject): string[] => leaves(json).filter((pointer) => /\/\d+$/.test(pointer));

async function holds(artifact: JsonObject, proposal: JsonObject): Promise<boolean> {
  const raw = readActivation(bytesOf(artifact), "a");
  const read = readProposal(crypto, bytesOf(proposal), "p");
  if (!raw.ok || !read.ok) return false;
  const judged = judgeProposal(crypto, read.value, NOW);
  const failure = await activationFailure(crypto, raw.value, { judged, key: KEY, now: NOW, allow_development_signing: true });
  return failure === undefined;
}

const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

property(
  "any member of an activated contract or of its proposal that changes, goes or comes makes the verification fail",
  fc.tuple(terms, another, fc.nat(), fc.boolean(), fc.constantFrom("change", "drop", "add")),
  async ([drawn, mutate, pick, ofProposal, how]) => {
    const artifact = await activated(FULL, drawn, KEY);
    assert(await holds(artifact, FULL), "unchanged it holds");
    const victim = ofProposal ? FULL : artifact;
    const pointers = how === "drop" ? [...leaves(victim), ...lists(victim)] : leaves(victim);
    const pointer = pointers[pick % pointers.length] ?? "";
    const target = how === "add" ? `${pointer.slice(0, pointer.lastIndexOf("/"))}/extra` : pointer;
    const value = how === "drop" ? undefined : mutate(at(victim, pointer) ?? null);
    const bad = changed(victim, target, value);
    if (same(at(bad, target), at(victim, target))) return; // it happens to be the same, or a list has no such member
    assert(!(ofProposal ? await holds(artifact, bad) : await holds(bad, FULL)), `${how} ${target}: ${JSON.stringify(value)}`);
  },
);

property("two different terms never have the same activation", fc.tuple(terms, terms), async ([a, b]) => {
  const [first, second] = [await activated(FULL, a, KEY), await activated(FULL, b, KEY)];
  const { artifact_id: id1, signature: s1, ...said1 } = first;
  const { artifact_id: id2, signature: s2, ...said2 } = second;
  assert(same(said1, said2) === (id1 === id2) && same(said1, said2) === same(s1, s2));
});

property(
  "judging a proposal with anything anywhere never throws, and never finds it sound",
  fc.tuple(fc.nat(), fc.jsonValue()),
  ([pick, value]) => {
    const pointers = leaves(FULL);
    const pointer = pointers[pick % pointers.length] ?? "";
    const bad = changed(FULL, pointer, value as Json);
    const read = readProposal(crypto, bytesOf(bad), "p");
    if (!read.ok) return assert(read.fault.reason === "artifact_malformed");
    const unchanged = same(at(bad, pointer), at(FULL, pointer)) || pointer === "/artifact_id";
    assert(unchanged || judgeProposal(crypto, read.value, NOW).reasons.length > 0, pointer);
  },
);
