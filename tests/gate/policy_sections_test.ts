// Lists of a sandbox section of which nothing is left once they are cleaned.
import { fitShape } from "../../core/base/shape.ts";
import { sandboxOf } from "../../core/gate/policy_sections.ts";
import { SandboxPolicyShape } from "../../core/schema/policy.ts";
import { assert, assertEquals } from "../assert.ts";

const noted = (section: Readonly<Record<string, readonly string[]>>): readonly string[] => {
  const written = fitShape(SandboxPolicyShape, section);
  assert(written.ok);
  const notes: string[] = [];
  sandboxOf(written.value, "/rules/0/sandbox", (pointer, words) => void notes.push(`${pointer}: ${words}`));
  return notes;
};

Deno.test("policy sections: a list of folders that comes to nothing is refused with its place", () => {
  for (const field of ["allowed_writable_path_prefixes", "required_read_only_roots"]) {
    assertEquals(noted({ [field]: [".", "a/.."] }), [
      `/rules/0/sandbox/${field}: field "${field}" needs a folder by its name, such as /srv/work, not ".", "a/.."`,
    ]);
    assertEquals(noted({ [field]: [".", "/srv"] }), []);
    assertEquals(noted({ [field]: [] }), []);
  }
});
