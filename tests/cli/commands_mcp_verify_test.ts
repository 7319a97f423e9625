// `gait mcp verify` on a machine in memory: its answers, its exits, and what it refuses.
import { assert, assertEquals } from "../assert.ts";
import { machine } from "./commands_world.ts";

const POLICY = (trust: string) => `default_verdict: allow\nrules: []\nmcp_trust: ${trust}\n`;
const SNAPSHOT = JSON.stringify({
  schema_id: "gait.mcp.trust_snapshot",
  schema_version: "1.0.0",
  entries: [
    { server_id: "Shelf-MCP", server_name: "Shelf", publisher: "Acme", status: "trusted", updated_at: "2999-01-01T00:00:00Z" },
    { server_id: "shady", status: "quarantined", updated_at: "2999-01-01T00:00:00Z" },
  ],
});
const FILES = {
  "p.yaml": POLICY("{snapshot: trust/snap.json, required_risk_classes: [medium, low]}"),
  "ask.yaml": POLICY("{snapshot: trust/snap.json, action: require_approval}"),
  "gone.yaml": POLICY("{snapshot: trust/gone.json}"),
  "plain.yaml": "default_verdict: block\n",
  "trust/snap.json": SNAPSHOT,
  "shelf.json": '{"server_id":" shelf-mcp "}',
  "shady.json": '{"server_id":"shady","args":"ignored"}',
  "nameless.json": '{"publisher":"x","server_id":" "}',
  "broken.json": "{",
  "list.json": '[{"server_id":"shelf-mcp"}]',
};

const verify = (policy: string, server: string, ...more: readonly string[]) => [
  ...["mcp", "verify", "--policy", policy, "--server", server],
  ...more,
];

Deno.test("mcp verify: a server that is trusted is allowed, and the answer says by what", async () => {
  const [exit, data] = await machine({ files: FILES }).json(...verify("p.yaml", "shelf.json"));
  assertEquals(exit, 0);
  assertEquals(data, {
    mcp_trust: {
      server_id: "Shelf-MCP",
      server_name: "Shelf",
      publisher: "acme",
      status: "trusted",
      decision_source: "trust/snap.json",
      required: true,
      reason_codes: ["mcp_trust_verified"],
      updated_at: "2999-01-01T00:00:00Z",
    },
    ok: true,
    reason_codes: ["mcp_trust_verified"],
    server_id: "Shelf-MCP",
    server_name: "Shelf",
    snapshot_path: "trust/snap.json",
    trust_model: "local_snapshot",
    verdict: "allow",
  });
});

Deno.test("mcp verify: lack of trust has the exit of its verdict and no error, and only where it is demanded", async () => {
  const on = machine({ files: FILES });
  const answer = async (...argv: readonly string[]) => {
    const [exit, data] = await on.json(...argv);
    assert(!("error" in data) && !("fault" in data), JSON.stringify(data));
    return [exit, data["ok"], data["verdict"], data["violations"]];
  };
  assertEquals(await answer(...verify("p.yaml", "shady.json")), [3, false, "block", ["mcp_trust_policy"]]);
  assertEquals(await answer(...verify("p.yaml", "shady.json", "--risk-class", " LOW ")), [3, false, "block", [
    "mcp_trust_policy",
  ]]);
  assertEquals(await answer(...verify("p.yaml", "shady.json", "--risk-class=high")), [0, true, "allow", undefined]);
  assertEquals(await answer(...verify("ask.yaml", "shady.json")), [4, false, "require_approval", ["mcp_trust_policy"]]);
  assertEquals(await answer(...verify("plain.yaml", "shady.json")), [0, true, "allow", undefined]);
});

Deno.test("mcp verify: a snapshot that is not there blocks, and the answer says why", async () => {
  const [exit, data] = await machine({ files: FILES }).json(...verify("gone.yaml", "shelf.json"));
  assertEquals([exit, data["reason_codes"]], [3, ["mcp_trust_snapshot_unavailable"]]);
  assert(String(data["warnings"]).includes('"trust/gone.json"'), String(data["warnings"]));
});

Deno.test("mcp verify: without a trust section nothing is said of trust", async () => {
  const [, data] = await machine({ files: FILES }).json(...verify("plain.yaml", "shelf.json"));
  assertEquals(data, { ok: true, server_id: "shelf-mcp", verdict: "allow" });
});

Deno.test("mcp verify: in text the verdict comes first", async () => {
  const on = machine({ files: FILES });
  assertEquals(await on.text(...verify("p.yaml", "shady.json")), [3, [
    "mcp verify: verdict=block",
    "server: shady",
    "trust: untrusted, by trust/snap.json",
    "reason: mcp_trust_status_untrusted",
    "violation: mcp_trust_policy",
  ]]);
  const [exit, lines] = await on.text(...verify("plain.yaml", "shelf.json"));
  assertEquals([exit, lines.length], [0, 3]);
  assertEquals(lines[2], "trust: the policy has no mcp_trust section, so nothing is demanded");
});

Deno.test("mcp verify: bad input is exit 6 with its fault", async () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["document_shape", verify("p.yaml", "nameless.json")],
    ["document_shape", verify("plain.yaml", "nameless.json")],
    ["document_shape", verify("p.yaml", "list.json")],
    ["json_syntax", verify("p.yaml", "broken.json")],
    ["file_missing", verify("p.yaml", "none.json")],
    ["file_missing", verify("none.yaml", "shelf.json")],
    ["usage", verify("p.yaml", "shelf.json", "more")],
    ["missing_argument", ["mcp", "verify", "--policy", "p.yaml"]],
    ["missing_argument", ["mcp", "verify", "--server", "shelf.json"]],
    ["unknown_flag", verify("p.yaml", "shelf.json", "--risk", "high")],
    ["retired", ["mcp-verify"]],
  ];
  for (const [fault, argv] of rows) {
    const [exit, data] = await machine({ files: FILES }).json(...argv);
    assertEquals([exit, data["ok"], data["error_code"], data["fault"]], [6, false, "invalid_input", fault], argv.join(" "));
  }
});
