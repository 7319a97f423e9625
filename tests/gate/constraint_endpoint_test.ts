// What targets may be.
import type { Json } from "../../core/base/json.ts";
import { type Row, rows, ruled, type Said } from "./decide.ts";
import { request } from "./intents.ts";

const OK: Said = ["allow", "ok", ""];
const found = (code: string, verdict = "block"): Said => [
  verdict,
  `endpoint_constraint_violation ${code} ok`,
  `endpoint_constraint_violation ${code}`,
];

const path = (value: string, operation = "read"): Json => request({ targets: [{ kind: "path", value, operation }] });
const url = (value: string, more: Readonly<Record<string, string>> = {}): Json =>
  request({ targets: [{ kind: "url", value, ...more }] });

rows("endpoint: paths", ruled({ endpoint: { path_allowlist: ["/srv/**"], path_denylist: ["/srv/closed/**"] } }), [
  ["on the allowlist", path("/srv/a"), OK],
  ["on neither", path("/etc/passwd"), found("endpoint_path_not_allowlisted")],
  ["on both", path("/srv/closed/a"), found("endpoint_path_denied")],
  ["out of the allowlist by climbing", path("/srv/../etc/passwd"), found("endpoint_path_not_allowlisted")],
  ["encoded", path("/srv/%2e%2e/etc/passwd"), found("endpoint_path_not_allowlisted")],
  ["into the denylist by climbing", path("/srv/a/../closed/b"), [
    "block",
    "endpoint_constraint_violation endpoint_path_denied endpoint_path_not_allowlisted ok",
    "endpoint_constraint_violation endpoint_path_denied endpoint_path_not_allowlisted",
  ]],
  ["no path", url("https://x.example"), OK],
  [
    "one of two",
    request({
      targets: [{ kind: "path", value: "/srv/a", operation: "read" }, { kind: "path", value: "/x", operation: "read" }],
    }),
    found("endpoint_path_not_allowlisted"),
  ],
]);

rows(
  "endpoint: domains",
  ruled({ endpoint: { domain_allowlist: ["*.Books.example"], domain_denylist: ["evil.books.example"] } }),
  [
    ["on the allowlist", url("https://a.books.example/x"), OK],
    ["on neither", url("https://books.example"), found("endpoint_domain_not_allowlisted")],
    ["on both", url("https://evil.books.example"), found("endpoint_domain_denied")],
    ["none", url("relative/only"), OK],
    [
      "a bucket that declares one",
      request({ targets: [{ kind: "bucket", value: "b", endpoint_domain: "x.example" }] }),
      found("endpoint_domain_not_allowlisted"),
    ],
    [
      "declared to be another than the value's",
      url("https://x.example", { endpoint_domain: "a.books.example" }),
      found("endpoint_domain_not_allowlisted"),
    ],
    ["a trailing dot", url("https://a.books.example./"), found("endpoint_domain_not_allowlisted")],
    ["a trailing dot on the denylist", url("https://evil.books.example./"), [
      "block",
      "endpoint_constraint_violation endpoint_domain_denied endpoint_domain_not_allowlisted ok",
      "endpoint_constraint_violation endpoint_domain_denied endpoint_domain_not_allowlisted",
    ]],
    ["behind a back slash", url("https://x.example\\@a.books.example/"), found("endpoint_domain_not_allowlisted")],
  ],
);

rows("endpoint: egress classes", ruled({ endpoint: { egress_classes: ["net.http"], action: "require_approval" } }), [
  ["listed", url("https://x.example"), OK],
  [
    "not listed",
    url("https://x.example", { operation: "resolve" }),
    found("endpoint_egress_class_not_allowed", "require_approval"),
  ],
  ["no use of the network", path("/a"), OK],
]);

const DESTROYS = ["destructive_operation endpoint_constraint_violation"] as const;
const destructive = (action: string, destructive_action: string, verdict: string): readonly Row[] => [[
  `${action}, destructive ${destructive_action}`,
  path("/a", "delete"),
  [verdict, "destructive_apply_requires_approval endpoint_constraint_violation endpoint_destructive_operation ok", ...DESTROYS],
]];

for (
  const [action, destructive_action, verdict] of [
    ["require_approval", "block", "block"],
    ["require_approval", "require_approval", "require_approval"],
    ["block", "require_approval", "block"],
    ["block", "block", "block"],
  ] as const
) {
  rows("endpoint: what destroys", ruled({ endpoint: { action, destructive_action } }), [
    ...destructive(action, destructive_action, verdict),
    [`${action}, destructive ${destructive_action}, nothing destroyed`, path("/a"), OK],
  ]);
}

rows("endpoint: own codes", ruled({ endpoint: { path_denylist: ["/a"], reason_code: "why", violation: "what" } }), [
  ["are added to the findings", path("/a"), ["block", "endpoint_path_denied ok why", "endpoint_path_denied what"]],
]);

rows(
  "endpoint: a stronger effect stays",
  ruled({ effect: "block", endpoint: { path_denylist: ["/a"], action: "require_approval" } }),
  [
    ["with the findings beside it", path("/a"), found("endpoint_path_denied")],
  ],
);

const MISREAD = [
  "\u0001http://evil.example/x",
  "\u001bhttp://evil.example",
  "evil.example/x",
  "user@evil.example",
  "/\\evil.example",
  "\\\\evil.example\\share",
  "///evil.example",
] as const;

