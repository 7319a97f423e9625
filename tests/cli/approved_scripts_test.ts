// Whether the gate may rely on a registry of approved scripts (spec 03, section 5.4 steps 1 to 4), and every recorded case of it by what
// registry and policy say of its call.
import { type ApprovedScripts, gateScripts, neededScripts } from "../../cli/approved_scripts.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import { type Json, readJsonObject } from "../../core/base/json.ts";
import { publicKeyText } from "../../core/base/keys.ts";
import type { Result } from "../../core/base/result.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { lookUp } from "../../core/flow/approved_scripts.ts";
import { evaluateLookedUp } from "../../core/flow/gate_pre_approved.ts";
import { compilePolicy } from "../../core/gate/compile.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { readIntent } from "../../core/gate/intent_read.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";
import { ENTRY, KEY, OTHER_KEY, signed } from "../authority/scripts.ts";
import { AROUND, policyOf, ruled } from "../gate/decide.ts";
import { shared } from "../shared.ts";

const NOW = "2026-03-15T00:00:00Z";
const PLAIN = policyOf(ruled({}));

type Given = { readonly registry?: string; readonly own?: string; readonly approval?: string; readonly policy?: typeof PLAIN };

/** What the gate makes of a registry that is JSON; the file of an undefined one is not there. */
const load = async (json: Json | undefined, { registry = "r.json", own = "", approval = "", policy = PLAIN }: Given = {}) => {
  const files = {
    ...(json === undefined ? {} : { "r.json": utf8(JSON.stringify(json)) }),
    ours: utf8(publicKeyText(KEY)),
    other: utf8(publicKeyText(OTHER_KEY)),
  };
  const sources = { registry, own: { "public-key": own }, approval: { "public-key": approval } };
  return await gateScripts(sources, policy, memoryPorts({ host: nodeHost, files }));
};

const needed = (known: Result<ApprovedScripts>, risk_class = "low", now = NOW) =>
  neededScripts(assertOk(known), "standard", risk_class, now);

const GOOD = [await signed(ENTRY)];

Deno.test("approved scripts: no registry is named, and one that holds", async () => {
  assertEquals(assertOk(needed(await load(undefined, { registry: "" }))), { scripts: [], warnings: [] });
  const { scripts, warnings } = assertOk(needed(await load(GOOD, { own: "ours" }), "high"));
  assertEquals([scripts.map(({ pattern_id }) => pattern_id), warnings], [["nightly"], []]);
});

Deno.test("approved scripts: the key of approvals checks unless the registry has one of its own", async () => {
  assertEquals(assertOk(needed(await load(GOOD, { approval: "ours" }))).scripts.length, 1);
  assertEquals(assertOk(needed(await load(GOOD, { own: "ours", approval: "other" }))).scripts.length, 1);
  assertEquals(assertOk(needed(await load(GOOD, { own: "other", approval: "ours" }))).scripts.length, 0);
});

Deno.test("approved scripts: a registry that does not hold is left out with a warning, or blocks where the call is strict", async () => {
  const unsigned = 'Cannot trust approved script "nightly": it is not signed';
  const table: readonly (readonly [Promise<Result<ApprovedScripts>>, why: string])[] = [
    [load(undefined, { own: "ours" }), 'Cannot read "r.json": there is no registry of approved scripts'],
    [
      load({}, { own: "ours" }),
      'Cannot read "r.json": wanted is a list of approved scripts, or an object with such a list under entries',
    ],
    [load(GOOD), 'Cannot verify the registry "r.json": expected --approved-script-public-key or --approval-public-key'],
    [load([...GOOD, ENTRY], { own: "ours" }), unsigned],
    [load(GOOD, { own: "other" }), unsigned.replace("it is not signed", "its signature is not valid under the key")],
  ];
  for (const [loading, why] of table) {
    const known = await loading;
    assertEquals(assertOk(needed(known)), { scripts: [], warnings: [`Approved scripts were left out: ${why}`] });
    for (const risk_class of ["high", "critical"]) {
      const fault = assertFault(needed(known, risk_class), "registry_unavailable");
      assertEquals([fault.message, fault.at?.file], [`Cannot decide without the approved scripts: ${why}`, "r.json"]);
    }
    assertFault(neededScripts(assertOk(known), "oss-prod", "low", NOW), "registry_unavailable");
  }
});

Deno.test("approved scripts: one entry that is over by now spoils all", async () => {
  const known = await load([...GOOD, await signed({ ...ENTRY, pattern_id: "z", expires_at: NOW })], { own: "ours" });
  assertEquals(assertOk(needed(known, "low", "2026-03-14T23:59:59Z")).scripts.length, 2);
  assertEquals(assertOk(needed(known)).warnings, [
    'Approved scripts were left out: Cannot trust approved script "z": it is over since 2026-03-15T00:00:00Z',
  ]);
  assertFault(needed(known, "high"), "registry_unavailable");
});

