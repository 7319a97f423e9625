// Tainted arguments and where they flow to.
import type { Json } from "../../core/base/json.ts";
import { type Row, rows, ruled, type Said } from "./decide.ts";
import { request } from "./intents.ts";

const OK: Said = ["allow", "ok", ""];
const ASKED: Said = ["require_approval", "dataflow_tainted_destination ok", "tainted_dataflow"];

const flows = (source: string, ...targets: readonly Json[]): Json =>
  request({ targets, arg_provenance: [{ arg_path: "a", source }] });

const outward: readonly Row[] = ["host", "url", "bucket", "queue", "topic"].map((kind) => [
  `tainted into ${kind}`,
  flows("external", { kind, value: "x" }),
  ASKED,
]);

const inward: readonly Row[] = ["path", "table", "repo"].map((kind) => [
  `tainted into ${kind}`,
  flows("external", { kind, value: "x", operation: "read" }),
  OK,
]);

rows("dataflow with defaults", ruled({ dataflow: { enabled: true } }), [
  ...outward,
  ...inward,
  ["output of a tool taints too", flows("tool_output", { kind: "url", value: "https://x.example" }), ASKED],
  ["a user does not taint", flows("user", { kind: "url", value: "https://x.example" }), OK],
  ["nothing is touched", flows("external"), OK],
  ["nothing is known of the arguments", request({ targets: [{ kind: "url", value: "https://x.example" }] }), OK],
]);

const configured = {
  tainted_sources: ["user"],
  destination_kinds: ["table", "path"],
  destination_values: ["t", "/out/x"],
  destination_operations: ["put"],
  action: "block",
  reason_code: "leak",
  violation: "leaking",
};
const LEAKED: Said = ["block", "leak ok", "leaking"];

rows("dataflow with lists", ruled({ dataflow: configured }), [
  ["one target meets all of them", flows("user", { kind: "table", value: "t", operation: "PUT" }), LEAKED],
  [
    "two targets meet them together",
    flows("user", { kind: "table", value: "u", operation: "put" }, { kind: "queue", value: "t", operation: "put" }),
    OK,
  ],
  ["another source", flows("external", { kind: "table", value: "t", operation: "put" }), OK],
  ["a path that leads there", flows("user", { kind: "path", value: "/out/../out/x", operation: "put" }), LEAKED],
]);

for (const effect of ["block", "require_approval", "dry_run"]) {
  const strongest = effect === "block" ? "block" : "require_approval";
  rows(`dataflow on a rule of effect ${effect}`, ruled({ effect, dataflow: { enabled: true } }), [
    ["never weakens it", flows("external", { kind: "url", value: "https://x.example" }), [strongest, ASKED[1], ASKED[2]]],
  ]);
}
