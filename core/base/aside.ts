// Work that a second thread can do as well: there where that is worth starting one, and in its place where it cannot.

/** Where work goes, and how much of it. */
export type AsidePlace<In, Out> = {
  /** Does work; undefined when it cannot any more. */
  readonly work: (work: In) => Promise<Out | undefined>;
  /** Whether what came of a work that holds so many items is all of it. */
  readonly whole: (done: Out, count: number) => boolean;
};

/**
 * How many items of work are done in place before it is worth to go elsewhere, and how many may be on their way at a time: when
 * elsewhere does not keep up, what is more is done in place.
 */
export type AsideTerms = { readonly first: number; readonly ahead: number };

/**
 * Does the first items of work in place, later ones elsewhere; in place again when that cannot any more, or gives less than all. `count`
 * says how many a work holds.
 */
export function aside<In, Out>(
  here: (work: In) => Promise<Out>,
  elsewhere: () => AsidePlace<In, Out>,
  { first, ahead }: AsideTerms,
): (work: In, count: number) => Promise<Out> {
  let begun = 0;
  let there: AsidePlace<In, Out> | undefined;
  let lost = false;
  let away = 0;
  return async (work, count) => {
    const early = begun < first;
    begun += count;
    if (early || lost || away + count > ahead) return await here(work);
    away += count;
    there ??= elsewhere();
    const done = await there.work(work);
    away -= count;
    if (done !== undefined && there.whole(done, count)) return done;
    lost = true;
    return await here(work);
  };
}
