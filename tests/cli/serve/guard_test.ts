// What a body is said to be: plain JSON in UTF-8, however that is spelled, and nothing that others would decode in another way.
import { checkType } from "../../../cli/serve/guard.ts";
import { assertEquals } from "../../assert.ts";

const takes = (fields: Readonly<Record<string, string>>): boolean =>
  checkType({ method: "POST", header: (name) => fields[name] }).ok;

const TAKEN = [
  "application/json",
  "Application/JSON",
  "application/json;",
  "application/json; charset=utf-8",
  "application/json;charset=UTF-8",
  'application/json ; CharSet="Utf-8"',
  String.raw`application/json; a="x\"y"`,
  String.raw`application/json; a="; charset=utf-7 \\"; charset=utf-8; b=c`,
];

const REFUSED = [
  "",
  "text/plain",
  "application/json-seq",
  "application/json; charset=utf-7",
  "application/json; charset=utf-16",
  "application/json; charset=latin1",
  "application/json; charset=utf8",
  "application/json; charset=",
  'application/json; charset=""',
  'application/json; charset=" utf-8"',
  String.raw`application/json; charset="utf\-8"`,
  "application/json; charset=utf-8; charset=utf-8",
  "application/json; charset=utf-8; CHARSET=utf-7",
  "application/json; charset*=utf-7''x",
  "application/json; charset*0=utf-8",
  'application/json; a="x\\"; charset=utf-7',
  'application/json; a="x"y',
  "application/json, application/json; charset=utf-7",
  "application/json; charset=utf-8, application/json",
];

Deno.test("guard: types of a body that are JSON in UTF-8, and others", () => {
  for (const type of TAKEN) assertEquals(takes({ "content-type": type }), true, type);
  for (const type of REFUSED) assertEquals(takes({ "content-type": type }), false, type);
  assertEquals(takes({}), false);
});

Deno.test("guard: a body that is encoded is not read", () => {
  const encoded = (encoding: string): boolean => takes({ "content-type": "application/json", "content-encoding": encoding });
  assertEquals(["identity", "Identity"].map(encoded), [true, true]);
  assertEquals(["", "gzip", "br", "deflate", "identity, gzip"].filter(encoded), []);
});

Deno.test("guard: a long type is read at once", () => {
  const type = `application/json${'; a="\\"'.repeat(20_000)}`;
  const begun = performance.now();
  assertEquals(takes({ "content-type": type }), false);
  assertEquals(performance.now() - begun < 2_000, true);
});
