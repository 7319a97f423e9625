// How a caller has access (spec 05, section 2.3): the modes, and what profile oss-prod wants proved.
import type { JsonObject } from "../../core/base/json.ts";
import { readToolCall } from "../../core/mcp/adapters.ts";
import { checkOauth } from "../../core/mcp/oauth.ts";
import type { Profile } from "../../core/schema/gate_words.ts";
import { assertEquals, assertFault, assertOk } from "../assert.ts";

const check = (context: JsonObject, profile: Profile = "oss-prod") =>
  checkOauth(assertOk(readToolCall("mcp", { name: "a", context }, "c")), profile);

const EVIDENCE = {
  issuer: "https://id.test",
  audience: ["", "shop"],
  subject: "clerk",
  client_id: "cl",
  token_type: "DPoP",
  scopes: ["read", " "],
  redirect_uri: "http://127.0.0.1/cb",
  evidence_ref: "ev-1",
  auth_time: "2030-01-02T03:04:05.5+01:00",
};
const DCR = { ...EVIDENCE, dcr_client_id: "d", token_binding: "mtls" };

Deno.test("oauth: modes without evidence pass, unknown ones are refused in every profile", () => {
  for (const mode of ["", "  ", "off", " None ", "TOKEN"]) assertOk(check({ auth_mode: mode }), mode);
  assertOk(check({}));
  assertOk(check({ auth_context: { oauth_mode: " Off " } }));
  assertOk(check({ auth_context: { oauth_mode: 7 } }));
  for (const profile of ["standard", "oss-prod"] as const) {
    const own = assertFault(check({ auth_mode: "SAML", auth_context: { oauth_mode: "off" } }, profile), "oauth_refused");
    assertEquals(own.at, { pointer: "/context/auth_mode" });
    const carried = assertFault(check({ auth_context: { oauth_mode: "oauth2" } }, profile), "oauth_refused");
    assertEquals(carried.at, { pointer: "/context/auth_context/oauth_mode" });
  }
});

Deno.test("oauth: the standard profile asks for no evidence", () => {
  assertOk(check({ auth_mode: "oauth" }, "standard"));
  assertOk(check({ oauth_evidence: { issuer: "x" } }, "standard"));
  assertOk(check({ auth_mode: "oauth_dcr", oauth_evidence: {} }, "standard"));
});

Deno.test("oauth: oss-prod wants every member of the evidence", () => {
  assertOk(check({ auth_mode: " OAuth", oauth_evidence: EVIDENCE }));
  for (const name of Object.keys(EVIDENCE)) {
    for (const blank of name === "audience" || name === "scopes" ? [[], [" "], null] : ["", " \t", null]) {
      const fault = assertFault(
        check({ auth_mode: "oauth", oauth_evidence: { ...EVIDENCE, [name]: blank } }),
        "oauth_refused",
        name,
      );
      assertEquals(fault.at, { pointer: `/context/oauth_evidence/${name}` });
    }
  }
  assertOk(check({ auth_mode: "oauth_dcr", oauth_evidence: DCR }));
  for (const name of ["dcr_client_id", "token_binding"]) {
    const fault = assertFault(check({ auth_mode: "oauth_dcr", oauth_evidence: { ...DCR, [name]: "" } }), "oauth_refused", name);
    assertEquals(fault.at, { pointer: `/context/oauth_evidence/${name}` });
  }
  for (const auth_time of ["2030-01-02 03:04", "2030-01-02T03:04:05", "yesterday", "0001-01-01T00:00:00Z"]) {
    assertFault(check({ auth_mode: "oauth", oauth_evidence: { ...EVIDENCE, auth_time } }), "oauth_refused", auth_time);
  }
});

Deno.test("oauth: evidence alone implies the mode, unless one is named", () => {
  assertFault(check({ oauth_evidence: {} }), "oauth_refused");
  assertOk(check({ oauth_evidence: EVIDENCE }));
  assertOk(check({ auth_mode: "off", oauth_evidence: {} }));
  assertOk(check({ auth_context: { oauth_mode: "token" }, oauth_evidence: {} }));
});

Deno.test("oauth: evidence may come with the caller's authority, and the call's own goes first", () => {
  const carried = (oauth_evidence: JsonObject | string) => ({ oauth_mode: "oauth", oauth_evidence });
  assertOk(check({ auth_context: carried(EVIDENCE) }));
  assertFault(check({ auth_context: { oauth_mode: "oauth" } }), "oauth_refused");
  assertFault(check({ auth_context: carried(EVIDENCE), oauth_evidence: {} }), "oauth_refused");
  const odd = assertFault(check({ auth_context: carried({ ...EVIDENCE, scopes: "read" }) }), "oauth_refused");
  assertEquals(odd.at, { pointer: "/context/auth_context/oauth_evidence/scopes" });
  assertFault(check({ auth_context: carried("signed") }), "oauth_refused");
});
