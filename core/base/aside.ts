// Work that a second thread can do as well: there where that is worth starting one, and in its place where it cannot.

/** Where work goes, and how much of it. */
export type AsidePlace<In, Out> = {
  /** Does work; undefined when it cannot any more. */
  readonly work: (work: In) => Promise<Out | undefined>;
  /** Whether what came of a work that holds so many items can be all of it. */
  readonly whole: (done: Out, work: In, count: number) => boolean;
};

/**
 * Up to how many items of work it is not worth to go elsewhere, and how many may be on their way at a time: when elsewhere does not
 * keep up, what is more is done in place.
 */
export type AsideTerms = { readonly first: number; readonly ahead: number };

/**
 * Does work elsewhere as soon as there have been more than the first items of it; in place again when that cannot any more, or gives
 * less than all. `count` says how many a work holds.
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
    begun += count;
    const early = begun <= first;
    if (early || lost || away + count > ahead) return await here(work);
    away += count;
    there ??= elsewhere();
    const done = await there.work(work);
    away -= count;
    if (done !== undefined && there.whole(done, work, count)) return done;
    lost = true;
    return await here(work);
  };
}
