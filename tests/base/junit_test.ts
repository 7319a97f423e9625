// JUnit text: the bytes of spec 06, section 3.6, and that hostile names stay text.
import { junitText } from "../../core/base/junit.ts";
import { assert, assertEquals } from "../assert.ts";

Deno.test("junit: these bytes and no others", () => {
  const text = junitText([
    {
      name: "gait.regress.default",
      cases: [
        {
          classname: "quote-bot",
          name: "diff",
          failure: { message: "unexpected_diff", type: "regress_failure", text: "unexpected_diff" },
        },
        { classname: "quote-bot", name: "expected_exit_code" },
        { classname: "quote-bot", name: "left", skipped: "not asked" },
      ],
    },
    { name: "empty", cases: [] },
  ]);
  assertEquals(
    text,
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0" skipped="1" time="0">
  <testsuite name="gait.regress.default" tests="3" failures="1" errors="0" skipped="1" time="0">
    <testcase name="diff" classname="quote-bot" time="0">
      <failure message="unexpected_diff" type="regress_failure">unexpected_diff</failure>
    </testcase>
    <testcase name="expected_exit_code" classname="quote-bot" time="0"></testcase>
    <testcase name="left" classname="quote-bot" time="0">
      <skipped message="not asked"></skipped>
    </testcase>
  </testsuite>
  <testsuite name="empty" tests="0" failures="0" errors="0" skipped="0" time="0">
  </testsuite>
</testsuites>
`,
  );
});

Deno.test("junit: names cannot close an element, forge a line or hold what XML cannot", () => {
  const hostile = `]]></testcase><x a="1" b='2'>&amp;\n\t\r\0\x1b[2J\ud800\ufffe\u202e\u{1f600}`;
  const text = junitText([{
    name: hostile,
    cases: [{
      classname: hostile,
      name: hostile,
      failure: { message: hostile, type: hostile, text: hostile },
      skipped: hostile,
    }],
  }]);
  const inText =
    `]]&gt;&lt;/testcase&gt;&lt;x a=&quot;1&quot; b=&apos;2&apos;&gt;&amp;amp;\n\t\\u000d\\u0000\\u001b[2J\\ud800\\ufffe\\u202e\u{1f600}`;
  const inAttribute = inText.replace("\n", "&#10;").replace("\t", "&#9;");
  assertEquals(text.split(inText).length - 1, 1);
  assertEquals(text.split(`"${inAttribute}"`).length - 1, 6);
  const rest = text.replaceAll(inText, "T").replaceAll(inAttribute, "A");
  assertEquals(
    rest.split("\n").slice(2, 6),
    [
      '  <testsuite name="A" tests="1" failures="1" errors="0" skipped="1" time="0">',
      '    <testcase name="A" classname="A" time="0">',
      '      <failure message="A" type="A">T</failure>',
      '      <skipped message="A"></skipped>',
    ],
  );
  assert([...text].every((char) => char >= " " || "\n\t".includes(char)));
});
