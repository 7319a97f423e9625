// What the server is asked for: flags before the project's defaults before what is built in, and what is refused before it listens.
import type { ServeValues } from "../../../cli/serve/settings.ts";
import { serveSettings } from "../../../cli/serve/settings.ts";
import { hostOf, isLoopback } from "../../../cli/serve/reach.ts";
import { assert, assertEquals, assertFault, assertOk } from "../../assert.ts";
import { callOf, machineOf, openOn, serving } from "./world.ts";

// The production set-up of the README.
const CONFIG = `gate:
  policy: .gait/policy.yaml
  rate_limit_state: ./gait-out/gate_rate_limits.json
mcp_serve:
  enabled: true
  listen: 127.0.0.1:9900
  auth_mode: token
  auth_token_env: GAIT_MCP_TOKEN
  max_request_bytes: 65536
  http_verdict_status: strict
  allow_client_artifact_paths: false
  trace_dir: t
`;

const settingsOf = (values: ServeValues, config = "", env: Readonly<Record<string, string>> = {}) => {
  const { ports } = machineOf({ files: config === "" ? {} : { ".gait/config.yaml": config }, env });
  return serveSettings({ policy: "p.yaml", ...values }, ports, "t");
};

Deno.test("serve: the project's defaults count, a flag wins, and they can be left out", async () => {
  const env = { GAIT_MCP_TOKEN: " secret " };
  const of = async (values: ServeValues) => {
    const settings = assertOk(await settingsOf(values, CONFIG, env));
    const { reach, token, max_request, strict, client_paths, dirs, boundary } = settings;
    return [reach, token, max_request, strict, client_paths, dirs.trace, boundary.rate_limits];
  };
  const limits = "./gait-out/gate_rate_limits.json";
  assertEquals(await of({}), [{ kind: "tcp", host: "127.0.0.1", port: 9900 }, "secret", 65_536, true, false, "t", limits]);
  assertEquals(
    await of({
      "max-request-bytes": "7",
      "http-verdict-status": "compat",
      "auth-mode": "off",
      listen: "[::1]:0",
      "trace-dir": "./u/",
    }),
    [{ kind: "tcp", host: "::1", port: 0 }, undefined, 7, false, false, "u", limits],
  );
  assertEquals(
    await of({ "no-config": true }),
    [
      { kind: "tcp", host: "127.0.0.1", port: 8787 },
      undefined,
      2 ** 20,
      false,
      false,
      "gait-out/mcp-serve/traces",
      ".gait-out/gate_rate_limits.json",
    ],
  );
  const allowing = assertOk(await settingsOf({}, "mcp_serve: {allow_client_artifact_paths: 'true', polcy: x}"));
  assertEquals([allowing.client_paths, allowing.warnings.length], [true, 1]);
  const forbidding = { "allow-client-artifact-paths": false, adapter: " OpenAI " };
  const forbidden = assertOk(await settingsOf(forbidding, "mcp_serve: {allow_client_artifact_paths: true}"));
  assertEquals([forbidden.client_paths, forbidden.boundary.adapter], [false, "openai"]);
});

Deno.test("serve: settings that are refused before anything is opened", async () => {
  const CASES: readonly (readonly [values: ServeValues, fault: Parameters<typeof assertFault>[1]])[] = [
    [{ policy: "" }, "missing_argument"],
    [{ positionals: ["q.yaml"] }, "usage"],
    [{ listen: "" }, "flag_value"],
    [{ listen: "8787" }, "flag_value"],
    [{ listen: "127.0.0.1:99999" }, "flag_value"],
    [{ listen: "0.0.0.0:0" }, "flag_value"],
    [{ listen: ":8787" }, "flag_value"],
    [{ listen: "127.0.0.1.example:80" }, "flag_value"],
    [{ "auth-mode": "basic" }, "flag_value"],
    [{ "auth-mode": "token" }, "missing_argument"],
    [{ "auth-mode": "token", "auth-token-env": "GONE" }, "key_source"],
    [{ "auth-mode": "token", "auth-token-env": "BLANK" }, "key_source"],
    [{ "max-request-bytes": "0" }, "flag_value"],
    [{ "max-request-bytes": "1e3" }, "flag_value"],
    [{ "trace-max-count": "-1" }, "flag_value"],
    [{ "trace-max-age": "soon" }, "flag_value"],
    [{ "session-max-age": "-5s" }, "flag_value"],
    [{ "http-verdict-status": "loud" }, "flag_value"],
    [{ "trace-files": "some" }, "flag_value"],
    [{ profile: "lax" }, "flag_value"],
    [{ profile: "oss-prod" }, "profile_refused"],
    [{ adapter: "pigeon" }, "adapter_unknown"],
    [{ "trace-dir": "../up" }, "path_refused"],
    [{ "otlp-endpoint": "file:///x" }, "flag_value"],
    [{ "otlp-endpoint": "http://user@host" }, "flag_value"],
  ];
  for (const [values, fault] of CASES) {
    assertFault(await settingsOf(values, "", { BLANK: "  " }), fault, JSON.stringify(values));
  }
  assertFault(await settingsOf({}, "mcp_serve: {allow_client_artifact_paths: maybe}"), "config_invalid");
  assertFault(await settingsOf({}, "mcp_serve: {listen: [a]}"), "config_invalid");
});

