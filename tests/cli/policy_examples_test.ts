// The example policies: what their fixtures expect holds, their fixtures reach every rule and let it decide, and lint has no complaint.
import { Validator } from "@cfworker/json-schema";
import { PolicyFixtureShape } from "../../core/schema/policy_fixture.ts";
import { schemaOf } from "../../scripts/gen/schemas.ts";
import { machine } from "./commands_world.ts";
import { assert, assertEquals } from "../assert.ts";

const FOLDER = new URL("../../fixtures/policies/", import.meta.url);

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name !== "lint").sort();

function* filesBelow(path: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(path, FOLDER))) {
    if (isDirectory) yield* filesBelow(`${path}${name}/`);
    else yield `${path}${name}`;
  }
}

const load = (name: string) =>
  machine({
    files: Object.fromEntries([...filesBelow(`${name}/`)].map((path) => [path, Deno.readTextFileSync(new URL(path, FOLDER))])),
  });

Deno.test("example policies: one for each thing that the guide is about", () => {
  assertEquals(names, [
    "baseline-high",
    "baseline-low",
    "baseline-medium",
    "delegation",
    "destructive-plan-apply",
    "freeze-window",
    "kill-switch",
    "prompt-injection",
    "scripts",
    "skills",
  ]);
});

for (const name of names) {
  Deno.test(`example policy ${name}: all expectations hold, and every rule is reached and decides`, async () => {
    const world = load(name);
    const [exit, said] = await world.json("policy", "test", `${name}/policy.yaml`, `${name}/fixtures`);
    assertEquals([exit, said["ok"], said["failed"], said["reported"]], [0, true, 0, 0], String(said["summary"]));
    assertEquals(
      [said["rules_reached"], said["rules_decided"]],
      [said["rules_total"], said["rules_total"]],
      String(said["summary"]),
    );
    const [strict, { findings }] = await world.json("policy", "validate", `${name}/policy.yaml`, "--strict");
    assertEquals(strict, 0, JSON.stringify(findings));
  });

  Deno.test(`example policy ${name}: each fixture says what it shows and expects all there is`, () => {
    for (const path of filesBelow(`${name}/fixtures/`)) {
      const fixture = JSON.parse(Deno.readTextFileSync(new URL(path, FOLDER)));
      const { about, expect } = fixture;
      assert(typeof about === "string" && about !== "", path);
      const { valid, errors } = new Validator(schemaOf(PolicyFixtureShape), "2020-12").validate(fixture);
      assert(valid, `${path}: ${JSON.stringify(errors)}`);
      assertEquals(Object.keys(expect), ["verdict", "reason_codes", "violations", "matched_rule"], path);
    }
  });
}
