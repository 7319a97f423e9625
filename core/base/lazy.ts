// What is dear to make and seldom needed is made at its first use, not when its module is loaded.

/** Gives what `make` makes, which is called once, at the first use. */
export const lazy = <T>(make: () => T): () => T => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};
