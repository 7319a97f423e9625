// What an MCP server calls itself, wherever its generation of the protocol has it.
import { isJsonObject, type JsonObject } from "../base/json_value.ts";
import { metaOf } from "./protocol.ts";

/** What a server says of itself; blank where it says nothing. */
export type Reported = { readonly name: string; readonly version: string };

/** What the answer to the first request says of the server. */
export function reportedIn(result: JsonObject): Reported {
  const modern = metaOf(result, "server");
  const told = isJsonObject(modern) ? modern : result["serverInfo"];
  const word = (name: string): string => {
    const value = isJsonObject(told) ? told[name] : undefined;
    return typeof value === "string" ? value : "";
  };
  return { name: word("name"), version: word("version") };
}
