// Contracts of `keys init|rotate|verify` (spec 01, section 2.5): members, lines, exits, files, and where keys come from.
import { assert, assertEquals } from "../assert.ts";
import { KEY_ID, machine, PRIVATE_KEY, PUBLIC_KEY, refusal } from "./commands_world.ts";

// The first pair of a memory machine: its random bytes count from zero.
const FIRST_PRIVATE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/86fO";

const USE = "Give the flag a value of the kind that --help names";
const ONE = "Name exactly one source for each key";
const MAKE = "Make a key pair with gait keys init";
const CHECK = "Check the path, or make the file first";

Deno.test("keys init: exactly these members, and the two files", async () => {
  const made = machine();
  const [exit, said] = await made.json("keys", "init");
  const { key_id, ...rest } = said;
  assertEquals([exit, rest], [0, {
    ok: true,
    prefix: "gait",
    public_key_path: "gait-out/keys/gait_public.key",
    private_key_path: "gait-out/keys/gait_private.key",
  }]);
  assertEquals([...made.disk.files().keys()], ["gait-out/keys/gait_private.key", "gait-out/keys/gait_public.key"]);
  const [priv, pub] = [made.file("gait-out/keys/gait_private.key"), made.file("gait-out/keys/gait_public.key")];
  assert(
    priv.startsWith(FIRST_PRIVATE.slice(0, 42)) && /^[A-Za-z0-9+/]{86}==\n$/.test(priv),
    "the private file is seed and public key",
  );
  assert(/^[A-Za-z0-9+/]{43}=\n$/.test(pub), pub);
  const [, verified] = await made.json(
    "keys",
    "verify",
    "--private-key",
    "gait-out/keys/gait_private.key",
    "--public-key",
    "gait-out/keys/gait_public.key",
  );
  assertEquals(verified, {
    ok: true,
    key_id,
    private_key_source: "path:gait-out/keys/gait_private.key",
    public_key_source: "path:gait-out/keys/gait_public.key",
  });
});

Deno.test("keys init: lines", async () => {
  const [exit, lines] = await machine().text("keys", "init", "--out-dir", "./ring/", "--prefix", " ops ");
  assertEquals([exit, lines.length, lines[0]?.replace(/[0-9a-f]{64}/, "ID"), ...lines.slice(1)], [
    0,
    3,
    "keys init ok: key_id=ID",
    "private key: ring/ops_private.key (keep it secret)",
    "public key:  ring/ops_public.key (give it to whoever verifies)",
  ]);
});

Deno.test("keys init: a file that is there is left alone without --force, whichever of the two it is", async () => {
  for (const half of ["private", "public"]) {
    const path = `gait-out/keys/gait_${half}.key`;
    const made = machine({ files: { [path]: "old" } });
    assertEquals(await made.json("keys", "init"), [
      6,
      refusal(
        "file_exists",
        `Cannot make keys: "${path}" exists`,
        "Choose another name; where a command may replace it, its --help says how",
        { file: path },
      ),
    ]);
    assertEquals([...made.disk.files()].map(([name, bytes]) => [name, bytes.length]), [[path, 3]]);
    assertEquals((await made.json("keys", "init", "--force"))[0], 0);
    assertEquals(made.disk.files().size, 2);
    assert(made.file(path) !== "old");
  }
  const folder = machine({ files: { "gait-out/keys/gait_private.key/x": "" } });
  assertEquals((await folder.json("keys", "init"))[1].fault, "file_exists");
  assertEquals((await folder.json("keys", "init", "--force"))[1].fault, "path_refused");
});

Deno.test("keys init: a file that another process made in between is left alone too", async () => {
  for (const half of ["private", "public"]) {
    const path = `gait-out/keys/gait_${half}.key`;
    const made = machine({ meanwhile: (disk) => disk.put(path, new Uint8Array(3)) });
    const [exit, said] = await made.json("keys", "init");
    assertEquals([exit, said.fault, said.file, made.file(path)], [6, "file_exists", path, "\0\0\0"]);
  }
});

