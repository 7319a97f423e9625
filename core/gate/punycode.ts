// Labels of domain names in ASCII: Punycode (RFC 3492), encoding only.

const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_CODE = 128;

const digit = (value: number): string => String.fromCharCode(value < 26 ? value + 97 : value + 22);

const adapt = (delta: number, points: number, first: boolean): number => {
  let rest = first ? Math.floor(delta / DAMP) : delta >> 1;
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
};

const variable = (delta: number, bias: number): string => {
  let text = "";
  let rest = delta;
  for (let k = BASE;; k += BASE) {
    const t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
    if (rest < t) return text + digit(rest);
    text += digit(t + (rest - t) % (BASE - t));
    rest = Math.floor((rest - t) / (BASE - t));
  }
};

/** The Punycode of a text, without `xn--`. */
export function punycode(text: string): string {
  const points = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < FIRST_CODE);
  let out = String.fromCodePoint(...basic) + (basic.length > 0 ? "-" : "");
  let n = FIRST_CODE;
  let delta = 0;
  let bias = FIRST_BIAS;
  for (let handled = basic.length; handled < points.length;) {
    const next = points.reduce((least, point) => point >= n ? Math.min(least, point) : least, Infinity);
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      out += variable(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return out;
}
