// A folder for `--page` with the test's own pages and the built package beside them, unbundled.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const WEB = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const PKG = resolve(WEB, process.env.BANKCONNECT_PKG ?? '../crates/browser/pkg');

/** The folder, and how to remove it. `callback` is the page that the bank comes back to. */
export async function servePages(callback = 'index.html') {
  const folder = mkdtempSync(join(tmpdir(), 'bankconnect-pages-'));
  const pages = join(WEB, 'test/pages');
  cpSync(pages, folder, { recursive: true });
  cpSync(join(pages, callback), join(folder, 'callback.html'));
  cpSync(join(WEB, 'public'), folder, { recursive: true });
  cpSync(PKG, join(folder, 'bankconnect'), { recursive: true });
  cpSync(join(PKG, 'core.wasm'), join(folder, 'copied.wasm'));
  await bundle(join(folder, 'bundled.js'));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** By esbuild as the README says: it leaves `core.wasm` alone, so `wasm` says where that is. */
function bundle(outfile) {
  const contents = `import { BankConnect } from 'bankconnect';
    window.bundled = new BankConnect({ wasm: '/copied.wasm' }).providers();`;
  const alias = { bankconnect: join(PKG, 'index.js') };
  return build({
    stdin: { contents, resolveDir: WEB },
    outfile,
    alias,
    bundle: true,
    format: 'esm',
  });
}
