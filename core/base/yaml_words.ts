// What the YAML package complains about, in the words of gait: what is wanted, not what the package calls it.

// By code of the package.
const BY_CODE: Readonly<Record<string, string>> = {
  ALIAS_PROPS: "expected an alias without anchor or tag",
  BAD_ALIAS: "expected a name behind * or &, without a colon at its end",
  BAD_COLLECTION_TYPE: "expected a tag that fits the collection",
  BAD_DIRECTIVE: "expected no directive but %YAML 1.2",
  BAD_DQ_ESCAPE: "expected an escape sequence that YAML knows; in single quotes a backslash is a backslash",
  BAD_PROP_ORDER: "expected anchor and tag behind the dash, question mark or colon",
  BAD_SCALAR_START: "expected quotes around text that begins with this character",
  BLOCK_AS_IMPLICIT_KEY: "expected one key and value a line; a value that holds a colon and a blank needs quotes",
  BLOCK_IN_FLOW: "expected no indented mapping or list inside of brackets",
  KEY_OVER_1024_CHARS: "expected a key of at most 1024 characters",
  MULTILINE_IMPLICIT_KEY: "expected a key and its colon on one line",
  MULTIPLE_ANCHORS: "expected one anchor at most",
  MULTIPLE_TAGS: "expected one tag at most",
  RESOURCE_EXHAUSTION: "expected less nesting",
  TAB_AS_INDENT: "expected blanks, not tabs, as indentation",
  TAG_RESOLVE_FAILED: "expected no tag",
};

// By how the message of the package begins, where its code says too little.
const BY_MESSAGE: readonly (readonly [string, string])[] = [
  ['Missing closing "', "expected a closing double quote"],
  ["Missing closing '", "expected a closing single quote"],
  ["Implicit map keys need", "expected a colon and a blank behind the key"],
  ["Implicit keys need", "expected a key and its colon on one line"],
  ["Missing space after :", "expected a blank behind the colon"],
  ["Missing , or :", "expected a comma or a colon"],
  ["Missing ,", "expected a comma"],
  ["Sequence item without", "expected a dash and a blank before the item"],
  ["Tags and anchors must be separated", "expected a blank behind the anchor or tag"],
  ["Comments must be separated", "expected a blank before the comment"],
  ["Missing newline after block sequence", "expected the list on the next line"],
  ["Block collection cannot start", "expected the mapping or list on the next line"],
  ["Missing directives-end", "expected --- behind the directives"],
  ["All mapping items must", "expected the same indentation as the keys above"],
  ["All sequence items must", "expected the same indentation as the items above"],
  ["Block scalar", "expected every line of the text to be indented alike"],
  ["Flow map in block", "expected a closing brace, indented deeper than its key"],
  ["Flow sequence in block", "expected a closing bracket, indented deeper than its key"],
  ["Flow map must end", "expected a closing brace"],
  ["Flow sequence must end", "expected a closing bracket"],
  ["Unexpected scalar at node end", "expected the end of the value"],
  ["Unexpected flow-seq-start token", "expected no bracket here"],
  ["Unexpected flow-map-start token", "expected no brace here"],
  ["Unexpected flow-seq-end token", "expected no closing bracket here"],
  ["Unexpected flow-map-end token", "expected no closing brace here"],
  ["Unexpected block-seq-ind", "expected the list on a line of its own"],
  ["Unexpected seq-item-ind", "expected the list on a line of its own"],
  ["Unexpected map-value-ind", "expected no colon here"],
  ["Unexpected ,", "expected no comma here"],
  ["Unexpected empty item", "expected an item before the comma"],
  ["Unexpected doc-end", "expected a document before ..."],
];

const OTHERWISE = "expected YAML; something stands here that has no place in it";

/** The words for an error of the package. */
export const errorWords = (code: string, message: string): string =>
  BY_CODE[code] ?? BY_MESSAGE.find(([start]) => message.startsWith(start))?.[1] ?? OTHERWISE;
