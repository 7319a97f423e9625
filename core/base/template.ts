// Objects of one form that are made by the thousand. Engines give an object of many members that gets them one by one the form of a
// dictionary, which is slow to make, to read and to go through; a copy of a whole object keeps the quick form.

/** Gives an object to be filled in. */
export type Template = () => Record<string, unknown>;

/** From how many objects on the form is prepared for what its members will hold: for a few that would take longer than it saves. */
const MANY = 32;

/** The template of objects that begin with these members, in this order. */
export function template(members: readonly (readonly [name: string, value: unknown])[]): Template {
  let made: Record<string, unknown> | undefined;
  let given = 0;
  return () => {
    if (++given === 1) return Object.fromEntries(members); // most are never asked for another
    if (given === MANY) made = anyForm(members);
    made ??= { ...Object.fromEntries(members) };
    return Object.assign({}, made); // a spread is as quick only where it copies objects of few forms
  };
}

function anyForm(members: readonly (readonly [name: string, value: unknown])[]): Record<string, unknown> {
  const made: Record<string, unknown> = { ...Object.fromEntries(members.map(([name]) => [name, 0])) };
  for (const [name, value] of members) {
    made[name] = ""; // a number and a text have been there: from now on the engine expects anything
    made[name] = value;
  }
  return made;
}
