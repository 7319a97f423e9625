// Types of JavaScript packages that bring none. The checker says nothing when a module has no types (all of it is then
// silently `any`), so each one that is imported is named here.

declare module "@std/text/closest-string" {
  /** The possible word that takes the fewest edits to reach from the given one. */
  export function closestString(givenWord: string, possibleWords: readonly string[]): string;
}
