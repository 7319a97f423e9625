// A policy as some author may have typed it: block and flow style mixed, quotes, block scalars, anchors, aliases and merge keys, blank
// lines, comments in every place that YAML allows, all drawn from dice.
import type { Json, JsonObject } from "../../core/base/json.ts";
import { isJsonObject } from "../../core/base/json_value.ts";
import { type Dice, pick } from "../runtimes/dice.ts";
import { chance } from "./gate_draw.ts";

/** The text, and all comments in it. */
export type Dressed = { readonly text: string; readonly comments: readonly string[] };

/** Types a policy. */
export function dress(roll: Dice, policy: JsonObject): Dressed {
  const typist = new Typist(roll);
  return { text: typist.document(policy), comments: typist.comments };
}

const PLAIN = /^[a-z][a-z0-9_./-]*$/;
const WORDS = /^(?:true|false|null)$/;
const REMARKS = ["", " why", ": not a key", " \"quoted' {[", " # twice", " &anchor *alias", "\ttab", " - item", " bücher 😀"];
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const isFull = (value: Json): boolean => typeof value === "object" && value !== null && Object.keys(value).length > 0;

class Typist {
  readonly comments: string[] = [];
  #named = 0;
  readonly #anchors: { readonly name: string; readonly value: Json }[] = [];
  // A comment that is indented as deep as a block scalar before it would be part of it.
  #afterBlockScalar = false;

  constructor(readonly roll: Dice) {}

  document(policy: JsonObject): string {
    const { roll } = this;
    const mark = pick(roll, ["", "", "", "---", "%YAML 1.2\n---"]);
    const head = this.#above() + (mark === "" ? "" : `${mark}${this.#behind()}\n`);
    const body = chance(roll, 6) ? `${this.#flow(policy, 0)}${this.#behind()}\n` : this.#map(policy, 0);
    const text = `${head}${body}${this.#above()}`;
    const ended = chance(roll, 8) ? text.replace(/\n$/, "") : text;
    return `${chance(roll, 10) ? "\ufeff" : ""}${chance(roll, 10) ? ended.replaceAll("\n", "\r\n") : ended}`;
  }

