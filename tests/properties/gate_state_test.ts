// What limits, the kill switch and project defaults promise, whatever the clock does, whatever is written, and however many ask at
// once.
import fc from "fast-check";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import { timeFromClock } from "../../core/base/time.ts";
import {
  addEntry,
  type Draft,
  emptyKillSwitch,
  killSwitchBytes,
  killSwitchDocument,
  readKillSwitch,
} from "../../core/gate/kill_switch_state.ts";
import { countOne } from "../../core/gate/limits.ts";
import type { Limit } from "../../core/gate/types.ts";
import { readConfig } from "../../cli/config.ts";
import { countCall } from "../../cli/limit_state.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { property } from "./run.ts";

const limit: fc.Arbitrary<Limit> = fc.record({
  requests: fc.integer({ min: 1, max: 4 }),
  window: fc.constantFrom("minute", "hour"),
  scope: fc.constantFrom("tool_identity", "tool", "identity"),
});
const LENGTHS = { minute: 60_000, hour: 3_600_000 };
const call = fc.record({
  /** By how much the clock was moved since the call before, in seconds. */
  moved: fc.oneof(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -9000, max: 9000 })),
  tool: fc.constantFrom("a", "b"),
  identity: fc.constantFrom("x", "y"),
  budget: fc.boolean(),
});

property(
  "no window lets more through than the limit, and none comes again when the clock runs backwards by up to a window",
  fc.record({ limit, calls: fc.array(call, { maxLength: 60 }) }),
  ({ limit, calls }) => {
    const through = new Map<string, number>();
    let bytes: Uint8Array | undefined;
    let clock = Date.UTC(2026, 2, 14, 9, 59, 30);
    let latest = clock;
    let window = "";
    for (const { moved, ...caller } of calls) {
      clock = Math.max(clock + moved * 1000, latest - LENGTHS[limit.window]);
      latest = Math.max(latest, clock);
      const counted = assertOk(countOne(bytes, limit, caller, timeFromClock(clock)));
      if (counted.exceeded) continue;
      bytes = counted.next;
      assert(counted.bucket >= window, `${window} was over, and ${counted.bucket} came again`);
      window = counted.bucket;
      const seen = `${counted.bucket} ${counted.key}`;
      through.set(seen, (through.get(seen) ?? 0) + 1);
      assert((through.get(seen) ?? 0) <= limit.requests, seen);
    }
  },
);

property(
  "however the clock runs and whatever is in the state, no counter passes its limit, and none further ahead than a window counts",
  fc.record({ limit, calls: fc.array(call, { maxLength: 60 }) }),
  ({ limit, calls }) => {
    const start = Date.UTC(2026, 2, 14, 9, 59, 30);
    const length = LENGTHS[limit.window];
    const far = `${limit.window}|${limit.scope}|2999-01-01T00:00:00Z|a|x`;
    let bytes = utf8(JSON.stringify({
      schema_id: "gait.gate.rate_limit_state",
      schema_version: "1.0.0",
      counters: [{ key: far, count: 99 }],
    }));
    let clock = start;
    for (const { moved, ...caller } of calls) {
      clock += moved * 1000;
      const counted = assertOk(countOne(bytes, limit, caller, timeFromClock(clock)));
      const ahead = Date.parse(counted.bucket) - Math.floor(clock / length) * length;
      assert(ahead === 0 || ahead === length, `${counted.bucket} at ${timeFromClock(clock)}`);
      assertEquals(counted.behind, ahead > 0);
      bytes = counted.next ?? bytes;
      for (const { key, count } of JSON.parse(fromUtf8(bytes)).counters) {
        assert(key === far ? count === 99 : count <= limit.requests, `${key}: ${count}`);
      }
      assert(fromUtf8(bytes).includes(far), "it is not lost");
    }
  },
);

property(
  "of many that count at once exactly as many are let through as the limit says",
  fc.record({ limit, count: fc.integer({ min: 1, max: 40 }) }),
  async ({ limit, count }) => {
    const { state } = memoryPorts({ host: nodeHost });
    const clock = { now: () => "2026-03-14T09:26:53Z" };
    const caller = { tool: "t", identity: "i", budget: false };
    const all = await Promise.all(
      Array.from({ length: count }, async () => assertOk(await countCall("a/rl.json", limit, caller, { state, clock }))),
    );
    const through = all.filter(({ exceeded }) => !exceeded).map(({ used }) => used);
    assertEquals(through.toSorted((a, b) => a - b), Array.from({ length: Math.min(count, limit.requests) }, (_, i) => i + 1));
  },
);

const STAMP = { now: "2026-03-14T09:30:00Z", producer_version: "t" };
const word = fc.string({ unit: "grapheme", maxLength: 6 });
const draft: fc.Arbitrary<Draft> = fc.record({
  entry_id: word,
  agent_id: word,
  identity: word,
  tool_name: word,
  target_kind: fc.constantFrom("", "path", "HOST", " url "),
  target_value: word,
  environment: word,
  path_prefixes: fc.array(word, { maxLength: 3 }),
  workspace_prefixes: fc.array(fc.constantFrom("/", "", ".", "/a/../b", "c//d", "\\e"), { maxLength: 3 }),
  reason: word,
  actor: word,
});

// The order of bytes, apart from the program.
const byteOrder = (a: string, b: string): number => {
  const [x, y] = [utf8(a), utf8(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
  return x.length - y.length;
};

property(
  "what is added is read back as it was answered, whatever was added before",
  fc.array(draft, { maxLength: 5 }),
  (drafts) => {
    let state = emptyKillSwitch(STAMP);
    for (const one of drafts) {
      const added = addEntry(nodeHost.crypto, state, one, STAMP);
      if (added.ok) state = assertOk(readKillSwitch(killSwitchBytes(added.value.state), "ks.json"));
      if (added.ok) assert(state.entries.some((entry) => JSON.stringify(entry) === JSON.stringify(added.value.entry)));
      assert(added.ok || added.fault.code === "missing_argument", "only one that says nothing is refused");
    }
    const ids = state.entries.map(({ entry_id }) => entry_id);
    assertEquals(ids, ids.toSorted((a, b) => byteOrder(a, b)));
    assertEquals(assertOk(readKillSwitch(killSwitchBytes(state), "ks.json")), state);
    assertEquals(JSON.parse(fromUtf8(killSwitchBytes(state))), killSwitchDocument(state));
  },
);

const PARTS = [
  "gate:",
  "policy: ",
  "a",
  ":",
  " ",
  "\n",
  "  ",
  "- ",
  "[",
  "]",
  "{",
  "}",
  '"',
  "'",
  "&a",
  "*a",
  "!",
  "|",
  ">",
  "?",
  "#",
  "%",
];

property(
  "any text of a configuration is read or refused, in words and with a place of its own",
  fc.array(fc.constantFrom(...PARTS, "---", ",", "<<", "~", "\\", "\t", "é", "\u2028", "__proto__"), { maxLength: 40 }),
  async (parts) => {
    const result = await readConfig(utf8(parts.join("")), "c.yaml");
    if (result.ok || result.fault.code !== "yaml_syntax") return;
    const { line = 0, column = 0 } = result.fault.at ?? {};
    assert(line > 0 && column > 0 && !result.fault.message.includes("Cannot", 1), result.fault.message);
  },
);
