/** What build.mjs makes of files that are no scripts. */

/** A style sheet is imported as its text, minified. */
declare module '*.css' {
  const text: string;
  export default text;
}

/** A WebAssembly module is imported as its bytes. */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
