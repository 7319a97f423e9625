// What documents have in common that are alike but for some members: those of one program at one work nearly always are.

type Member = { readonly name: string; readonly varies: boolean; readonly value: unknown };

/** The members of a document, in their order. */
export type Members = readonly Member[];

const isScalar = (value: unknown): boolean => typeof value !== "object" || value === null;
const isPlain = (value: unknown): boolean => isScalar(value) || Array.isArray(value) && value.every(isScalar);

/** The members of a document, of which some vary; undefined where another one of them is an object, or a list with one in it. */
export function membersOf(document: object, varying: ReadonlySet<string>): Members | undefined {
  const members = Object.entries(document).map(([name, value]) => ({ name, varies: varying.has(name), value }));
  return members.every(({ varies, value }) => varies || isPlain(value)) ? members : undefined;
}

/** Whether a document has these members in this order, with the same values but for those that vary. */
export function isAlike(members: Members, document: object): boolean {
  const given = document as Readonly<Record<string, unknown>>;
  let at = 0;
  for (const name in given) {
    if (isSame(members[at++], name, given[name])) continue;
    return false;
  }
  return at === members.length;
}

const isSame = (member: Member | undefined, name: string, value: unknown): boolean =>
  member !== undefined && member.name === name &&
  (member.varies || member.value === value || Array.isArray(value) && isSameList(member.value, value));

const isSameList = (a: unknown, b: readonly unknown[]): boolean =>
  Array.isArray(a) && a.length === b.length && b.every((item, i) => a[i] === item);
