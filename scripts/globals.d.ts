// The web globals that every host of the core has. Nothing else of a browser, Deno or Node has a type there, so its use does
// not compile. (Declarations inside npm packages are not checked, so those may name types that are missing here.)

declare function atob(text: string): string;
declare function btoa(bytes: string): string;

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes?: Uint8Array | ArrayBuffer, options?: { readonly stream?: boolean }): string;
}

interface QueuingStrategy {
  readonly highWaterMark?: number;
}

declare class ReadableStream<T = unknown> {
  constructor(source?: {
    start?(controller: { enqueue(chunk: T): void; close(): void; error(reason: unknown): void }): void | Promise<void>;
    pull?(controller: { enqueue(chunk: T): void; close(): void; error(reason: unknown): void }): void | Promise<void>;
    cancel?(reason: unknown): void | Promise<void>;
  }, strategy?: QueuingStrategy);
}

declare class WritableStream<T = unknown> {
  constructor(sink?: { write?(chunk: T): void | Promise<void>; close?(): void | Promise<void> });
}

declare class TransformStream<I = unknown, O = unknown> {
  constructor(transformer?: undefined, writable?: QueuingStrategy, readable?: QueuingStrategy);
  readonly readable: ReadableStream<O>;
  readonly writable: WritableStream<I>;
}
