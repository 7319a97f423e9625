// What the digests of an intent are taken over (spec 02, section 4.4, and 03, section 4.5), spelled out by hand.
import { utf8 } from "../../core/base/bytes.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import type { Json } from "../../core/base/json.ts";
import { argsDigest, delegationDigest, intentDigests, targetBinding } from "../../core/gate/intent_digest.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals } from "../assert.ts";
import { CONTEXT, digest, inContext, intent, request } from "./intents.ts";

const { crypto } = nodeHost;
const sha = (text: string): string => sha256Hex(crypto, utf8(text));
const NEVER = "0001-01-01T00:00:00Z";
const PLAIN = '"identity":"svc.clerk","phase":"apply","risk_class":"low","workspace":"/srv/books"';

const same = (json: Json, canonical: string): void => assertEquals(digest(json), sha(canonical), canonical);

Deno.test("intent digest: the least intent", () => {
  same(request(), `{"args":{},"context":{${PLAIN}},"targets":[],"tool_name":"ledger.post"}`);
  const { script_hash } = intentDigests(crypto, intent(request()));
  assertEquals([argsDigest(crypto, intent(request())), script_hash], [sha("{}"), ""]);
});

Deno.test("intent digest: heading, relationship and claimed digests are outside", () => {
  const more = {
    schema_id: "x",
    created_at: "2026-01-01T00:00:00Z",
    relationship: { parent_record_id: "p" },
    args_digest: "x",
  };
  assertEquals(digest(request(more)), digest(request()));
});

Deno.test("intent digest: arguments and claims of authority are kept as they are, empty values included", () => {
  const kept = { n: null, z: 0, e: "", f: false, l: [], o: {}, 10: 1, 9: 2 };
  const text = '{"10":1,"9":2,"e":"","f":false,"l":[],"n":null,"o":{},"z":0}';
  same(
    { ...inContext({ auth_context: kept }), args: kept },
    `{"args":${text},"context":{"auth_context":${text},${PLAIN}},"targets":[],"tool_name":"ledger.post"}`,
  );
  assertEquals(argsDigest(crypto, intent(request({ args: kept }))), sha(text));
});

Deno.test("intent digest: an agent identity that is there has its times, were it empty", () => {
  const times = `"approved_at":"${NEVER}","expires_at":"${NEVER}","issued_at":"${NEVER}"`;
  const whole = (identity: string): string =>
    `{"args":{},"context":{"agent_identity":${identity},${PLAIN}},"targets":[],"tool_name":"ledger.post"}`;
  same(inContext({ agent_identity: {} }), whole(`{${times}}`));
  same(inContext({ agent_identity: { revoked: true, owner: "ann" } }), whole(`{${times},"owner":"ann","revoked":true}`));
});

Deno.test("intent digest: lists and objects that say something", () => {
  same(
    {
      ...inContext({ credential_ttl_seconds: 5, sandbox: { timeout_seconds: 3, writable_paths: ["/w"] }, context_refs: ["r"] }),
      targets: [{ kind: "path", value: "/x", operation: "put", destructive: false }],
      arg_provenance: [{ arg_path: "a", source: "user" }],
      skill_provenance: { skill_name: "s", source: "git", publisher: "P" },
      delegation: {
        requester_identity: "c",
        chain: [{ delegator_identity: "a", delegate_identity: "c", issued_at: "2026-03-14T08:00:00.50+01:00" }],
      },
    },
    `{"arg_provenance":[{"arg_path":"a","source":"user"}],"args":{},` +
      `"context":{"context_refs":["r"],"credential_ttl_seconds":5,"identity":"svc.clerk","phase":"apply","risk_class":"low",` +
      `"sandbox":{"timeout_seconds":3,"writable_paths":["/w"]},"workspace":"/srv/books"},` +
      `"delegation":{"chain":[{"delegate_identity":"c","delegator_identity":"a","expires_at":"${NEVER}",` +
      `"issued_at":"2026-03-14T07:00:00.5Z"}],"expires_at":"${NEVER}","issued_at":"${NEVER}","requester_identity":"c"},` +
      `"skill_provenance":{"publisher":"P","skill_name":"s","source":"git"},"targets":[{"discovery_method":"unknown",` +
      `"endpoint_class":"fs.write","kind":"path","operation":"put","value":"/x"}],"tool_name":"ledger.post"}`,
  );
});

Deno.test("intent digest: a script is in it with its hash, its steps with their arguments always and their lists when filled", () => {
  const target = '{"discovery_method":"unknown","endpoint_class":"other","kind":"queue","value":"q"}';
  const script = `{"steps":[{"args":{},"tool_name":"a"},{"args":{"k":0},"targets":[${target}],"tool_name":"b"}]}`;
  const json = {
    script: {
      steps: [{ tool_name: "A", targets: [] }, { tool_name: "b", args: { k: 0 }, targets: [{ kind: "queue", value: "q" }] }],
    },
    context: CONTEXT,
  };
  const whole = `{"args":{},"context":{${PLAIN}},"script":${script},"script_hash":"${
    sha(script)
  }","targets":[${target}],"tool_name":"script"}`;
  same(json, whole);
  assertEquals(intentDigests(crypto, intent(json)), { intent_digest: sha(whole), script_hash: sha(script) });
});

Deno.test("target binding: the digest of the list of targets", () => {
  assertEquals(targetBinding(crypto, []), sha("[]"));
  const { targets } = intent(request({ targets: [{ kind: "host", value: "H", destructive_hint: true }] }));
  assertEquals(
    targetBinding(crypto, targets),
    sha(
      '[{"destructive":true,"destructive_hint":true,"discovery_method":"unknown","endpoint_class":"net.http",' +
        '"endpoint_domain":"h","kind":"host","value":"H"}]',
    ),
  );
});

Deno.test("delegation digest: the example of the contract, and a chain", () => {
  const example = intent(request({ delegation: { requester_identity: " leaf.agent ", scope_class: "Egress" } })).delegation;
  assert(example !== undefined);
  assertEquals(delegationDigest(crypto, example), "e308d0eb07074c2a49c9b5911a22967467a51bb76fe07947798e6ea98eabb08f");
  const chain = [{ delegator_identity: "a", delegate_identity: "c", token_ref: " t " }];
  const linked =
    intent(request({ delegation: { requester_identity: "c", token_refs: ["t2", " t1", "t2"], chain } })).delegation;
  assert(linked !== undefined);
  assertEquals(
    delegationDigest(crypto, linked),
    sha(
      `{"chain":[{"delegate_identity":"c","delegator_identity":"a","expires_at":"${NEVER}","issued_at":"${NEVER}",` +
        `"token_ref":"t"}],"expires_at":"${NEVER}","issued_at":"${NEVER}","requester_identity":"c","token_refs":["t1","t2"]}`,
    ),
  );
});
