// An answer to `tools/list` without some of its tools: all else of it keeps its bytes, since a number or the order of members must not
// change on the way.
import { fromUtf8, utf8 } from "../base/bytes.ts";
import { childrenAt, type JsonChild } from "../base/json_locate.ts";
import { skipBlank } from "../base/json_scan.ts";

/** The answer, which was read before, without the tools that `isHidden` names; the same bytes object where it names none. */
export function withoutTools(line: Uint8Array, isHidden: (name: string) => boolean): Uint8Array {
  const text = fromUtf8(line);
  const list = memberAt(text, memberAt(text, skipBlank(text, 0), "result"), "tools");
  if (list === undefined) return line;
  const items = childrenAt(text, list);
  const kept = items.filter((item) => {
    const name = nameOf(text, item);
    return name === undefined || !isHidden(name);
  });
  const last = items.at(-1);
  if (last === undefined || kept.length === items.length) return line;
  const parts = kept.map(({ from, to }) => text.slice(from, to));
  return utf8(`${text.slice(0, list + 1)}${parts.join(",")}${text.slice(last.to)}`);
}

const memberAt = (text: string, from: number | undefined, name: string): number | undefined =>
  from === undefined || text[from] !== "{" ? undefined : childrenAt(text, from).find((member) => member.name === name)?.from;

function nameOf(text: string, { from }: JsonChild): string | undefined {
  const at = memberAt(text, from, "name");
  if (at === undefined || text[at] !== '"') return undefined;
  const member = childrenAt(text, from).find(({ name }) => name === "name");
  const name: unknown = JSON.parse(text.slice(at, member?.to));
  return typeof name === "string" ? name : undefined;
}
