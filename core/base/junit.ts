// JUnit XML for CI systems, in the form of spec 06, section 3.6: fixed spelling and order, every time 0, so that the same results give
// the same bytes.

/** One test. Without `failure` and `skipped` it has passed. */
export type JunitCase = {
  readonly classname: string;
  readonly name: string;
  readonly failure?: { readonly message: string; readonly type: string; readonly text: string };
  /** Why it was not run. */
  readonly skipped?: string;
};

/** Tests that belong together. */
export type JunitSuite = { readonly name: string; readonly cases: readonly JunitCase[] };

// What XML 1.0 cannot hold or readers would alter or hide: controls, lone surrogates, U+FFFE and U+FFFF, and direction marks.
const UNFIT = /[^\t\n -~\u00a0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const MARKS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

const content = (text: string): string =>
  text
    .replace(UNFIT, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/[&<>"']/g, (char) => MARKS[char] ?? "");

// A line break or a tab in an attribute would be read back as a blank.
const attribute = (text: string): string => `"${content(text).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`;

type Counts = { readonly tests: number; readonly failures: number; readonly skipped: number };

const countsOf = (cases: readonly JunitCase[]): Counts => ({
  tests: cases.length,
  failures: cases.filter(({ failure }) => failure !== undefined).length,
  skipped: cases.filter(({ skipped }) => skipped !== undefined).length,
});

const counted = ({ tests, failures, skipped }: Counts): string =>
  `tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}" time="0"`;

const caseLines = ({ classname, name, failure, skipped }: JunitCase): readonly string[] => {
  const open = `    <testcase name=${attribute(name)} classname=${attribute(classname)} time="0">`;
  const inside = [
    ...(failure === undefined ? [] : [
      `      <failure message=${attribute(failure.message)} type=${attribute(failure.type)}>${content(failure.text)}</failure>`,
    ]),
    ...(skipped === undefined ? [] : [`      <skipped message=${attribute(skipped)}></skipped>`]),
  ];
  return inside.length === 0 ? [`${open}</testcase>`] : [open, ...inside, "    </testcase>"];
};

/** The report as text, suites and cases in the order given. Names may hold anything: what XML cannot is spelled out. */
export const junitText = (suites: readonly JunitSuite[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counted(countsOf(suites.flatMap(({ cases }) => cases)))}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name=${attribute(name)} ${counted(countsOf(cases))}>`,
      ...cases.flatMap(caseLines),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
