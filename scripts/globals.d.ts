// The web globals that every host of the core has. Nothing else of a browser, Deno or Node has a type there, so its use does
// not compile. (Declarations inside npm packages are not checked, so those may name types that are missing here.)

declare function atob(text: string): string;
declare function btoa(bytes: string): string;

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number };
}

declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes?: Uint8Array | ArrayBuffer, options?: { readonly stream?: boolean }): string;
}

// Only zip.js is handed these.
declare class ReadableStream<T = unknown> {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: T }> };
}
declare class WritableStream<T = unknown> {
  getWriter(): { write(chunk: T): Promise<void> };
}
declare class TransformStream<I = unknown, O = unknown> {
  constructor(transformer?: undefined, writable?: { readonly highWaterMark: number }, readable?: { readonly highWaterMark: number });
  readonly readable: ReadableStream<O>;
  readonly writable: WritableStream<I>;
}
