// A YAML tree without the fields that a shape does not know, for formats whose readers pass over them.
import { type AnyShape, fieldOf } from "./shape.ts";
import type { YamlMapping, YamlNode } from "./yaml_tree.ts";

const known = (shape: AnyShape, node: YamlNode): YamlNode => {
  if (node.kind === "mapping" && shape.fields !== undefined) return knownMapping(shape, node);
  const { items } = shape;
  return node.kind === "list" && items !== undefined ? { ...node, items: node.items.map((item) => known(items, item)) } : node;
};

/** The same mapping with the fields of the shape alone, at every level. */
export const knownMapping = (shape: AnyShape, node: YamlMapping): YamlMapping => ({
  ...node,
  members: node.members.flatMap((member) => {
    const field = fieldOf(shape, member.key.text);
    return field === undefined ? [] : [{ ...member, value: known(field, member.value) }];
  }),
});
