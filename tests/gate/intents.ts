// Intents for tests: the least one, and the readers with their crypto.
import { utf8 } from "../../core/base/bytes.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import type { Result } from "../../core/base/result.ts";
import { intentDigests } from "../../core/gate/intent_digest.ts";
import { intentOf, readIntent } from "../../core/gate/intent_read.ts";
import type { Intent } from "../../core/gate/types.ts";
import { nodeHost } from "../../host/node.ts";
import { assertOk } from "../assert.ts";

/** The least that a context says. */
export const CONTEXT = { identity: "svc.clerk", workspace: "/srv/books", risk_class: "low" } as const;

/** The least intent, with changes. */
export const request = (change: JsonObject = {}): JsonObject => ({ tool_name: "ledger.post", context: CONTEXT, ...change });

/** The least intent with changes in its context. */
export const inContext = (change: JsonObject): JsonObject => request({ context: { ...CONTEXT, ...change } });

/** Reads JSON text, or a value that is printed over several lines. */
export const read = (json: Json): Result<Intent> =>
  readIntent(utf8(typeof json === "string" ? json : JSON.stringify(json, undefined, 1)), "i.json");

/** The intent of a value that is one. */
export const intent = (json: Json): Intent => assertOk(intentOf(json, "i.json"), JSON.stringify(json));

/** The digest of a value that is an intent. */
export const digest = (json: Json): string => intentDigests(nodeHost.crypto, intent(json)).intent_digest;
