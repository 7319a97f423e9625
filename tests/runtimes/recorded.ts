// The archives and documents of the recorded cases, each content once.
import { fromBase64, utf8 } from "../../core/base/bytes.ts";
import { sha256Hex } from "../../core/base/digest.ts";
import { nodeHost } from "../../host/node.ts";
import { craftZip } from "../base/craft_zip.ts";
import { shared } from "../shared.ts";

/** Files of one case by name. */
export type Recorded = { readonly name: string; readonly files: readonly (readonly [name: string, bytes: Uint8Array])[] };

type Content =
  | { readonly base64: string }
  | { readonly zip: readonly { readonly name: string; readonly text?: string; readonly base64?: string }[] }
  | { readonly text: string; readonly mode: string };
type Files = Readonly<Record<string, unknown>>;
type Case = { readonly files?: Files; readonly steps: readonly { readonly files?: Files }[] };

const bytesOf = (text: string): Uint8Array => {
  const bytes = fromBase64(text.replaceAll(/\s/g, ""));
  if (bytes === undefined) throw new Error("a recorded case holds bad base64");
  return bytes;
};

const isContent = (value: unknown): value is Content =>
  typeof value === "object" && value !== null && ("base64" in value || "zip" in value || "mode" in value);

/** The bytes that the recording writes for the content of a file. */
function contentOf(value: unknown): Uint8Array {
  if (typeof value === "string") return utf8(value);
  if (!isContent(value)) return utf8(`${JSON.stringify(value, undefined, 2)}\n`);
  if ("base64" in value) return bytesOf(value.base64);
  if ("text" in value) return utf8(value.text);
  return craftZip(value.zip.map(({ name, text, base64 }) => ({
    name,
    stored: true,
    content: base64 === undefined ? text ?? "" : bytesOf(base64),
  })));
}

/** All recorded cases that have files; empty, after a visible line, where there are none. */
export function recorded(): Recorded[] {
  const root = shared("conformance");
  if (root === undefined) return [];
  const seen = new Set<string>();
  const all: Recorded[] = [];
  for (const area of [...Deno.readDirSync(root)].filter((entry) => entry.isDirectory).map(({ name }) => name).sort()) {
    for (const file of [...Deno.readDirSync(`${root}/${area}`)].map(({ name }) => name).filter(isJson).sort()) {
      const { files, steps }: Case = JSON.parse(Deno.readTextFileSync(`${root}/${area}/${file}`));
      const fresh = [files ?? {}, ...steps.map((step) => step.files ?? {})].flatMap((written) => Object.entries(written))
        .map(([name, value]) => [name, contentOf(value)] as const)
        .filter(([, bytes]) => seen.size !== seen.add(sha256Hex(nodeHost.crypto, bytes)).size);
      if (fresh.length > 0) all.push({ name: `${area}/${file}`, files: fresh });
    }
  }
  return all;
}

const isJson = (name: string): boolean => name.endsWith(".json");

/** Files of a folder of public vectors by name; empty, after a visible line, where there are none. */
export function vectors(folder: string): (readonly [name: string, bytes: Uint8Array])[] {
  const root = shared(`vectors/${folder}`);
  if (root === undefined) return [];
  return [...Deno.readDirSync(root)].filter((entry) => entry.isFile).map(({ name }) => name).sort()
    .map((name) => [name, Deno.readFileSync(`${root}/${name}`)] as const);
}
