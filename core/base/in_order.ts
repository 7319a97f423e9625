// What belongs to a name, where names are asked for that nearly always come in the same order: that of one program's documents.

/** Something of a name. */
export type OfName = { readonly name: string };

/** Gives what belongs to a name that is met as the one of that number (from 0), if anything does. */
export type InOrder<T> = (name: string, at: number) => T | undefined;

/** Longer documents are not kept in mind: their writer may be anybody. */
const MOST = 256;

/** Looks a name up where another one came at its place before. */
export function inOrder<T extends OfName>(known: ReadonlyMap<string, T>): InOrder<T> {
  const last: T[] = [];
  return (name, at) => {
    const usual = last[at];
    if (usual !== undefined && usual.name === name) return usual;
    const found = known.get(name);
    if (found !== undefined && at < MOST) last[at] = found;
    return found;
  };
}
