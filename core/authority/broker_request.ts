// What a broker is asked for (spec 03, section 6.2): an object whose digest binds the answer to the question.
import { digestOf } from "../base/digest.ts";
import type { Crypto } from "../base/host.ts";
import { lower, trim, trimmedSet } from "../base/text.ts";

/** The object that is digested and that a command reads; all members are always there. */
export type BrokerRequest = {
  readonly ToolName: string;
  readonly Identity: string;
  readonly Workspace: string;
  readonly SessionID: string;
  readonly RequestID: string;
  readonly RunID: string;
  readonly JobID: string;
  readonly Reference: string;
  readonly Scope: readonly string[];
  readonly TargetBinding: string;
};

/** A request, its digest, and the scopes as the user and the rules spelled them. */
export type Asked = { readonly request: BrokerRequest; readonly digest: string; readonly scopes: readonly string[] };

/** Texts in lowercase, without blanks and repeats, in their order. */
export const lowerOnce = (
  texts: readonly string[],
): readonly string[] => [...new Set(texts.map((text) => lower(trim(text))).filter((text) => text !== ""))];

/** The request for a call; undefined when it names no tool or nobody who calls. */
export function askFor(
  crypto: Crypto,
  call: Omit<BrokerRequest, "Scope">,
  scopes: readonly string[],
): Asked | undefined {
  const asked = trimmedSet(scopes);
  const request = { ...call, ToolName: lower(trim(call.ToolName)), Identity: trim(call.Identity), Scope: lowerOnce(asked) };
  if (request.ToolName === "" || request.Identity === "") return undefined;
  return { request, digest: digestOf(crypto, { ...request, Scope: [...request.Scope] }), scopes: asked };
}
