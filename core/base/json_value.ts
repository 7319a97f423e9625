// What JSON can say, as types.

/** A value that JSON can say. Numbers are finite; texts are well-formed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. `__proto__` is a member like any other. */
export type JsonObject = { readonly [name: string]: Json };