  #comment(): string {
    const text = `#c${this.comments.length}.${pick(this.roll, REMARKS)}`;
    this.comments.push(text);
    return text;
  }

  #behind(): string {
    return chance(this.roll, 5) ? `${pick(this.roll, [" ", "   "])}${this.#comment()}` : chance(this.roll, 9) ? "  " : "";
  }

  // Lines of their own: comments in any column, blank lines.
  #above(): string {
    let out = "";
    while (chance(this.roll, 5)) {
      const column = this.#afterBlockScalar ? 0 : this.roll(9);
      out += chance(this.roll, 3) ? "\n" : `${" ".repeat(column)}${this.#comment()}\n`;
    }
    return out;
  }

  #map(value: JsonObject, indent: number, first = false): string {
    if (!isFull(value)) return `${" ".repeat(first ? 0 : indent)}{}${this.#behind()}\n`;
    const merged = chance(this.roll, 2) ? this.#base(value) : undefined;
    let out = "";
    const line = (key: string, rest: () => string) => {
      const lead = out === "" && first ? "" : `${this.#above()}${" ".repeat(indent)}`;
      this.#afterBlockScalar = false;
      out += `${lead}${key}:${rest()}`;
    };
    for (const [key, member] of Object.entries(value)) {
      if (merged !== undefined && Object.hasOwn(merged.value, key)) continue;
      line(this.#key(key), () => this.#value(member, indent, false));
    }
    if (merged !== undefined) line("<<", () => ` *${merged.name}${this.#behind()}\n`);
    return out;
  }

  // An anchored mapping all of whose members are among these.
  #base(value: JsonObject): { readonly name: string; readonly value: JsonObject } | undefined {
    for (const { name, value: base } of this.#anchors) {
      if (!isJsonObject(base) || !isFull(base)) continue;
      const fits = Object.entries(base).every(([key, member]) =>
        Object.hasOwn(value, key) && JSON.stringify(value[key]) === JSON.stringify(member)
      );
      if (fits) return { name, value: base };
    }
    return undefined;
  }

  #key(key: string): string {
    return chance(this.roll, 9) ? JSON.stringify(key) : chance(this.roll, 12) ? `'${key}'` : key;
  }

  // What stands behind a key or a dash, with its line break.
  #value(value: Json, indent: number, inList: boolean): string {
    const { roll } = this;
    const known = this.#anchors.find((anchor) => JSON.stringify(anchor.value) === JSON.stringify(value));
    if (known !== undefined && chance(roll, 2)) return ` *${known.name}${this.#behind()}\n`;
    const anchor = chance(roll, 5) ? ` &a${this.#named++}` : "";
    const out = `${anchor}${this.#spelled(value, indent, inList)}`;
    if (anchor !== "") this.#anchors.push({ name: anchor.slice(2), value });
    return out;
  }

  #spelled(value: Json, indent: number, inList: boolean): string {
    const { roll } = this;
    if (typeof value === "string" && chance(roll, 12) && /^[\w.]+( [\w.]+)*$/.test(value)) {
      const out = ` ${pick(roll, ["|-", ">-", "|", ">"])}${this.#behind()}\n${" ".repeat(indent + 2)}${value}\n`;
      this.#afterBlockScalar = true;
      return out;
    }
    if (!isFull(value) || chance(roll, 4)) {
      const gap = chance(roll, 9) ? `${this.#behind()}\n${" ".repeat(indent + 1 + roll(3))}` : pick(roll, [" ", " ", "  "]);
      return `${gap}${this.#flow(value, indent)}${this.#behind()}\n`;
    }
    const start = `${this.#behind()}\n${this.#above()}`;
    if (isJsonObject(value)) return `${start}${this.#map(value, indent + 1 + roll(4))}`;
    if (!isList(value)) throw new Error("a scalar is not full");
    const deep = inList ? indent + 2 : indent + roll(3);
    return `${start}${value.map((item) => this.#item(item, deep)).join("")}`;
  }

  #item(item: Json, indent: number): string {
    const dash = `${this.#above()}${" ".repeat(indent)}-`;
    this.#afterBlockScalar = false;
    const gap = 1 + this.roll(3);
    return isJsonObject(item) && isFull(item) && chance(this.roll, 2)
      ? `${dash}${" ".repeat(gap)}${this.#map(item, indent + 1 + gap, true)}`
      : `${dash}${this.#value(item, indent + 1, true)}`;
  }

  // In brackets, on one line or on several.
  #flow(value: Json, indent: number): string {
    if (typeof value !== "object" || value === null) return this.#scalar(value);
    const parts = isList(value)
      ? value.map((item) => () => this.#flow(item, indent))
      : Object.entries(value).map(([key, member]) => () => `${this.#key(key)}: ${this.#flow(member, indent)}`);
    const blank = () => this.#inFlow(indent);
    const [open, close] = isList(value) ? ["[", "]"] : ["{", "}"];
    const last = parts.length > 0 && chance(this.roll, 6) ? "," : "";
    let inside = "";
    for (const [at, part] of parts.entries()) inside += `${at === 0 ? "" : ","}${blank()}${part()}`;
    return `${open}${inside}${last}${blank()}${close}`;
  }

  #inFlow(indent: number): string {
    if (!chance(this.roll, 4)) return pick(this.roll, ["", " "]);
    const line = `\n${" ".repeat(indent + 2 + this.roll(4))}`;
    let out = this.#behind();
    while (chance(this.roll, 4)) out += `${line}${chance(this.roll, 3) ? "" : this.#comment()}`;
    return out + line;
  }

  #scalar(value: string | number | boolean | null): string {
    const { roll } = this;
    if (typeof value === "boolean") return pick(roll, value ? ["true", "True", "TRUE"] : ["false", "False", "FALSE"]);
    if (typeof value === "number") return Number.isInteger(value) && value >= 0 ? this.#count(value) : String(value);
    if (value === null) return pick(roll, ["null", "~", "Null"]);
    const plain = PLAIN.test(value) && !WORDS.test(value);
    const single = `'${value.replaceAll("'", "''")}'`;
    return pick(roll, plain ? [value, value, value, single, JSON.stringify(value)] : [single, JSON.stringify(value)]);
  }

  #count(value: number): string {
    const digits = String(value);
    return pick(this.roll, [digits, digits, `0x${value.toString(16)}`, `0o${value.toString(8)}`, `"${digits}"`]);
  }
}
