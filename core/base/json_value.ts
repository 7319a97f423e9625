// What JSON can say, as types, and the two questions that are asked of them everywhere.

/** A value that JSON can say. Numbers are finite; texts are well-formed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. `__proto__` is a member like any other. */
export type JsonObject = { readonly [name: string]: Json };

/** The same before it is written: members that are undefined are left out. */
export type Draft = null | boolean | number | string | readonly Draft[] | DraftObject;

/** An object before it is written. */
export type DraftObject = { readonly [name: string]: Draft | undefined };

/** Whether a value is an object, and no list. */
export const isJsonObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** Whether a value is a list. */
export const isJsonList = <T extends Draft>(json: T | undefined): json is Extract<T, readonly unknown[]> => Array.isArray(json);
