// What a frame answers, cut out of it as it came: to read it and write it anew would spell it in another way, and takes longer.
import { fromUtf8, utf8 } from "./bytes.ts";
import { childrenAt } from "./json_locate.ts";
import { skipBlank } from "./json_scan.ts";

/**
 * The bytes of the result of a frame or, where it has none, of its error, so without the id that its client chose; undefined where it has
 * neither. The frame was read strictly before.
 */
export function answerBytes(frame: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const text = fromUtf8(frame);
  const members = childrenAt(text, skipBlank(text, 0));
  const { from, to } = members.find(({ name }) => name === "result") ?? members.find(({ name }) => name === "error") ?? {};
  return from === undefined ? undefined : utf8(text.slice(from, to));
}
