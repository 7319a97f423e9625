// The state of the kill switch: what is read from it, what is refused, and what each change makes of it.
import { createHash } from "node:crypto";
import { fromUtf8, utf8 } from "../../core/base/bytes.ts";
import type { FaultCode } from "../../core/base/errors.ts";
import {
  addEntry,
  type Change,
  disableEntry,
  type Draft,
  emptyKillSwitch,
  expireEntry,
  killSwitchBytes,
  type KillSwitchState,
  readKillSwitch,
} from "../../core/gate/kill_switch_state.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const { crypto } = nodeHost;
const THEN = "2026-03-01T00:00:00Z";
const STAMP = { now: "2026-03-14T09:30:00Z", producer_version: "t" };
const LATER = { now: "2026-03-14T09:31:00Z", producer_version: "u" };
const NEVER = "0001-01-01T00:00:00Z";

const HEAD = { schema_id: "gait.gate.kill_switch_state", schema_version: "1.0.0", created_at: THEN, updated_at: THEN };
const file = (entries: unknown, head: object = HEAD): Uint8Array => utf8(JSON.stringify({ ...head, entries }));
const entry = (members: object): object => ({ entry_id: "e", enabled: true, created_at: THEN, ...members });
const read = (entries: unknown): KillSwitchState => assertOk(readKillSwitch(file(entries), "ks.json"));
const add = (state: KillSwitchState, draft: Draft, stamp = STAMP): Change => assertOk(addEntry(crypto, state, draft, stamp));

const BARE = {
  agent_id: "",
  identity: "",
  tool_name: "",
  target_kind: "",
  target_value: "",
  environment: "",
  path_prefixes: [],
  workspace_prefixes: [],
  reason: "",
  actor: "",
  expires_at: NEVER,
};

Deno.test("kill switch: entries are read normalized and sorted by id", () => {
  const state = read([
    entry({ entry_id: " z " }),
    entry({
      entry_id: "a",
      enabled: false,
      identity: " svc ",
      tool_name: " DB.Drop ",
      target_kind: "URL",
      target_value: " https://X ",
      environment: "PROD",
      path_prefixes: ["/b/", " /a//x ", "", "/b/../b", "c\\d"],
      workspace_prefixes: ["/srv/./w/"],
      created_at: "2026-03-01T01:00:00+01:00",
      expires_at: "2026-03-02T00:00:00.50-01:00",
    }),
  ]);
  assertEquals(state.entries, [
    {
      entry_id: "a",
      ...BARE,
      enabled: false,
      identity: "svc",
      tool_name: "db.drop",
      target_kind: "url",
      target_value: "https://X",
      environment: "prod",
      path_prefixes: ["/a/x", "/b", "c/d"],
      workspace_prefixes: ["/srv/w"],
      created_at: THEN,
      expires_at: "2026-03-02T01:00:00.5Z",
    },
    { entry_id: "z", ...BARE, enabled: true, created_at: THEN },
  ]);
  assertEquals(read([]).entries, []);
  assertEquals(read([entry({ entry_id: "", tool_name: "t" })]).entries.length, 1, "a selector without an id");
});

Deno.test("kill switch: a state of which a part cannot be read is refused as a whole", () => {
  const other = (change: object): Uint8Array => file([], { ...HEAD, ...change });
  const bad: readonly (readonly [string, FaultCode, Uint8Array, string?])[] = [
    ["empty", "json_syntax", utf8("")],
    ["torn", "json_syntax", file([entry({})]).subarray(0, -9)],
    ["zeros", "json_syntax", new Uint8Array(100)],
    ["text after it", "json_syntax", utf8(`${fromUtf8(file([]))}{}`)],
    ["a list", "document_shape", utf8("[]")],
    ["another document", "document_kind", other({ schema_id: "x" })],
    ["no id", "document_shape", other({ schema_id: undefined }), "/schema_id"],
    ["another version", "document_shape", other({ schema_version: "2.0.0" }), "/schema_version"],
    ["no created_at", "document_shape", other({ created_at: undefined }), "/created_at"],
    ["no updated_at", "document_shape", other({ updated_at: undefined }), "/updated_at"],
    ["zero updated_at", "document_shape", other({ updated_at: NEVER }), "/updated_at"],
    ["no time", "document_shape", other({ updated_at: "" }), "/updated_at"],
    ["no entries", "document_shape", file(undefined), "/entries"],
    ["null for entries", "document_shape", file(null), "/entries"],
    ["other entries", "document_shape", file({}), "/entries"],
    ["unknown member", "document_shape", other({ entry: [] }), "/entry"],
    ["neither id nor selector", "document_shape", file([entry({ entry_id: " " })]), "/entries/0"],
    ["selectors that are blank", "document_shape", file([entry({ entry_id: "", path_prefixes: [" "] })]), "/entries/0"],
    ["enabled not said", "document_shape", file([entry({ enabled: undefined })]), "/entries/0/enabled"],
    ["enabled as text", "document_shape", file([entry({ enabled: "true" })]), "/entries/0/enabled"],
    ["misspelled selector", "document_shape", file([entry({}), entry({ tool: "x" })]), "/entries/1/tool"],
    ["another letter case", "document_shape", file([entry({ Tool_name: "x" })]), "/entries/0/Tool_name"],
    ["unknown kind", "document_shape", file([entry({ target_kind: "server" })]), "/entries/0/target_kind"],
    ["no created_at in it", "document_shape", file([entry({ created_at: undefined })]), "/entries/0/created_at"],
    ["no time at its end", "document_shape", file([entry({ expires_at: "soon" })]), "/entries/0/expires_at"],
    ["prefixes as text", "document_shape", file([entry({ path_prefixes: "/a" })]), "/entries/0/path_prefixes"],
    ["a member twice", "json_duplicate_key", utf8(fromUtf8(file([])).replace("{", '{"entries":[],'))],
  ];
  for (const [name, code, bytes, pointer] of bad) {
    const { message, at } = assertFault(readKillSwitch(bytes, "ks.json"), code, name);
    assert(message.startsWith('Cannot read "ks.json": '), message);
    if (pointer !== undefined) assertEquals(at?.pointer, pointer, name);
    assert(code === "document_kind" || at?.line === 1, `${name}: the place is told`);
  }
});

