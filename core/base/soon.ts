// What is there at once or comes later. To wait for what is there costs a turn of the engine's queue and a few objects, which a stream
// of calls would pay several times a call.

/** A value, or the promise of one. */
export type Soon<T> = T | Promise<T>;

/** What follows from a value: at once where it is there. */
export const whenThere = <A, B>(soon: Soon<A>, next: (value: A) => Soon<B>): Soon<B> =>
  soon instanceof Promise ? soon.then(next) : next(soon);