Deno.test("approved scripts: a policy that wants evidence of the context rules them out, once they hold", async () => {
  const policy = policyOf(ruled({ require_context_evidence: true }));
  const warnings = ["Approved scripts were left out: the policy wants evidence of the context"];
  const known = await load(GOOD, { own: "ours", policy });
  assertEquals(assertOk(needed(known, "high")), { scripts: [], warnings });
  assertFault(needed(await load(GOOD, { policy }), "high"), "registry_unavailable");
});

Deno.test("approved scripts: a key that is named and cannot be loaded is a fault of its own, whatever the risk", async () => {
  assertFault(await load(GOOD, { own: "none" }), "file_missing");
  assertFault(await load(GOOD, { own: "r.json" }), "key_format");
});

// --- The recorded cases.

type Step = {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly json: Readonly<Record<string, Json | undefined>>;
  readonly outputs?: unknown;
};

/** What registry and policy say of the call of a recorded step, without limits and tokens, which none of these cases has. */
async function said({ argv }: Step, files: Readonly<Record<string, Uint8Array>>) {
  const flag = (name: string): string => argv[argv.indexOf(`--${name}`) + 1 || argv.length] ?? "";
  const { crypto } = nodeHost;
  const bytes = (path: string): Uint8Array => files[path] ?? utf8("");
  const { policy } = assertOk(readPolicy(bytes(flag("policy")), "policy"));
  const policy_digest = policyDigest(crypto, policy);
  const { intent } = assertOk(prepareIntent(assertOk(readIntent(bytes(flag("intent")), "intent")), {}));
  const own = { "public-key": flag("approved-script-public-key") };
  const approval = { "public-key": flag("approval-public-key") };
  const ports = memoryPorts({ host: nodeHost, files });
  const known = assertOk(await gateScripts({ registry: flag("approved-script-registry"), own, approval }, policy, ports));
  const now = ports.clock.now();
  const scripts = neededScripts(known, "standard", intent.context.risk_class, now);
  if (!scripts.ok) return { exit: 3, refused: true } as const;
  const digests = intentDigests(crypto, intent);
  const lookup = lookUp(scripts.value.scripts, intent, digests, policy_digest, now);
  const decision = evaluateLookedUp(crypto, compilePolicy(policy), intent, AROUND, lookup);
  return { exit: decision.verdict === "allow" ? 0 : 4, refused: false, lookup, decision, digests, policy_digest } as const;
}

const folder = shared("conformance/authority");
const CASES = folder === undefined
  ? []
  : [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => /^script-(?!list|approve)/.test(name)).sort();

Deno.test("approved scripts: the recorded cases", async () => {
  let count = 0;
  for (const name of CASES) {
    const recorded = assertOk(readJsonObject(Deno.readFileSync(`${folder}/${name}`), name));
    const files = Object.fromEntries(
      Object.entries(Object(recorded["files"])).map(([path, content]) => [
        path,
        utf8(typeof content === "string" ? content : JSON.stringify(content)),
      ]),
    );
    const steps: readonly Step[] = Object(recorded["steps"]);
    for (const step of steps) {
      const got = await said(step, files);
      assertEquals(got.exit, step.exit, name);
      assertEquals(got.refused, step.json["ok"] === false, name);
      if (got.refused) continue;
      const { json } = step;
      const listed = (one: string) => Array.isArray(json[one]) ? json[one] : [];
      assertEquals(got.lookup, {
        pre_approved: json["pre_approved"] ?? false,
        pattern_id: json["pattern_id"] ?? "",
        registry_reason: json["registry_reason"] ?? "",
      }, name);
      assertEquals([got.policy_digest, got.digests.script_hash], [json["policy_digest"], json["script_hash"] ?? ""], name);
      assertEquals(got.decision.matched_rule, json["matched_rule"] ?? "", name);
      const later = ["approval_token_missing"]; // what tokens add
      assertEquals(got.decision.reason_codes, listed("reason_codes").filter((code) => !later.includes(String(code))), name);
      assertEquals(got.decision.script?.composite_risk_class ?? "", json["composite_risk_class"] ?? "", name);
      const verdicts = got.decision.script?.steps.map(({ verdict, reason_codes, tool_name, index }) => ({
        index,
        reason_codes,
        tool_name,
        verdict,
      }));
      assertEquals(
        verdicts ?? [],
        listed("step_verdicts").map((one) => {
          const { index, reason_codes, tool_name, verdict } = Object(one);
          return { index, reason_codes, tool_name, verdict };
        }),
        name,
      );
      count++;
    }
  }
  assert(CASES.length === 0 || count > 15, `${count} decisions in ${CASES.length} cases`);
});
