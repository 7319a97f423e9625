// YAML files that most people write plainly: the package for unusual YAML is loaded only where it is needed, since it takes as long as all
// the rest.
import { ok, type Result } from "../core/base/result.ts";
import { readPlainYaml } from "../core/base/yaml_plain.ts";
import { yamlText } from "../core/base/yaml_text.ts";
import type { YamlSource } from "../core/base/yaml_tree.ts";

/** The tree of a YAML text; `what` names it in messages. Faults: `text_encoding` and those of YAML. */
export async function yamlSource(bytes: Uint8Array, what: string): Promise<Result<YamlSource>> {
  const text = yamlText(bytes, what);
  if (!text.ok) return text;
  const plain = readPlainYaml(text.value);
  if (plain !== undefined) return ok(plain);
  const { readYaml } = await import("../core/base/yaml.ts");
  return readYaml(bytes, what);
}
