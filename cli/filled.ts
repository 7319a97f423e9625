// Reports inside an answer: members that say nothing are left out there too.

/** The members of a report that say something, and those named in `always`. */
export const withoutEmpty = <T extends object>(report: T, always: readonly (keyof T & string)[] = []): Partial<T> => {
  const kept: Partial<T> = { ...report };
  const wanted: readonly string[] = always;
  for (const [name, value] of Object.entries(report)) {
    const empty = value === "" || value === 0 || value === undefined || Array.isArray(value) && value.length === 0;
    if (empty && !wanted.includes(name)) Reflect.deleteProperty(kept, name);
  }
  return kept;
};
