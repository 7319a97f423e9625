// Properties of reading, normalizing and digesting intents (spec 02, section 4).
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import { digestOf } from "../../core/base/digest.ts";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../core/base/json_value.ts";
import { writeShape } from "../../core/base/shape.ts";
import { allIntentDigests, argsDigest, intentDigests } from "../../core/gate/intent_digest.ts";
import { intentOf, readIntent, readIntents } from "../../core/gate/intent_read.ts";
import { readInventory } from "../../core/gate/inventory.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import type { Intent } from "../../core/gate/types.ts";
import { INTENT_ID, IntentDigestShape, IntentRequestShape } from "../../core/schema/intent.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { damaged, type Dice, diceOf, pick } from "../runtimes/dice.ts";
import { intentJson, inventoryJson, spoiledIntent } from "./gate_arbitrary.ts";
import { property } from "./run.ts";

const { crypto } = nodeHost;
const seed = fc.integer({ min: 1, max: 2 ** 31 - 2 });
const digestsOf = (intent: Intent) => ({ ...intentDigests(crypto, intent), args_digest: argsDigest(crypto, intent) });
const digests = (json: Json) => digestsOf(assertOk(intentOf(json, "i")));
const printed = (intent: Intent): JsonObject =>
  writeShape(IntentRequestShape, { schema_id: INTENT_ID, schema_version: "1.0.0", producer_version: "test", ...intent });

/** The value with each text in it, but for times, as `change` makes it. */
const texts = (json: Json, change: (text: string) => string): Json => {
  if (typeof json === "string") return change(json);
  if (isJsonList(json)) return json.map((item) => texts(item, change));
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, name.endsWith("_at") ? value : texts(value, change)]),
  );
};

const odd = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(..."./\\:@[]%# -_=aA1\t\u0130\u{1f600}"), maxLength: 16 }),
);
/** Intents of which some texts are odd: they need not be intents any more. */
const oddIntent = fc.tuple(intentJson, fc.array(odd, { minLength: 1, maxLength: 6 }), seed).map(([json, odds, dice]) => {
  const roll = diceOf(dice);
  return texts(json, (text) => roll(6) === 0 ? pick(roll, odds) : text);
});

property("intent: normalizing what normalization printed changes nothing", fc.oneof(intentJson, oddIntent), (json) => {
  const once = intentOf(json, "i");
  if (!once.ok) return;
  const again = assertOk(intentOf(printed(once.value), "i"), JSON.stringify(json));
  assertEquals(again, once.value);
  assertEquals(digestsOf(again), digestsOf(once.value));
});

// The same few calls again and again, with other words where calls of one program differ, and now and then elsewhere.
const alike = fc.record({
  calls: fc.array(fc.oneof(intentJson, oddIntent), { minLength: 1, maxLength: 3 }),
  words: fc.array(fc.oneof(odd, fc.constantFrom("", "a", "\u0001", "\\ud800")), { minLength: 1, maxLength: 4 }),
  dice: seed,
});
const OWN: ReadonlySet<string> = new Set(["request_id", "value", "endpoint_domain", "arg_path", "source_ref"]);
const withWords = (json: Json, words: readonly string[], roll: Dice): Json => {
  if (isJsonList(json)) return json.map((item) => withWords(item, words, roll));
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, member]) => {
      const changed = typeof member === "string" && roll(OWN.has(name) ? 2 : 40) === 0 && !name.endsWith("_at");
      return [name, changed ? pick(roll, words) : withWords(member, words, roll)];
    }),
  );
};

property(
  "intent: what is digested is the text of the document, whatever was digested before",
  alike,
  ({ calls, words, dice }) => {
    const roll = diceOf(dice);
    for (let i = 0; i < 60; i++) {
      const intent = intentOf(withWords(pick(roll, calls), words, roll), "i");
      if (!intent.ok) continue;
      const { intent_digest, script_hash } = intentDigests(crypto, intent.value);
      assertEquals(intent_digest, digestOf(crypto, writeShape(IntentDigestShape, { ...intent.value, script_hash })));
    }
  },
);

const shuffled = <T>(roll: Dice, list: readonly T[]): T[] => {
  const left = [...list];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(roll(left.length), 1));
  return out;
};
const reordered = (roll: Dice, json: Json): Json =>
  isJsonList(json)
    ? json.map((item) => reordered(roll, item))
    : isJsonObject(json)
    ? Object.fromEntries(shuffled(roll, Object.entries(json)).map(([name, value]) => [name, reordered(roll, value)]))
    : json;

property(
  "intent: digests do not depend on the order of members, nor on spacing",
  fc.tuple(intentJson, seed),
  ([json, dice]) => {
    const text = JSON.stringify(reordered(diceOf(dice), json), undefined, dice % 5);
    const read = assertOk(readIntent(utf8(` \r\n${text}\t`), "i"));
    assertEquals(digestsOf(read), digests(json));
  },
);

