// The head of a request, read strictly (RFC 9112): what two readers could take in two ways is refused, since one of them may stand in
// front of this server. Bytes come as text of one character each.
import { lower, trim } from "../../core/base/text.ts";

/** A head that was read. */
export type Head = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly fields: ReadonlyMap<string, string>;
  /** How the body is framed. */
  readonly framing: { readonly kind: "length"; readonly length: number } | { readonly kind: "chunked" };
  /** Whether the connection ends with this request. */
  readonly last: boolean;
  /** Whether the caller understands a body that comes in chunks. */
  readonly chunks: boolean;
  /** Whether the body comes only when the server asks for it. */
  readonly waits: boolean;
};

/** A head that is refused: the status, and why. */
export type Refused = { readonly status: number; readonly words: string };

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const REQUEST = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([!-~]+) HTTP\/(\d)\.(\d)$/;
const VALUE = /^[\t -~\x80-\xff]*$/;
const MOST_FIELDS = 100;

/** Fields of which two would say two things. */
const ONCE = new Set([
  "authorization",
  "content-length",
  "content-type",
  "expect",
  "host",
  "origin",
  "transfer-encoding",
  "traceparent",
]);

const refuse = (status: number, words: string): Refused => ({ status, words });

/** Reads a head: all lines before the empty one, without that. */
export function readHead(text: string): Head | Refused {
  const [first = "", ...lines] = text.split("\r\n");
  const request = REQUEST.exec(first);
  if (request === null) return refuse(400, "expected a request line such as GET /healthz HTTP/1.1");
  const [, method = "", target = "", major, minor] = request;
  if (major !== "1" || (minor !== "0" && minor !== "1")) return refuse(505, "expected HTTP/1.1");
  if (!target.startsWith("/")) return refuse(400, "expected a path that begins with /");
  const fields = readFields(lines);
  if ("status" in fields) return fields;
  if (!fields.has("host") && minor === "1") return refuse(400, "expected one Host");
  const framing = framingOf(fields);
  if ("status" in framing) return framing;
  const expect = fields.get("expect");
  if (expect !== undefined && lower(expect) !== "100-continue") return refuse(417, "expected no Expect but 100-continue");
  const options = lower(fields.get("connection") ?? "").split(",").map(trim);
  const mark = target.indexOf("?");
  return {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark + 1),
    fields,
    framing,
    last: options.includes("close") || minor === "0",
    chunks: minor === "1",
    waits: expect !== undefined && minor === "1",
  };
}

function readFields(lines: readonly string[]): ReadonlyMap<string, string> | Refused {
  if (lines.length > MOST_FIELDS) return refuse(431, `expected at most ${MOST_FIELDS} header fields`);
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon));
    if (!TOKEN.test(name)) return refuse(400, "expected header fields of the form Name: value, each on one line");
    const value = line.slice(colon + 1);
    if (!VALUE.test(value)) return refuse(400, `expected no control character in ${lower(name)}`);
    const key = lower(name);
    const before = fields.get(key);
    if (before !== undefined && ONCE.has(key)) return refuse(400, `expected one ${key}`);
    fields.set(key, before === undefined ? blanksOff(value) : `${before}, ${blanksOff(value)}`);
  }
  return fields;
}

/** Whether a line has the form of a field. */
export function isField(line: string): boolean {
  const colon = line.indexOf(":");
  return TOKEN.test(line.slice(0, Math.max(0, colon))) && VALUE.test(line.slice(colon + 1));
}

const isBlank = (char: string): boolean => char === " " || char === "\t";

// By hand: an expression for blanks at the end looks at each of many blanks inside as often as there are others.
function blanksOff(value: string): string {
  let [from, to] = [0, value.length];
  while (from < to && isBlank(value.charAt(from))) from++;
  while (to > from && isBlank(value.charAt(to - 1))) to--;
  return value.slice(from, to);
}

function framingOf(fields: ReadonlyMap<string, string>): Head["framing"] | Refused {
  const coding = fields.get("transfer-encoding");
  const length = fields.get("content-length");
  if (coding !== undefined) {
    if (length !== undefined) return refuse(400, "expected Content-Length or Transfer-Encoding, not both");
    return lower(coding) === "chunked" ? { kind: "chunked" } : refuse(501, "expected no transfer coding but chunked");
  }
  if (length === undefined) return { kind: "length", length: 0 };
  return /^\d{1,15}$/.test(length)
    ? { kind: "length", length: Number(length) }
    : refuse(400, "expected a whole number as Content-Length");
}
