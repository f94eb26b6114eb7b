/** The component as bytes in a script: for where no `core.wasm` lies beside it. */

import component from './wasm/core_bg.wasm';

const bytes: Uint8Array<ArrayBuffer> = component;
export default bytes;