const SETS: readonly string[] = [
  "targets",
  "arg_provenance",
  "token_refs",
  "context_refs",
  "credential_scopes",
  "writable_paths",
];
const repeated = (roll: Dice, json: Json): Json =>
  isJsonList(json) ? json.map((item) => repeated(roll, item)) : isJsonObject(json)
    ? Object.fromEntries(
      Object.entries(json).map(([name, value]): [string, Json] => {
        if (name === "args" || name === "auth_context") return [name, value];
        const inner = repeated(roll, value);
        return [name, SETS.includes(name) && isJsonList(inner) ? shuffled(roll, [...inner, ...inner.slice(roll(3))]) : inner];
      }),
    )
    : json;

property(
  "intent: digests do not depend on the order and repeats of what is a set",
  fc.tuple(intentJson, seed),
  ([json, dice]) => {
    assertEquals(digests(repeated(diceOf(dice), json)), digests(json));
  },
);

property("intent: digests do not depend on blanks around texts", fc.tuple(intentJson, seed), ([json, dice]) => {
  const roll = diceOf(dice);
  const pad = (): string => pick(roll, ["", " ", "\n\t", "\u3000"]);
  assertEquals(digests(texts(json, (text) => `${pad()}${text}${pad()}`)), digests(json));
});

property(
  "intent: lines that are read together, whole ones and others, come to what each comes to alone, digests too",
  fc.array(
    fc.oneof(fc.oneof(intentJson, oddIntent).map((json) => JSON.stringify(json)), fc.string()),
    { maxLength: 20 },
  ),
  (texts) => {
    const lines = texts.map((text, i) => ({ number: 3 * i + 1, bytes: utf8(text.toWellFormed()) }));
    const read = readIntents(lines, "i");
    assertEquals(read, lines.map(({ number, bytes }) => ({ line: number, intent: readIntent(bytes, "i", number) })));
    const intents = read.map(({ intent }) => intent.ok ? intent.value : undefined);
    assertEquals(allIntentDigests(crypto, intents), intents.map((intent) => intent && intentDigests(crypto, intent)));
  },
);

property("intent: any change of an argument changes both digests", fc.tuple(intentJson, seed), ([json, dice]) => {
  const changed = digests({ ...json, args: { ...isJsonObject(json.args) ? json.args : {}, n: dice } });
  const before = digests(json);
  assert(changed.args_digest !== before.args_digest && changed.intent_digest !== before.intent_digest);
});

property(
  "readIntent is total over JSON, and agrees with intentOf",
  fc.oneof(fc.jsonValue(), spoiledIntent, oddIntent),
  (value) => {
    const text = JSON.stringify(value);
    const json: Json = JSON.parse(text);
    const [read, given] = [readIntent(utf8(text), "i"), intentOf(json, "i")];
    if (read.ok && given.ok) return assertEquals(read.value, given.value);
    assert(!read.ok && !given.ok, text);
    assertEquals([read.fault.code, read.fault.message], [given.fault.code, given.fault.message]);
    assert((read.fault.at?.line ?? 0) > 0 && read.fault.at?.pointer !== undefined, JSON.stringify(read.fault));
  },
);

property("readIntent is total over bytes", fc.oneof(fc.uint8Array(), fc.tuple(intentJson, seed)), (given) => {
  const bytes = given instanceof Uint8Array ? given : damaged(diceOf(given[1]), utf8(JSON.stringify(given[0])));
  const read = readIntent(bytes, "i");
  if (read.ok) return void digestsOf(read.value);
  assert(read.fault.message.startsWith(`Cannot read "i": `) && !/[.!]$/.test(read.fault.message), read.fault.message);
});

property(
  "prepareIntent leaves no claim, adds what the inventory knows, and has nothing to do twice",
  fc.tuple(intentJson, inventoryJson),
  ([json, list]) => {
    const items = assertOk(readInventory(utf8(JSON.stringify(list)), "inv.json"));
    const given = { inventory: { items, source: "./inv.json" } };
    const intent = assertOk(intentOf(json, "i"));
    const once = assertOk(prepareIntent(intent, given));
    const { context } = once.intent;
    assertEquals([context.context_set_digest, context.context_evidence_mode, context.context_refs], ["", "", []]);
    assert(!Object.hasOwn(context.auth_context ?? {}, "context_age_seconds"));
    const item = items.get(intent.tool_name);
    if (item !== undefined) assertEquals(context.auth_context?.["wrkr.data_class"], item.data_class);
    assertEquals(
      once.context_source === "",
      item === undefined && !intent.script?.steps.some((step) => items.has(step.tool_name)),
    );
    assertEquals(assertOk(prepareIntent(once.intent, given)), once);
    assert(assertOk(prepareIntent(once.intent, {})).intent === once.intent);
  },
);
