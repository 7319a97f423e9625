// Work that is begun now and waited for later.

/** Some such work. */
export interface Underway {
  /** Takes work that must not reject; it is forgotten when it is done. */
  add(work: Promise<void>): void;
  /** Waits until all of it is done that was begun by now. */
  all(): Promise<void>;
}

/** None yet. */
export function underway(): Underway {
  const left = new Set<Promise<void>>();
  return {
    add(work) {
      left.add(work);
      void work.then(() => left.delete(work));
    },
    async all() {
      await Promise.all(left);
    },
  };
}