Deno.test("kill switch: an entry is added last, in force, stamped and normalized", () => {
  const before = emptyKillSwitch(STAMP);
  assertEquals(before, { ...HEAD, created_at: STAMP.now, updated_at: STAMP.now, producer_version: "t", entries: [] });
  const first = add(before, { entry_id: "z", tool_name: " Ledger.Post", path_prefixes: ["/b/", "/a//x", ""] });
  assertEquals(first.entry, {
    entry_id: "z",
    ...BARE,
    enabled: true,
    tool_name: "ledger.post",
    path_prefixes: ["/a/x", "/b"],
    created_at: STAMP.now,
  });
  const second = add(first.state, { entry_id: "a" }, LATER);
  assertEquals(second.state.entries.map(({ entry_id }) => entry_id), ["z", "a"]);
  assertEquals(
    [second.state.created_at, second.state.updated_at, second.state.producer_version],
    [STAMP.now, LATER.now, LATER.producer_version],
  );
  const written = assertOk(readKillSwitch(killSwitchBytes(second.state), "ks.json"));
  assertEquals(written.entries.map(({ entry_id }) => entry_id), ["a", "z"], "the file is sorted");
});

Deno.test("kill switch: an entry without an id gets one of its members", () => {
  const { entry } = add(emptyKillSwitch(STAMP), { tool_name: "T", environment: "E", path_prefixes: ["/b", "/a"], reason: "r" });
  const parts = ["", "", "t", "", "", "e", "/a,/b", "", "r", STAMP.now];
  assertEquals(entry.entry_id, createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 24));
  const code = assertFault(addEntry(crypto, emptyKillSwitch(STAMP), { reason: "r" }, STAMP), "missing_argument");
  assertEquals(code.message, "Cannot add an entry: give a selector, or an id for a stop of every call");
  assertFault(addEntry(crypto, emptyKillSwitch(STAMP), { target_kind: "server" }, STAMP), "document_shape");
});

Deno.test("kill switch: adding never lets through what was stopped, and one id is disabled with all its entries", () => {
  const first = add(emptyKillSwitch(STAMP), { entry_id: "e" }).state;
  const twice = add(first, { entry_id: "e", tool_name: "t" }).state;
  assertEquals(twice.entries.map(({ enabled, tool_name }) => [enabled, tool_name]), [[true, ""], [true, "t"]]);
  const off = assertOk(disableEntry(twice, "e", LATER));
  assertEquals(off.state.entries.map(({ enabled }) => enabled), [false, false]);
  assertEquals([off.entry.tool_name, off.state.updated_at], ["t", LATER.now]);
});

Deno.test("kill switch: an entry is disabled or ended by its id; an unknown one is a fault", () => {
  const state = add(add(emptyKillSwitch(STAMP), { entry_id: "a" }).state, { entry_id: "b" }).state;
  const off = assertOk(disableEntry(state, "a", LATER));
  assertEquals(off.state.entries.map(({ entry_id, enabled }) => [entry_id, enabled]), [["a", false], ["b", true]]);
  const over = assertOk(expireEntry(state, "b", "2026-03-14T10:00:00+01:00", LATER));
  assertEquals(over.state.entries.map(({ expires_at, enabled }) => [expires_at, enabled]), [
    [NEVER, true],
    ["2026-03-14T09:00:00Z", true],
  ]);
  assertEquals(over.entry.entry_id, "b");
  assertFault(expireEntry(state, "b", "later", LATER), "flag_value");
  for (const gone of ["c", "A", ""]) {
    const { message } = assertFault(disableEntry(state, gone, LATER), "entry_missing");
    assertEquals(message, `Cannot disable entry "${gone}": the kill switch has none of that id`);
    assertFault(expireEntry(state, gone, THEN, LATER), "entry_missing");
  }
});
