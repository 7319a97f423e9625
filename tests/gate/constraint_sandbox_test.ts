// What sandbox a call has to prove.
import type { JsonObject } from "../../core/base/json.ts";
import { assertEquals } from "../assert.ts";
import { decide, type Row, rows, ruled, type Said } from "./decide.ts";
import { CONTEXT, inContext, request } from "./intents.ts";

const SANDBOX = {
  network_mode: "disabled",
  env_exposure_mode: "none",
  filesystem_isolation: "container",
  user_mode: "unprivileged",
  timeout_seconds: 60,
  writable_paths: ["/work/out"],
  read_only_roots: ["/usr", "/lib"],
  evidence_ref: "sandbox:1",
  evidence_digest: "1f".repeat(32),
};

const OK: Said = ["allow", "ok", ""];
const failed = (code: string): Said => ["block", [code, "ok"].sort().join(" "), code];
const boxed = (change: JsonObject = {}) => inContext({ sandbox: { ...SANDBOX, ...change } });

const one = (field: string, value: JsonObject[string], table: readonly Row[]): void =>
  rows(`sandbox: ${field}`, ruled({ sandbox: { [field]: value } }), table);

const MODES = [
  ["network_mode", "allowed_network_modes", "disabled", "full"],
  ["env_exposure_mode", "allowed_env_exposure_modes", "none", "full"],
  ["filesystem_isolation", "allowed_filesystem_isolations", "container", "none"],
  ["user_mode", "allowed_user_modes", "unprivileged", "root"],
] as const;

for (const [mode, list, good, bad] of MODES) {
  one(list, [good], [
    ["listed", boxed(), OK],
    ["not listed", boxed({ [mode]: bad }), failed(`sandbox_${mode}_disallowed`)],
    ["absent", boxed({ [mode]: "" }), failed(`sandbox_${mode}_missing`)],
  ]);
}

one("max_timeout_seconds", 60, [
  ["short enough", boxed(), OK],
  ["too long", boxed({ timeout_seconds: 61 }), failed("sandbox_timeout_exceeded")],
  ["absent", boxed({ timeout_seconds: 0 }), failed("sandbox_timeout_missing")],
  // What every field turns on.
  ["no metadata", inContext({}), failed("sandbox_metadata_missing")],
  ["no proof", boxed({ evidence_ref: "" }), failed("sandbox_evidence_missing")],
  ["no digest of the proof", boxed({ evidence_digest: "" }), failed("sandbox_evidence_missing")],
  ["a mode is absent", boxed({ user_mode: "" }), failed("sandbox_user_mode_missing")],
]);
one("allowed_writable_path_prefixes", ["/work/"], [
  ["below", boxed(), OK],
  ["equal", boxed({ writable_paths: ["/work"] }), OK],
  ["beside", boxed({ writable_paths: ["/work/a", "/workshop"] }), failed("sandbox_writable_path_disallowed")],
  ["climbing out", boxed({ writable_paths: ["/work/../etc"] }), failed("sandbox_writable_path_disallowed")],
  ["climbing out, encoded", boxed({ writable_paths: ["/work/%2e%2e/etc"] }), failed("sandbox_writable_path_disallowed")],
  ["none", boxed({ writable_paths: [] }), OK],
]);
one("required_read_only_roots", ["/usr", "/lib/x"], [
  ["each is declared or lies below a declared one", boxed(), OK],
  ["one is not", boxed({ read_only_roots: ["/usr"] }), failed("sandbox_read_only_root_missing")],
  ["declared below only", boxed({ read_only_roots: ["/usr/share", "/lib"] }), failed("sandbox_read_only_root_missing")],
  ["none is declared", boxed({ read_only_roots: [] }), failed("sandbox_read_only_root_missing")],
  ["the root of all", boxed({ read_only_roots: ["/"] }), OK],
  ["more than is wanted", boxed({ read_only_roots: ["/usr", "/lib", "/opt"] }), OK],
]);

const status = (sandbox: JsonObject | undefined) =>
  decide(
    ruled({ sandbox: { max_timeout_seconds: 60, allowed_user_modes: ["unprivileged"] } }),
    sandbox === undefined ? inContext({}) : boxed(sandbox),
  ).sandbox;

Deno.test("sandbox: the decision tells what was claimed, without lists of paths", () => {
  const { writable_paths: _, read_only_roots: __, ...told } = SANDBOX;
  assertEquals(status({}), { status: "valid", ...told, reason_codes: [] });
  assertEquals(status({ timeout_seconds: 61 }), {
    status: "disallowed",
    ...told,
    timeout_seconds: 61,
    reason_codes: ["sandbox_timeout_exceeded"],
  });
  assertEquals(status({ timeout_seconds: 61, user_mode: "" })?.status, "missing");
  assertEquals(status(undefined), {
    status: "missing",
    network_mode: "",
    env_exposure_mode: "",
    filesystem_isolation: "",
    user_mode: "",
    timeout_seconds: 0,
    evidence_ref: "",
    evidence_digest: "",
    reason_codes: ["sandbox_metadata_missing"],
  });
});

const RUN = { kind: "other", value: "make", operation: "run" };
const running = (targets: JsonObject[], sandbox: JsonObject = {}) =>
  request({ targets, context: { ...CONTEXT, sandbox: { ...SANDBOX, ...sandbox } } });
const APPROVE: Said = ["require_approval", "destructive_apply_requires_approval ok", ""];

rows("sandbox and phase", ruled({ sandbox: { max_timeout_seconds: 60 } }), [
  ["commands in a valid sandbox need no approval", running([RUN]), OK],
  ["another destructive target needs it", running([RUN, { kind: "path", value: "/a", operation: "rm" }]), APPROVE],
  ["another target of any kind needs it", running([RUN, { kind: "path", value: "/a", operation: "read" }]), APPROVE],
  ["a sandbox that is not valid changes nothing", running([RUN], { timeout_seconds: 61 }), [
    "block",
    "destructive_apply_requires_approval ok sandbox_timeout_exceeded",
    "sandbox_timeout_exceeded",
  ]],
]);
rows("sandbox and phase", ruled({}), [["a sandbox that no rule asks for changes nothing", running([RUN]), APPROVE]]);
