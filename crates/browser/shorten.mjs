// Shortens the names by which the WebAssembly module and its glue know each other.
//
// wasm-bindgen names imports `__wbg_fetch_9b478faef8cda538`; a hundred of those, in both files, are
// a tenth of the package and compress badly. Only the names change, in the import and export
// sections and in the glue; the module is otherwise byte for byte what wasm-opt wrote. The glue also
// loses what nothing of ours calls.

/** In: the module's bytes and the text of its glue. Out: both with short names. */
export function shorten(wasm, glue) {
  const module = new WebAssembly.Module(wasm);
  const imports = WebAssembly.Module.imports(module);
  const names = numbered([...new Set(imports.map(({ name }) => name))], (n) => `_${n}`);
  const exports = numbered(
    WebAssembly.Module.exports(module).map(({ name }) => name),
    (n) => `$${n}`,
  );
  for (const { module: from } of imports) names.set(from, '_');

  const text = trimmed(glue, names)
    .replace(/\bwasm\.(\w+)/g, (all, name) =>
      exports.has(name) ? `wasm.${exports.get(name)}` : all,
    )
    .replace(/\b__wb\w+\b|"\.\/core_bg\.js"/g, (all) => {
      const short = names.get(all.replaceAll('"', ''));
      return short === undefined ? all : JSON.stringify(short);
    });
  return { wasm: rewrite(wasm, names, exports), glue: text };
}

/** How the component starts: with a compiled module, and once (`core.ts`). */
const START = `function initSync({ module }) {
    wasm = new WebAssembly.Instance(module, __wbg_get_imports()).exports;
    wasm.__wbindgen_start();
}
`;

/**
 * What the glue holds for other pages than ours: older browsers than those of the README, more ways
 * to start, memory that is exported in parts, a page that decodes two gigabytes.
 */
const SPARE = [
  [/^if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[\s\S]*?^\}\n/m, ''],
  [/^function initSync\(module\) \{\n[\s\S]*?^\}\n/m, START],
  [/\(typeof FinalizationRegistry === 'undefined'\)\n.*\n {4}: /, ''],
  [/\.buffer\.detached === true .*&& \w+\.buffer !== (wasm\.\w+\.buffer)\)\)/, '.buffer !== $1)'],
  [/^ {4}numBytesDecoded \+= [\s\S]*?^ {4}\}\n/m, ''],
  [/^ {4}if \(realloc === undefined\) \{\n[\s\S]*?^ {4}\}\n/m, ''],
  [
    /let result;\n.*\n.*(arg0 instanceof \w+);\n[^}]*\}[^}]*\}\n\s*const ret = result;/g,
    'const ret = $1;',
  ],
  [/const ret = typeof globalThis ===.*\n.*\n/, 'return addToExternrefTable0(globalThis);\n'],
  [/const ret = typeof (global|self|window) ===.*\n.*\n/g, 'return 0;\n'],
];

/** Without these, and without imports that only panics needed: the module has none of them now. */
function trimmed(glue, names) {
  const entry = /^ {8}(__wb\w+): function\([\s\S]*?^ {8}\},\n/gm;
  let text = glue.replace(entry, (all, name) => (names.has(name) ? all : ''));
  for (const [part, instead] of SPARE) {
    if (!part.test(text)) throw new Error(`wasm-bindgen has changed its glue: look for ${part}`);
    text = text.replace(part, instead);
  }
  return text;
}

function numbered(all, name) {
  return new Map(all.map((each, at) => [each, name(at.toString(36))]));
}

/** Copies a module, renaming in its import (2) and export (7) sections. */
function rewrite(wasm, names, exports) {
  const reader = new Reader(wasm);
  const out = [...reader.take(8)];
  while (reader.more()) {
    const id = reader.byte();
    const body = new Reader(reader.take(reader.number()));
    const made =
      id === 2 ? importSection(body, names) : id === 7 ? exportSection(body, exports) : body.rest();
    out.push(id, ...number(made.length));
    for (const byte of made) out.push(byte);
  }
  return Uint8Array.from(out);
}

function importSection(body, names) {
  const count = body.number();
  const out = number(count);
  for (let at = 0; at < count; at += 1) {
    out.push(...text(names.get(body.text())), ...text(names.get(body.text())));
    const kind = body.byte();
    if (kind !== 0) throw new Error('only functions are imported');
    out.push(kind, ...number(body.number()));
  }
  return out;
}

function exportSection(body, exports) {
  const count = body.number();
  const out = number(count);
  for (let at = 0; at < count; at += 1) {
    out.push(...text(exports.get(body.text())), body.byte(), ...number(body.number()));
  }
  return out;
}

/** A name of the binary format: length and bytes. */
function text(name) {
  const bytes = new TextEncoder().encode(name);
  return [...number(bytes.length), ...bytes];
}

/** A number of the binary format: LEB128. */
function number(value) {
  const out = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    out.push(rest ? low | 0x80 : low);
  } while (rest);
  return out;
}

class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  more() {
    return this.#at < this.#bytes.length;
  }

  byte() {
    return this.#bytes[this.#at++];
  }

  take(length) {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  rest() {
    return this.take(this.#bytes.length - this.#at);
  }

  number() {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
      shift += 7;
    }
  }

  text() {
    return new TextDecoder().decode(this.take(this.number()));
  }
}