Deno.test("keys init: blank, climbing and odd names are refused before anything is made", async () => {
  const made = machine();
  assertEquals(await made.json("keys", "init", "--prefix", " \t"), [
    6,
    refusal("flag_value", "Cannot make keys: --prefix must not be blank", USE),
  ]);
  assertEquals(await made.json("keys", "init", "--out-dir="), [
    6,
    refusal("flag_value", "Cannot make keys: --out-dir must not be blank", USE),
  ]);
  for (
    const argv of [["--prefix", "a/b"], ["--prefix", ".."], ["--prefix", "a\\b"], ["--out-dir", "../x"], [
      "--out-dir",
      "a/../../x",
    ]]
  ) {
    const [exit, said] = await made.json("keys", "init", ...argv);
    assertEquals([exit, said.fault], [6, "path_refused"], argv.join(" "));
  }
  for (
    const argv of [["keys", "init", "extra"], ["keys", "rotate", "extra"], ["keys", "verify", "extra"], ["keys"], [
      "keys",
      "burn",
    ]]
  ) {
    const [exit, said] = await made.json(...argv);
    assertEquals([exit, said.ok, said.error_code], [6, false, "invalid_input"], argv.join(" "));
  }
  assertEquals(made.disk.files().size, 0);
});

Deno.test("keys rotate: the time in the name, nothing replaced, a blank prefix allowed", async () => {
  const made = machine({ files: { "gait-out/keys/gait_private.key": "old" } });
  const [exit, { key_id, ...rest }] = await made.json("keys", "rotate");
  assertEquals([exit, rest], [0, {
    ok: true,
    prefix: "gait_20260101T000000Z",
    public_key_path: "gait-out/keys/gait_20260101T000000Z_public.key",
    private_key_path: "gait-out/keys/gait_20260101T000000Z_private.key",
  }]);
  assertEquals([typeof key_id, made.file("gait-out/keys/gait_private.key")], ["string", "old"]);
  assertEquals((await made.json("keys", "rotate", "--prefix", ""))[1].prefix, "_20260101T000001Z");
  const [, lines] = await made.text("keys", "rotate");
  assertEquals(lines.map((line) => line.replace(/[0-9a-f]{64}/, "ID")), [
    "keys rotate ok: key_id=ID",
    "private key: gait-out/keys/gait_20260101T000002Z_private.key (keep it secret)",
    "public key:  gait-out/keys/gait_20260101T000002Z_public.key (give it to whoever verifies)",
  ]);
  const taken = machine({ files: { "gait-out/keys/gait_20260101T000000Z_public.key": "old" } });
  assertEquals((await taken.json("keys", "rotate"))[1].fault, "file_exists");
  assertEquals((await taken.json("keys", "rotate", "--force"))[1].fault, "unknown_flag");
});

const FILES = { "k": PRIVATE_KEY, "p": `\r\n\t ${PUBLIC_KEY} \n`, "other": `${"A".repeat(43)}=` };
const ENV = { PRIV: ` ${PRIVATE_KEY}\n`, PUB: PUBLIC_KEY, BLANK: " \n" };

Deno.test("keys verify: every pair of sources, and the lines", async () => {
  const made = machine({ files: FILES, env: ENV });
  const sources = async (...argv: string[]) => {
    const [exit, { ok, key_id, ...rest }] = await made.json("keys", "verify", ...argv);
    return [exit, ok, key_id, rest];
  };
  const good = (
    private_key_source: string,
    public_key_source: string,
  ) => [0, true, KEY_ID, { private_key_source, public_key_source }];
  assertEquals(await sources("--private-key", " k "), good("path:k", "derived"));
  assertEquals(await sources("--private-key-env", "PRIV", "--public-key", "p"), good("env:PRIV", "path:p"));
  assertEquals(await sources("--private-key=k", "--public-key-env=PUB"), good("path:k", "env:PUB"));
  assertEquals(await sources("--private-key=k", "--private-key-env= ", "--public-key="), good("path:k", "derived"));
  assertEquals(await made.text("keys", "verify", "--private-key", "k"), [0, [
    `keys verify ok: key_id=${KEY_ID}`,
    "private key: path:k",
    "public key:  derived",
  ]]);
});

