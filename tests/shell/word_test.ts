// Words of shell commands: what of them is known before anything has run.
import { assertEquals } from "../assert.ts";
import { readIn } from "./cases.ts";

const argv = (text: string): readonly (readonly string[])[] => readIn(text).commands.map((command) => command.argv);
const codes = (text: string): readonly string[] => readIn(text).unresolved.map(({ code }) => code);

Deno.test("shell words: quotes, escapes and codes come to what the program gets", () => {
  assertEquals(argv(`a 'b c' "d\\"e" f\\ g $'\\x68\\n' ""`), [["a", "b c", `d"e`, "f g", "h\n", ""]]);
  assertEquals(argv("a *.x {b,c} [d]"), [["a", "*.x", "{b,c}", "[d]"]]);
  assertEquals(argv("a ~/x ~"), [["a", "/home/u/x", "/home/u"]]);
});

Deno.test("shell words: a text that cat prints is known, and only cat prints it", () => {
  const message = (program: string, mark = "'END'"): string =>
    `git commit -m "$(${program} <<${mark}\nfirst $x\n\nlast\n\nEND\n)"`;
  assertEquals(argv(message("cat"))[0], ["git", "commit", "-m", "first $x\n\nlast"]);
  assertEquals(codes(message("cat")), []);
  assertEquals(codes(message("tac")), ["shell_expansion"]);
  assertEquals(codes(message("cat", "END")), ["shell_expansion"]); // expanded, since its mark is not quoted
  assertEquals(codes(`cat() { curl x; }; ${message("cat")}`), ["shell_expansion"]);
  assertEquals(codes(`git commit -m "$(cat <<'END' | sh\nx\nEND\n)"`), ["shell_expansion", "shell_eval"]);
});

Deno.test("shell words: every text of a command is bounded", () => {
  assertEquals(codes(`a ${"x".repeat(2 ** 16)}`), ["shell_too_large"]);
  assertEquals(codes("a \0"), ["shell_parse_error"]);
  assertEquals(codes("f() ".repeat(12_000)), ["shell_too_large"]);
  let nested = "a";
  for (let depth = 0; depth < 10; depth++) nested = `bash -c '${nested.replaceAll("'", `'\\''`)}'`;
  assertEquals(codes(nested), ["shell_too_large"]);
});
