// Which calls change something (spec 05, section 3.3): by what they do to their targets, else by the words of their names.
import { changesState } from "../../core/mcp/changes_state.ts";
import { assertEquals } from "../assert.ts";

const touching = (tool_name: string, ...operations: readonly string[]) => ({
  tool_name,
  targets: operations.map((operation) => ({ operation })),
});

Deno.test("changes: what is done to a target decides before any name", () => {
  for (const read of ["read", "list", "query", "search", "inspect", "get", "fetch", "head", "describe"]) {
    assertEquals(changesState(touching("delete_all", read, "")), false, read);
    assertEquals(changesState(touching("get", read, "write")), true, read);
  }
  for (const word of ["write", "delete", "execute", "delegate", "run", "reads"]) {
    assertEquals(changesState(touching("shelf.peek", word)), true, word);
  }
  assertEquals(changesState(touching("stock.create", "")), true);
});

// In the order of the rules: the first whole word that writes or reads, beginnings, nothing.
const NAMES: readonly (readonly [string, boolean])[] = [
  ["stock.create", true],
  ["approve", true],
  ["execute_plan", true],
  ["get_then_delete_row", false],
  ["delete_then_get_row", true],
  ["list/put", false],
  ["put/list", true],
  ["Set-Value", true],
  ["list.things", false],
  ["head_updater", false],
  ["things.get.updating", false],
  ["updateShelf", true],
  ["posting.board", true],
  ["running", true],
  ["getShelf", false],
  ["reader.updater", false],
  ["updater.reader", true],
  ["headless", false],
  ["executive", true],
  ["robot.dance", false],
  ["\u00e9get", false],
  ["", false],
];

Deno.test("changes: otherwise the words of the name decide", () => {
  for (const [name, wanted] of NAMES) assertEquals(changesState(touching(name)), wanted, name);
});

Deno.test("changes: a script changes something by the targets of its steps, and by its own", () => {
  const script = (...steps: readonly ReturnType<typeof touching>[]) => ({ ...touching("script"), script: { steps } });
  assertEquals(changesState(script(touching("get"), touching("x", "read"))), false);
  assertEquals(changesState(script(touching("get"), touching("x", "read", "write"))), true);
  assertEquals(changesState(script(touching("x", "read"), touching("row.delete"))), false);
  assertEquals(changesState(script(touching("row.delete"))), false);
  assertEquals(changesState({ ...script(touching("get")), targets: [{ operation: "write" }] }), true);
});
