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

/** In: a module with its names. Out: the same module, as small as binaryen makes it. */
export async function shrink(wasm, tools) {
  const { resolve } = createRequire(tools);
  const { default: binaryen } = await import(pathToFileURL(resolve('binaryen')));
  const module = binaryen.readBinary(wasm);
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
