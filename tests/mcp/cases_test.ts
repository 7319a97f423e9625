// Every digest of an intent that the recorded cases of the boundary hold, and every call that they refuse, by the functions that
// decode and map calls.
import type { Json } from "../../core/base/json.ts";
import { adapterOf } from "../../core/mcp/adapters.ts";
import { lower, trim } from "../../core/base/text.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { fileOf, flagOf, recordedCases } from "../gate/cases.ts";
import { shared } from "../shared.ts";
import { digestOfCall, intentOfCall, jsonOf } from "./decide.ts";

const profileOf = (argv: readonly string[]) =>
  lower(trim(flagOf(argv, "profile") ?? "")) === "oss-prod" ? "oss-prod" : "standard";

Deno.test("recorded: mcp proxy reports the digest of the intent that a call comes to", () => {
  const cases = recordedCases("mcp");
  let seen = 0;
  for (const one of cases) {
    for (const { argv = [], json = {} } of one.steps) {
      const path = flagOf(argv, "call") ?? "";
      if (argv[1] !== "proxy" || json["intent_digest"] === undefined || one.files[path] === undefined) continue;
      if (flagOf(argv, "context-envelope") !== undefined) continue; // the envelope is part of the intent
      const adapter = assertOk(adapterOf(flagOf(argv, "adapter") ?? ""));
      const call = assertOk(jsonOf(fileOf(one, path)));
      assertEquals(digestOfCall(call, adapter, profileOf(argv)), json["intent_digest"], `${one.case}: ${argv.join(" ")}`);
      seen++;
    }
  }
  assert(cases.length === 0 || seen > 60, `only ${seen} recorded digests`);
});

Deno.test("recorded: what mcp proxy refuses of a call is refused", () => {
  // What these refuse is not in the call.
  const elsewhere = /--(?:frobnicate|key-mode|run-id)|badpol|absent|open\.yaml|envelope|--profile strict|extra/;
  const cases = recordedCases("mcp").filter(({ case: name }) =>
    /proxy-(?:openai|anthropic|langchain|claude|script|input-errors|oauth|oss-prod)/.test(name)
  );
  let seen = 0;
  for (const one of cases) {
    for (const { argv = [], exit } of one.steps) {
      const path = flagOf(argv, "call") ?? "";
      const text = argv.join(" ").replace("--key-mode prod --private-key priv.key", "");
      if (
        exit !== 6 || one.files[path] === undefined || elsewhere.test(text) ||
        profileOf(argv) === "oss-prod" && path === "ok.json"
      ) continue;
      const adapter = adapterOf(flagOf(argv, "adapter") ?? "");
      const call = jsonOf(fileOf(one, path));
      const intent = adapter.ok && call.ok ? intentOfCall(call.value, adapter.value, profileOf(argv)) : undefined;
      assert(!intent?.ok, `${one.case}: ${text} was taken`);
      seen++;
    }
  }
  assert(cases.length === 0 || seen > 20, `only ${seen} recorded refusals`);
});

type Transcript = {
  readonly case: string;
  readonly argv: readonly string[];
  readonly requests: readonly {
    readonly json?: { readonly call?: Json; readonly adapter?: string };
    readonly expect: { readonly json?: Readonly<Record<string, Json>> };
  }[];
};

Deno.test("recorded: mcp serve reports the digest of the intent that a call comes to", () => {
  const folder = shared("conformance-http/serve");
  if (folder === undefined) return;
  let seen = 0;
  for (const { name } of Deno.readDirSync(folder)) {
    const one: Transcript = JSON.parse(Deno.readTextFileSync(`${folder}/${name}`));
    for (const { json, expect } of one.requests) {
      const digest = expect.json?.["intent_digest"];
      if (json?.call === undefined || typeof digest !== "string" || flagOf(one.argv, "context-envelope") !== undefined) {
        continue;
      }
      const adapter = assertOk(adapterOf(json.adapter ?? flagOf(one.argv, "adapter") ?? ""));
      assertEquals(digestOfCall(json.call, adapter, profileOf(one.argv)), digest, `${one.case}: ${JSON.stringify(json)}`);
      seen++;
    }
  }
  assert(seen > 40, `only ${seen} recorded digests`);
});
