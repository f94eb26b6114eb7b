// What wasm-opt does, after taking out the machinery of panic messages.
//
// A panic traps either way; with stable Rust its message is still put together first, which is a
// tenth of the module. Nobody may read that message (B22: it could hold a secret), so here a panic
// traps at once, as `-C panic=immediate-abort` will do. wasm-snip does the same to other modules.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Panics, and the formatting that only panics use: nothing of ours formats with `core::fmt`. */
const PANIC =
  /core(\[\w+\])?::fmt::|::panicking::|::handle_error|alloc_error|capacity_overflow|throw_str|_fail(ed)?\b/;

/** Where in the sources a panic stands, as Rust keeps it: a path that ends with a zero. */
const PLACE = /[\w./-]+\.rs\0/g;

/** What panics say, in Rust's libraries: with the panic cut out, nobody reads it. */
const MESSAGES = [
  /assertion `left .{0,3} right` failed\n {2}left: .{2,6}\n right: /g,
  /called `(Result|Option)::unwrap_throw\(\)` on an? `\w+` value/g,
  /internal error: entered unreachable code(: [\w -]+)?/g,
  /`async fn` resumed after completion|RefCell already (mutably )?borrowed/g,
  /FnOnce called more than once|finish: (callbacks|result) should be \w+/g,
  /LazyCell instance has previously been poisoned|capacity overflow/g,
  /closure invoked recursively or after being dropped/g,
  /js_value passed has no string representation|Tried to shrink to a larger capacity/g,
  /fetch returned .{2,4}, not `Response` - this is a bug/g,
  /0x0123456789ABCDEF|00010203(\d\d)+99/g, // digits that only formatting reads
];

/** In: a module with its names. Out: the same module, as small as binaryen makes it. */
export async function shrink(wasm, tools) {
  const { resolve } = createRequire(tools);
  const { default: binaryen } = await import(pathToFileURL(resolve('binaryen')));
  const module = binaryen.readBinary(withoutTexts(wasm));
  let cut = 0;
  for (let at = 0; at < module.getNumFunctions(); at += 1) {
    const found = module.getFunctionByIndex(at);
    const { name, module: importedFrom } = binaryen.getFunctionInfo(found);
    if (importedFrom || !PANIC.test(name)) continue;
    binaryen.Function(found).body = module.unreachable();
    cut += 1;
  }
  if (cut < 10)
    throw new Error('the panic machinery was not found: are there names in the module?');

  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  module.runPasses(['gufa-optimizing']);
  let [size, bytes] = [Number.POSITIVE_INFINITY, wasm];
  while (bytes.length < size) {
    size = bytes.length;
    module.optimize();
    bytes = module.emitBinary();
  }
  module.runPasses(['strip-debug', 'strip-producers', 'strip-target-features']);
  bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/**
 * Fills with zeros what only panics read: their messages, the paths, and the records (path, its
 * length, line, column) that point to them. Zeros are not stored in a module.
 */
function withoutTexts(wasm) {
  const bytes = Uint8Array.from(wasm);
  const view = new DataView(bytes.buffer);
  const all = segments(bytes);
  const forget = (path, length) => {
    for (const { start, end } of all)
      for (let at = start; at + 16 <= end; at += 4)
        if (view.getUint32(at, true) === path && view.getUint32(at + 4, true) === length)
          bytes.fill(0, at, at + 16);
  };
  for (const { start, end, address } of all) {
    const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
    for (const pattern of [PLACE, ...MESSAGES]) {
      for (const { 0: found, index } of text.matchAll(pattern)) {
        if (pattern === PLACE) forget(address + index, found.length - 1);
        bytes.fill(0, start + index, start + index + found.length);
      }
    }
  }
  return bytes;
}

/** The data segments of a module that the linker has just made: their bytes, and where they go. */
function segments(bytes) {
  let at = 8;
  const number = () => {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++];
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    return value;
  };
  for (let id = bytes[at++], length = number(); id !== 11; id = bytes[at++], length = number()) {
    at += length;
  }
  return Array.from({ length: number() }, () => {
    const [flags, constant, address, end] = [number(), bytes[at++], number(), bytes[at++]];
    if (flags !== 0 || constant !== 0x41 || end !== 0x0b)
      throw new Error('the data is not laid out as expected: look at what the linker wrote');
    const size = number();
    at += size;
    return { start: at - size, end: at, address };
  });
}