Deno.test("serve: a value of the project's defaults that cannot be used is told with its file and field, also beside a blank flag", async () => {
  const CASES = [
    ["max_connections: lots", "max_connections", "lots", "a whole number of at least 1"],
    ["trace_max_count: -1", "trace_max_count", "-1", "a whole number of at least 0"],
    ["trace_max_age: soon", "trace_max_age", "soon", "a duration such as 168h, or 0"],
    ["key_mode: Foo", "key_mode", "Foo", "one of dev, prod"],
    ["listen: '8787'", "listen", "8787", "host:port, such as 127.0.0.1:8787"],
    ["otlp_endpoint: nowhere", "otlp_endpoint", "nowhere", "an address such as http://127.0.0.1:4318"],
    ["allow_client_artifact_paths: maybe", "allow_client_artifact_paths", "maybe", "true or false"],
  ];
  for (const [text = "", field, value, wanted] of CASES) {
    const fault = assertFault(await settingsOf({ "key-mode": " " }, `mcp_serve: {${text}}`), "config_invalid", text);
    const words = `Cannot read value "${value}" of field "mcp_serve.${field}" of ".gait/config.yaml": wanted is ${wanted}`;
    assertEquals([fault.message, fault.at?.file], [words, ".gait/config.yaml"]);
  }
  const named = await settingsOf({ "max-connections": "few" }, "mcp_serve: {max_connections: lots}");
  assertEquals(
    assertFault(named, "flag_value").message,
    'Cannot read value "few" of --max-connections: wanted is a whole number of at least 1',
  );
  const folder = assertFault(await settingsOf({}, "mcp_serve: {trace_dir: ../up}"), "path_refused");
  assert(folder.message.includes('the folder of field "mcp_serve.trace_dir" of ".gait/config.yaml"'), folder.message);
  const misspelt = "mcp_serve: {polcy: p.yaml}\ngate: {rate_limit_stat: r.json}";
  const none = assertFault(await settingsOf({ policy: undefined }, misspelt), "missing_argument");
  assert(none.message.endsWith('is not known and was left out, did you mean "policy"'), none.message);
  assertEquals(assertOk(await settingsOf({}, misspelt)).warnings.length, 2);
});

Deno.test("serve: what cannot be read is refused before anybody is answered", async () => {
  const CASES: readonly (readonly [values: ServeValues, fault: Parameters<typeof assertFault>[1]])[] = [
    [{ policy: "gone.yaml" }, "file_missing"],
    [{ "context-envelope": "gone.json" }, "file_missing"],
    [{ "key-mode": "prod", "private-key": "gone" }, "file_missing"],
    [{ "approval-public-key": "gone.pub" }, "file_missing"],
    [{ "approval-public-key": "p.yaml" }, "key_format"],
    [{ "approval-public-key-env": "GONE" }, "key_source"],
    [{ "trace-dir": "p.yaml" }, "path_refused"],
    [{ "pending-dir": "p.yaml" }, "path_refused"],
  ];
  for (const [values, fault] of CASES) {
    const machine = machineOf();
    const opened = await openOn(machine, values);
    assertEquals(opened.ok ? "none" : opened.fault.code, fault, JSON.stringify(values));
  }
});

Deno.test("serve: a kill switch that cannot be read keeps nobody from beginning: it blocks what is risky, and nothing else is decided", async () => {
  for (const state of ["gone.json", "p.yaml"]) {
    const world = await serving({ "kill-switch-state": state });
    assert(world.ports.lines.some((line) => line.includes('"not_ready"')), world.ports.lines.join("\n"));
    const risky = await world.post(callOf("go", {}, { risk_class: "high" }));
    assertEquals([risky.status, risky.json.verdict], [200, "block"]);
    assertEquals(risky.json.reason_codes, ["kill_switch_state_unavailable"]);
    assertEquals((await world.post(callOf("go", {}, { risk_class: "low" }))).status, 400);
    assertEquals((await world.send("GET", "/readyz")).status, 503);
    await world.end();
  }
});

Deno.test("serve: names of this machine, and such that only look like it", () => {
  const own = ["localhost", "127.0.0.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f01:2"];
  for (const host of own) assertEquals(isLoopback(host), true, host);
  for (const host of ["", "127.0.0.1.x", "127.1", "127.0.0.256", "localhost.x", "0.0.0.0", "::", "1::1"]) {
    assertEquals(isLoopback(host), false, host);
  }
  assertEquals(["A:1", "[::1]:8", "[::1]", "a"].map(hostOf), ["a", "::1", "::1", "a"]);
  assertEquals(["", ":80", "a:b", "a b", "u@h", "h/x", "::1"].map(hostOf), Array(7).fill(undefined));
});
