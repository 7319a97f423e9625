// Properties of results under rules: what is held back never comes through, all else passes byte by byte, and whoever has read something
// labelled says so in each later call.
import fc from "fast-check";
import { assert, assertEquals } from "../assert.ts";
import { toolCall, wrapped } from "../cli/mcp_wrap/world.ts";
import { property } from "./run.ts";

const SECRET = "hunter2";

const RULES = `rules:
  - {name: secrets, effect: block, match: {contains: [${SECRET}]}}
  - {name: pages, effect: label, source: external, labels: [web], match: {tool_names: [web.*]}}
`;

const POLICY = `default_verdict: allow
rules:
  - {name: careful, effect: block, match: {tool_names: [post], provenance_sources: [external]}}
`;

/** How a server says a text: in which member, in which case, escaped or not, and what stands around it. */
const said = fc.record({
  place: fc.constantFrom("text", "resource", "structured", "name", "error", "deep", "image"),
  secret: fc.boolean(),
  loud: fc.boolean(),
  escaped: fc.boolean(),
  around: fc.stringMatching(/^[a-z "\\é{}\[\]:,]{0,12}$/),
  blank: fc.constantFrom("", " "),
});

type Said = typeof said extends fc.Arbitrary<infer T> ? T : never;

const word = ({ secret, loud, escaped, around }: Said): string => {
  const plain = secret ? SECRET : "harmless";
  const text = JSON.stringify(`${around}${loud ? plain.toUpperCase() : plain}${around}`);
  return escaped ? text.replace(/[a-z](?=\w*"$)/i, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`) : text;
};

function lineOf(id: number, one: Said): string {
  const text = word(one);
  const result = (inner: string): string => `"result":{${inner}}`;
  const body = {
    text: result(`"content":[{"type":"text","text":${text}}]`),
    resource: result(`"content":[{"type":"resource","resource":{"uri":"x","text":${text}}}]`),
    structured: result(`"content":[],"structuredContent":{"a":[${text}]}`),
    name: result(`"content":[],"structuredContent":{${text}:1}`),
    error: `"error":{"code":1,"message":${text}}`,
    deep: result(`"content":[],"structuredContent":{"a":${"[".repeat(200)}${text}${"]".repeat(200)}}`),
    image: result(`"content":[{"type":"image","mimeType":"x","data":"aGk="},{"type":"text","text":${text}}]`),
  }[one.place];
  return `{"jsonrpc":"2.0",${one.blank}"id":${id},${body}}`;
}

property(
  "results under rules: secrets never pass, all else passes as it is, what was read is told",
  fc.array(fc.record({ tool: fc.constantFrom("web.get", "file.read"), said, together: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  }),
  async (steps) => {
    const world = wrapped({
      files: { "policy.yaml": POLICY, "rules.yaml": RULES },
      settings: { result_rules: "rules.yaml", most: 100_000 },
    });
    const ids = steps.map((_, id) => id);
    const lines = steps.map(({ said }, id) => lineOf(id, said));
    await world.client.send(...steps.map(({ tool }, id) => toolCall(id, tool)));
    await world.server.send(...lines);
    for (const [id, { said }] of steps.entries()) {
      const got = world.client.got()[id] ?? "";
      if (said.secret) assertEquals([JSON.parse(got).id, JSON.parse(got).result.isError], [id, true]);
      else assertEquals(got, lines[id]);
    }
    await world.client.send(toolCall("post", "post"));
    const read = steps.some(({ tool, said }) => tool === "web.get" && !said.secret);
    const left = world.server.got().map((line) => JSON.parse(line).id);
    assertEquals(left, read ? ids : [...ids, "post"], "what was read decides");
    const heard = world.client.got().map((line) => JSON.stringify(JSON.parse(line)).toLowerCase());
    assert(heard.every((line) => !line.includes(SECRET)));
    await world.client.close();
    assertEquals(await world.session, "ok");
  },
);
