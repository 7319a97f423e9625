// Objects of one form that are made by the thousand. Engines give an object of many members that gets them one by one the form of a
// dictionary, which is slow to make, to read and to go through; a copy of a whole object keeps the quick form.

/** What such objects are copied from. */
export type Template = Readonly<Record<string, unknown>>;

/** The template of objects that begin with these members, in this order. */
export function template(members: readonly (readonly [name: string, value: unknown])[]): Template {
  const made: Record<string, unknown> = { ...Object.fromEntries(members.map(([name]) => [name, 0])) };
  for (const [name, value] of members) {
    made[name] = ""; // a number and a text have been there: from now on the engine expects anything
    made[name] = value;
  }
  return made;
}

/** An object to be filled in. (A spread is as quick only where it copies objects of few forms.) */
export const fromTemplate = (made: Template): Record<string, unknown> => Object.assign({}, made);
