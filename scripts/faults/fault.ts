// What a planted fault is.

/** One wrong change of one file, and the tests (a file, and text in their names) of which at least one must turn red. */
export type Fault = {
  readonly name: string;
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly test: string;
  readonly filter: string;
};