rows(
  "endpoint: URLs that others read otherwise and an allowlist",
  ruled({ endpoint: { domain_allowlist: ["good.example"] } }),
  [
    ...MISREAD.map((value): Row => [value, url(value), found("endpoint_domain_not_allowlisted")]),
    ["no scheme", url("good.example/x"), found("endpoint_domain_not_allowlisted")],
    ["no domain", url("file:///etc/passwd"), found("endpoint_domain_not_allowlisted")],
    ["a rooted path", url("/a"), found("endpoint_domain_not_allowlisted")],
    ["no scheme, a declared domain", url("good.example/x", { endpoint_domain: "good.example" }), OK],
    ["a path beside another URL", url("docs/a"), OK],
    ["a path", path("/a"), OK],
  ],
);

rows("endpoint: readers disagree, all of them on the allowlist", ruled({ endpoint: { domain_allowlist: ["*.example"] } }), [
  ["two hosts", url("https://a.example\\@b.example/"), found("endpoint_domain_not_allowlisted")],
  ["one host", url("https://a@b.example/"), OK],
]);

rows(
  "endpoint: URLs that others read otherwise and a denylist",
  ruled({ endpoint: { domain_denylist: ["evil.example", "127.0.0.1", "worse.example."] } }),
  [
    ...[
      ...MISREAD,
      "http://127.1/",
      "http://2130706433/",
      "http://0x7f000001/",
      "0x7f000001/x",
      "http://0177.0.0.1",
      "http://[::ffff:127.0.0.1]",
      "http://[::ffff:7f00:1]:80/",
      "http://worse.example/",
    ].map((value): Row => [value, url(value), found("endpoint_domain_denied")]),
    ["a host as a number", request({ targets: [{ kind: "host", value: "2130706433" }] }), found("endpoint_domain_denied")],
    ["another address", url("http://127.2/"), OK],
  ],
);

rows("endpoint: a denylist whose patterns are not clean", ruled({ endpoint: { path_denylist: ["/etc/../srv/**"] } }), [
  ["cleaned", path("/srv/a"), found("endpoint_path_denied")],
  ["elsewhere", path("/etc/a"), OK],
]);

rows("endpoint: encoded beyond the usual", ruled({ endpoint: { path_allowlist: ["/ok/**"] } }), [
  ["climbing", path("/ok/%25%32%65%25%32%65/etc"), found("endpoint_path_not_allowlisted")],
  ["a letter", path("/ok/%61"), found("endpoint_path_not_allowlisted")],
]);

const host = (value: string, more: Readonly<Record<string, string>> = {}): Json =>
  request({ targets: [{ kind: "host", value, ...more }] });

// Controls and blanks, which no host holds: some readers end a name there, some take them out.
const UNSEEN = Array.from({ length: 0xa0 }, (_, code) => code).filter((code) => code <= 0x20 || code >= 0x7f)
  .map((code) => String.fromCharCode(code));

rows(
  "endpoint: hosts with what none holds and an allowlist",
  ruled({ endpoint: { domain_allowlist: ["*.ok.example", "ok.*", "127.0.0.1*"] } }),
  UNSEEN.flatMap((sign): Row[] => {
    const name = JSON.stringify(sign);
    const refused = found("endpoint_domain_not_allowlisted");
    return [
      [`${name} before the end`, host(`evil.example${sign}.ok.example`), refused],
      [`${name} before the end, in a URL`, url(`https://evil.example${sign}.ok.example/`), refused],
      [`${name} behind the start`, host(`ok.example${sign}evil.example`), refused],
      [`${name} behind an address`, url(`https://127.0.0.1${sign}.evil.example/`), refused],
      [`${name} in a declared domain`, host("a.ok.example", { endpoint_domain: `evil.example${sign}.ok.example` }), refused],
    ];
  }),
);

rows(
  "endpoint: hosts with what none holds and a denylist",
  ruled({ endpoint: { domain_denylist: ["evil.example", "127.0.0.1"] } }),
  UNSEEN.flatMap((sign): Row[] => {
    const name = JSON.stringify(sign);
    const denied = found("endpoint_domain_denied");
    return [
      [`${name} and more behind it`, host(`evil.example${sign}.x`), denied],
      [`${name} and more behind it, in a URL`, url(`https://evil.example${sign}.x/`), denied],
      [`${name} at the end, encoded`, url(`https://evil.example${encodeURIComponent(sign)}/`), denied],
      [`${name} within`, host(`ev${sign}il.example`), denied],
      [`${name} within, encoded`, url(`https://ev${encodeURIComponent(sign)}il.example/`), denied],
      [`${name} behind an address`, host(`127.1${sign}x`), denied],
      [`${name} in a declared domain`, host("ok.example", { endpoint_domain: `ev${sign}il.example` }), denied],
    ];
  }),
);

// Escapes and letters that some readers make slashes, users and ports of, once they have taken the host apart from the rest.
const SPLIT = ["%2f", "%5c", "%3f", "%23", "%3a80", "\uff0f", "\uff3c", "\uff1f", "\uff03", "\uff1a80"].map((sign) =>
  `evil.example${sign}`
);

rows("endpoint: hosts that fall apart", ruled({ endpoint: { domain_denylist: ["evil.example", "*.w?rse.example"] } }), [
  ...SPLIT.map((start): Row => [start, url(`https://${start}.ok.example/`), found("endpoint_domain_denied")])
    .filter(([name]) => !name.includes("80")),
  ...SPLIT.map((start): Row => [`${start} alone`, url(`https://${start}/`), found("endpoint_domain_denied")]),
  ["a user, encoded", url("https://ok.example%40evil.example/"), found("endpoint_domain_denied")],
  ["a user, full width", url("https://ok.example\uff20evil.example/"), found("endpoint_domain_denied")],
  ["a pattern with a sign for any letter", url("https://a.worse.example/"), found("endpoint_domain_denied")],
  ["what the pattern does not name", url("https://w/"), OK],
]);
