// Every digest of an intent that the recorded cases of the gate hold, taken by the functions that read, prepare and digest.
import { readBoundContext } from "../../core/flow/context_binding.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { readIntent } from "../../core/gate/intent_read.ts";
import { readInventory } from "../../core/gate/inventory.ts";
import { prepareIntent } from "../../core/gate/prepare.ts";
import type { Intent } from "../../core/gate/types.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { type Case, fileOf, flagOf, gateCases } from "./cases.ts";

const { crypto } = nodeHost;
const cases = gateCases();
const read = (one: Case, path: string): Intent => assertOk(readIntent(fileOf(one, path), path), `${one.case}: ${path}`);

Deno.test("recorded: policy test reports the digest of the intent as given", () => {
  let seen = 0;
  for (const one of cases) {
    for (const { argv = [], json = {} } of one.steps) {
      if (argv[0] !== "policy" || argv[1] !== "test" || json.intent_digest === undefined) continue;
      const path = argv.slice(3).find((word) => word.endsWith(".json")) ?? "";
      const intent = read(one, path);
      assertEquals(intentDigests(crypto, intent).intent_digest, json.intent_digest, `${one.case}: ${path}`);
      if (json.created_at !== undefined) assertEquals(intent.created_at, json.created_at, `${one.case}: ${path}`);
      seen++;
    }
  }
  assert(cases.length === 0 || seen > 100, `only ${seen} recorded digests`);
});

Deno.test("recorded: gate eval reports the digest of the prepared intent, and what its context comes from", () => {
  let seen = 0;
  for (const one of cases) {
    for (const { argv = [], json = {} } of one.steps) {
      if (argv[0] !== "gate" || argv[1] !== "eval" || json.intent_digest === undefined) continue;
      const path = flagOf(argv, "intent") ?? "";
      const envelope = flagOf(argv, "context-envelope");
      const source = flagOf(argv, "wrkr-inventory");
      const time = flagOf(argv, "evaluation-time") ?? "2026-03-14T09:30:00Z";
      const items = source === undefined || one.files[source] === undefined
        ? undefined
        : readInventory(fileOf(one, source), source);
      const { intent, context_source } = assertOk(prepareIntent(read(one, path), {
        envelope: envelope && assertOk(readBoundContext(crypto, fileOf(one, envelope), envelope, time)) || undefined,
        inventory: items?.ok && source !== undefined ? { items: items.value, source } : undefined,
      }));
      const { intent_digest, script_hash } = intentDigests(crypto, intent);
      const name = `${one.case}: ${argv.join(" ")}`;
      assertEquals(intent_digest, json.intent_digest, name);
      assertEquals(script_hash, json.script_hash ?? "", name);
      assertEquals(context_source, json.context_source ?? "", name);
      assertEquals(intent.context.context_set_digest, json.context_set_digest ?? "", name);
      assertEquals(intent.context.context_evidence_mode, json.context_evidence_mode ?? "", name);
      assertEquals(intent.context.context_refs.length, json.context_ref_count ?? 0, name);
      seen++;
    }
  }
  assert(cases.length === 0 || seen > 50, `only ${seen} recorded digests`);
});

Deno.test("recorded: what policy test refuses of an intent is no intent", () => {
  let seen = 0;
  for (const one of cases) {
    if (!/^gate\/(?:intent-|script-)/.test(one.case)) continue;
    for (const { argv = [], exit } of one.steps) {
      const path = argv[3] ?? "";
      if (argv[1] !== "test" || exit !== 6 || one.files[path] === undefined) continue;
      const result = readIntent(fileOf(one, path), path);
      assert(!result.ok, `${one.case}: ${path} was read`);
      seen++;
    }
  }
  assert(cases.length === 0 || seen > 30, `only ${seen} recorded refusals`);
});
