// The size gate: what a page downloads, compressed as servers do it (brotli, quality 11).
//
// Run after build.mjs: node crates/browser/size.mjs. Exit code 1 when the package is over.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Everything: connect, element, typed resources. */
const LIMIT = 28_000;

/** What is loaded only when it is used. */
const LAZY = [
  ['pay.js', 'payments', 5_600],
  ['pay-texts.js', 'words for forms', 1_200],
];

const pkg = new URL('./pkg/', import.meta.url);
const rows = [
  ['core.wasm', 'the component'],
  ['index.js', 'client and glue'],
  ['element.js', '<bank-connect>'],
].map(([file, what]) => {
  const bytes = readFileSync(new URL(file, pkg));
  return { file, what, raw: bytes.length, gzip: gzip(bytes), brotli: brotli(bytes) };
});
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
const all = { file: '', what: 'all', raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') };

print(['file', 'what', 'raw', 'gzip', 'brotli']);
for (const { file, what, raw, gzip, brotli } of [...rows, all])
  print([file, what, raw, gzip, brotli]);

let failed = judge(all.brotli - LIMIT, LIMIT);
for (const [file, what, limit] of LAZY) {
  const bytes = readFileSync(new URL(file, pkg));
  const size = brotli(bytes);
  print([file, what, bytes.length, gzip(bytes), size]);
  failed = judge(size - limit, limit) || failed;
}
process.exit(failed ? 1 : 0);

/** Says how far a size is from its limit; true when it is over. */
function judge(over, limit) {
  const said = over > 0 ? `${over} bytes over` : `${-over} bytes to spare`;
  process.stdout.write(`limit ${limit}: ${said}\n`);
  return over > 0;
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
