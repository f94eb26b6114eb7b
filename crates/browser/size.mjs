// The size gate: what a page downloads, compressed as servers do it (brotli, quality 11).
//
// Run after build.mjs: node crates/browser/size.mjs. Exit code 1 when the package is over.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** What every page loads: connect, element, accounts, balances, transactions. */
const BASE = {
  limit: 28_000,
  files: [
    ['core.wasm', 'the component'],
    ['index.js', 'client and glue'],
    ['element.js', '<bank-connect>'],
  ],
};

/** What is loaded where it is used, each with a limit of its own. */
const APART = [{ limit: 3_000, files: [['cobs.js', 'the whole API']] }];

const pkg = new URL('./pkg/', import.meta.url);
let over = false;
print(['file', 'what', 'raw', 'gzip', 'brotli']);
for (const { limit, files } of [BASE, ...APART]) {
  const rows = files.map(([file, what]) => measured(file, what));
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const all = { file: '', what: 'all', raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') };
  for (const { file, what, raw, gzip, brotli } of rows.length > 1 ? [...rows, all] : rows)
    print([file, what, raw, gzip, brotli]);
  const left = limit - all.brotli;
  process.stdout.write(
    `limit ${limit}: ${left < 0 ? `${-left} bytes over` : `${left} bytes to spare`}\n`,
  );
  over ||= left < 0;
}
process.exit(over ? 1 : 0);

function measured(file, what) {
  const bytes = readFileSync(new URL(file, pkg));
  return { file, what, raw: bytes.length, gzip: gzip(bytes), brotli: brotli(bytes) };
}

function brotli(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

function gzip(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

function print([file, what, ...numbers]) {
  const cells = numbers.map((cell) => String(cell).padStart(8));
  process.stdout.write(`${file.padEnd(12)}${what.padEnd(18)}${cells.join('')}\n`);
}
