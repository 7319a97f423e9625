// The library: all of the pure core and nothing else. Hosts and the command line are programs, not library.
export * from "./core/mod.ts";
