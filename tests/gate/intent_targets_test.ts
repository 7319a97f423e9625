// Targets and provenance in normal form (spec 02, section 4.2, rules 3 and 4): filled in, without repeats, in one order.
import type { JsonObject } from "../../core/base/json.ts";
import type { Target } from "../../core/schema/intent.ts";
import { assertEquals } from "../assert.ts";
import { intent, request } from "./intents.ts";

const PLAIN: Target = {
  kind: "queue",
  value: "q",
  operation: "",
  sensitivity: "",
  endpoint_class: "other",
  endpoint_domain: "",
  destructive: false,
  discovery_method: "unknown",
  read_only_hint: false,
  destructive_hint: false,
  idempotent_hint: false,
  open_world_hint: false,
};
const targets = (...all: readonly JsonObject[]): readonly Target[] => intent(request({ targets: all })).targets;

Deno.test("targets: what is not said is inferred, what is said counts but for destruction", () => {
  assertEquals(targets({ kind: " Queue", value: " q " }), [PLAIN]);
  const [url] = targets({ kind: "URL", value: " https://U@Api.Example:1/X ", operation: " GET " });
  assertEquals(url, {
    ...PLAIN,
    kind: "url",
    value: "https://U@Api.Example:1/X",
    operation: "get",
    endpoint_class: "net.http",
    endpoint_domain: "api.example",
  });
  const [declared] = targets({ kind: "path", value: "/x", operation: "rm", endpoint_class: " FS.Read", endpoint_domain: " D" });
  assertEquals([declared?.endpoint_class, declared?.endpoint_domain, declared?.destructive], ["fs.read", "d", true]);
  const [executed] = targets({ kind: "path", value: "/x", endpoint_class: "proc.exec", destructive: false });
  assertEquals(executed?.destructive, true);
  const [hinted] = targets({ kind: "queue", value: "q", destructive_hint: true, discovery_method: " Dynamic-MCP " });
  assertEquals([hinted?.destructive, hinted?.destructive_hint, hinted?.discovery_method], [true, true, "dynamic_mcp"]);
  assertEquals(targets({ kind: "queue", value: "q", discovery_method: "static mcp" })[0]?.discovery_method, "static_mcp");
});

const B = { kind: "queue", value: "b" };

// Each differs from the one before in one member, which puts it behind.
const ORDERED: readonly JsonObject[] = [
  { kind: "bucket", value: "z", operation: "z", endpoint_class: "ui.type" },
  { kind: "queue", value: "A", operation: "z" },
  { kind: "queue", value: "a", sensitivity: "z" },
  { kind: "queue", value: "a", operation: "put", endpoint_class: "ui.type" },
  { kind: "queue", value: "a", operation: "put", sensitivity: "low" },
  { kind: "queue", value: "a", operation: "put", sensitivity: "low", endpoint_class: "ui.click" },
  { kind: "queue", value: "a", operation: "put", sensitivity: "low", endpoint_class: "ui.click", endpoint_domain: "d" },
  { ...B, discovery_method: "webmcp" },
  { ...B, destructive: true, discovery_method: "a2a" },
  { ...B, destructive: true, discovery_method: "mcp", open_world_hint: true },
  { ...B, destructive: true, discovery_method: "mcp", idempotent_hint: true },
  { ...B, destructive: true, discovery_method: "mcp", destructive_hint: true },
  { ...B, destructive: true, discovery_method: "mcp", read_only_hint: true },
  { kind: "queue", value: "\ufb33" },
  { kind: "queue", value: "\u{1f600}" },
];

Deno.test("targets: one order, whatever order and spelling they come in; repeats are dropped", () => {
  const one = ORDERED.map((target) => targets(target)[0]);
  assertEquals(targets(...ORDERED), one);
  assertEquals(targets(...[...ORDERED, ...ORDERED].reverse()), one);
});

Deno.test("provenance: a set in one order", () => {
  const digest = "EF".repeat(32);
  const { arg_provenance } = intent(request({
    arg_provenance: [
      { arg_path: "args.b", source: "user" },
      { arg_path: " args.a", source: "External", source_ref: "r ", integrity_digest: digest },
      { arg_path: "args.b", source: "USER" },
      { arg_path: "args.a", source: "external", source_ref: "r" },
      { arg_path: "args.a", source: "external" },
      { arg_path: "Args.a", source: "system" },
    ],
  }));
  assertEquals(
    arg_provenance.map((
      { arg_path, source, source_ref, integrity_digest },
    ) => [arg_path, source, source_ref, integrity_digest]),
    [
      ["Args.a", "system", "", ""],
      ["args.a", "external", "", ""],
      ["args.a", "external", "r", ""],
      ["args.a", "external", "r", digest.toLowerCase()],
      ["args.b", "user", "", ""],
    ],
  );
});
