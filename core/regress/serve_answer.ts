// What a recorded call is answered with when it is played back: what it gave back, in the form that a client of MCP takes.
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../base/json_value.ts";
import type { ResultRecord } from "../schema/runpack.ts";
import type { RecordedCall } from "./serve_recording.ts";
import { verdictOfResult } from "./words.ts";

/** A result of a tool, or an error of the protocol. */
export type PlayedAnswer =
  | { readonly kind: "result"; readonly result: JsonObject }
  | { readonly kind: "error"; readonly code: number; readonly message: string; readonly data?: JsonObject };

/** Where facts for programs stand in an answer that no recording holds. */
const FACTS = "dev.gait/playback";

/** An answer of ours: a result that is an error, so that the model can react. */
export const ownAnswer = (reason_code: string, lines: readonly string[], facts: JsonObject): PlayedAnswer => ({
  kind: "result",
  result: {
    content: [{ type: "text", text: [`gait: ${reason_code}`, ...lines].join("\n") }],
    isError: true,
    _meta: { [FACTS]: { reason_codes: [reason_code], ...facts } },
  },
});

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  text: ["text"],
  image: ["data", "mimeType"],
  audio: ["data", "mimeType"],
  resource_link: ["uri", "name"],
  resource: [],
};

const isContent = (item: Json): boolean => {
  if (!isJsonObject(item)) return false;
  const { type, resource } = item;
  if (typeof type !== "string" || !Object.hasOwn(TEXTS, type)) return false;
  return (type !== "resource" || isJsonObject(resource)) && (TEXTS[type] ?? []).every((name) => typeof item[name] === "string");
};

/** Whether a recorded result is one of a tool of MCP as it stands; any other object is the recorder's own. */
export function isToolResult({ content, structuredContent = {}, isError = false, _meta = {} }: JsonObject): boolean {
  return isJsonList(content) && content.every(isContent) && isJsonObject(structuredContent) && typeof isError === "boolean" &&
    isJsonObject(_meta);
}

// Allowed and well: its status says so, and its payload does not say otherwise.
const isFine = ({ status, result }: ResultRecord, value: JsonObject): boolean =>
  verdictOfResult({ status, result: undefined }) === "allow" &&
  verdictOfResult({ status, result: result ?? value }) === "allow";

/** What a recorded call gave back; undefined where the recording does not hold it. */
export function recordedAnswer({ result, body }: RecordedCall): PlayedAnswer | undefined {
  if (result === undefined || body === undefined) return undefined;
  const { kind, value } = body;
  if (kind === "error") {
    const { code, message, data } = value;
    return typeof code === "number" && Number.isSafeInteger(code) && typeof message === "string"
      ? { kind, code, message, ...(isJsonObject(data) ? { data } : {}) }
      : undefined;
  }
  const failed = isFine(result, value) ? {} : { isError: true };
  return {
    kind,
    result: isToolResult(value)
      ? { ...value, ...failed }
      : { content: [{ type: "text", text: JSON.stringify(value) }], structuredContent: value, ...failed },
  };
}