Deno.test("keys verify: what cannot be loaded, by name and without a word of the key", async () => {
  const raw = Uint8Array.from(atob(PRIVATE_KEY), (char) => char.charCodeAt(0));
  const swapped = btoa(String.fromCharCode(...raw.slice(0, 32), ...raw.slice(0, 32)));
  const bad: Readonly<Record<string, readonly [string, string]>> = {
    [PRIVATE_KEY.replaceAll("+", "-").replaceAll("/", "_")]: [
      "key_format",
      "it is not standard base64 with padding on one line, want 64 bytes (a seed of 32, then its public key) in that form",
    ],
    [PRIVATE_KEY.replaceAll("=", "")]: [
      "key_format",
      "it is not standard base64 with padding on one line, want 64 bytes (a seed of 32, then its public key) in that form",
    ],
    [`${PRIVATE_KEY.slice(0, 44)}\n${PRIVATE_KEY.slice(44)}`]: [
      "key_format",
      "it is not standard base64 with padding on one line, want 64 bytes (a seed of 32, then its public key) in that form",
    ],
    [`\ufeff${PRIVATE_KEY}`]: [
      "key_format",
      "it is not standard base64 with padding on one line, want 64 bytes (a seed of 32, then its public key) in that form",
    ],
    [PUBLIC_KEY]: ["key_format", "it holds 32 bytes, want 64 bytes (a seed of 32, then its public key)"],
    "": ["key_format", "the text is empty, want 64 bytes (a seed of 32, then its public key) in standard base64 with padding"],
    "-----BEGIN PRIVATE KEY-----\nMC4CAQ\n": [
      "key_format",
      "it is PEM, want 64 bytes (a seed of 32, then its public key) in standard base64 with padding",
    ],
    [swapped]: ["key_halves_disagree", "its second half is not the public key of its first half"],
  };
  for (const [text, [fault, words]] of Object.entries(bad)) {
    const made = machine({ files: { bad: text } });
    const remedy = fault === "key_format" ? MAKE : "Restore the key file, or make a new pair with gait keys rotate";
    assertEquals(await made.json("keys", "verify", "--private-key", "bad"), [
      6,
      refusal(fault, `Cannot read private key: ${words} (path:bad)`, remedy, { file: "bad" }),
    ]);
    assert(text === "" || !made.outputs.join("").includes(text.trim().slice(2, 20)), "the key was quoted");
  }
  const long = machine({ files: { bad: `${PRIVATE_KEY}${"\n".repeat(70_000)}` } });
  assertEquals((await long.json("keys", "verify", "--private-key", "bad"))[1].fault, "file_too_large");
});

Deno.test("keys verify: sources that clash, are missing or do not belong together", async () => {
  const made = machine({ files: FILES, env: ENV });
  const said = async (...argv: string[]) => await made.json("keys", "verify", ...argv);
  assertEquals(await said(), [
    6,
    refusal("key_source", "Cannot load the keys: expected --private-key or --private-key-env", ONE),
  ]);
  assertEquals(await said("--public-key", "p"), [
    6,
    refusal("key_source", "Cannot load the keys: expected --private-key or --private-key-env", ONE),
  ]);
  assertEquals(await said("--private-key", "k", "--private-key-env", "PRIV"), [
    6,
    refusal("key_source", "Cannot load the private key: expected --private-key or --private-key-env, not both", ONE),
  ]);
  assertEquals(await said("--private-key", "k", "--public-key", "p", "--public-key-env", "PUB"), [
    6,
    refusal("key_source", "Cannot load the public key: expected --public-key or --public-key-env, not both", ONE),
  ]);
  for (const name of ["NONE", "BLANK", "__proto__"]) {
    assertEquals(await said("--private-key-env", name), [
      6,
      refusal("key_source", `Cannot load the private key: variable "${name}" is not set or blank`, ONE),
    ]);
  }
  assertEquals(await said("--private-key", "none"), [
    6,
    refusal("file_missing", `Cannot read "none": there is no such file or folder (ENOENT)`, CHECK, { file: "none" }),
  ]);
  assertEquals(await said("--private-key", "k", "--public-key", "other"), [
    6,
    refusal(
      "key_mismatch",
      "Cannot use the keys: the public key is not the public half of the private key",
      "Use the public key that belongs to the private key",
    ),
  ]);
  assertEquals((await said("--private-key", "k", "--public-key", "k"))[1].fault, "key_format");
  const [exit, lines] = await made.text("keys", "verify", "--private-key", "none");
  assertEquals([exit, lines], [6, [`keys verify error: Cannot read "none": there is no such file or folder (ENOENT)`, CHECK]]);
});

Deno.test("keys verify: a key given in the place of its path or variable is refused unquoted", async () => {
  const made = machine({ files: FILES });
  for (const flag of ["--private-key", "--private-key-env", "--public-key", "--public-key-env"]) {
    const [exit, said] = await made.json(
      "keys",
      "verify",
      ...(flag.startsWith("--public") ? ["--private-key", "k"] : []),
      flag,
      PRIVATE_KEY,
    );
    assertEquals([exit, said.fault], [6, "key_source"], flag);
    assertEquals(
      said.error,
      `Cannot load the ${flag.includes("private") ? "private" : "public"} key: ${flag} wants the name of a ${
        flag.endsWith("env") ? "variable" : "file"
      }, not a key`,
    );
  }
  await made.text("verify", "x", "--private-key", PRIVATE_KEY);
  await made.text("run", "record", "x", "--private-key-env", PRIVATE_KEY);
  assert(!made.outputs.join("").includes(PRIVATE_KEY.slice(0, 12)), "the key was printed");
});
