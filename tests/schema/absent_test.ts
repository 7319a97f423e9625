// What an absent member is read as is told where a shape is made, for speed; its reader has to say the same.
import { type AnyShape, fieldsOf, fitShape, object } from "../../core/base/shape.ts";
import { DOCUMENTS } from "../../core/schema/mod.ts";
import { PolicyShape } from "../../core/schema/policy.ts";
import { assert, assertEquals } from "../assert.ts";

const read = ({ reading }: AnyShape): { readonly value?: unknown } => {
  const { value, issues } = reading.schema()["~run"]({ value: undefined }, {});
  return issues === undefined ? { value } : {};
};

/** A shape and all that it holds. */
const within = (shape: AnyShape): readonly AnyShape[] => [
  shape,
  ...Object.values(fieldsOf(shape)).flatMap(within),
  ...(shape.items === undefined ? [] : within(shape.items)),
];

Deno.test("shape: every member that is absent is read as its reader reads nothing", () => {
  const members = new Set([...Object.values(DOCUMENTS), PolicyShape].flatMap(within));
  let absent = 0;
  for (const member of members) {
    const around = object("A document", () => ({ member }));
    const found = fitShape(around, {});
    const wanted = read(member);
    assertEquals(found.ok, "value" in wanted, member.doc);
    if (!found.ok) continue;
    absent++;
    assertEquals(found.value.member, wanted.value, member.doc);
  }
  assert(absent > 500 && absent < members.size, `${absent} of ${members.size} members may be absent`);
});
