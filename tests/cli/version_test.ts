// The version that a build stamps.
import { VERSION, versionOf } from "../../cli/version.ts";
import { assertEquals } from "../assert.ts";

Deno.test("version: a leading v is dropped, and what nobody stamped says so", () => {
  assertEquals([versionOf("v1.4.0"), versionOf("1.4.0"), versionOf("2.0.0-rc.1")], ["1.4.0", "1.4.0", "2.0.0-rc.1"]);
  assertEquals(VERSION, "0.0.0-dev");
});
