// The size gate: what a page downloads, compressed as servers do it (brotli, quality 11).
//
// Run after build.mjs: node crates/browser/size.mjs. Exit code 1 when the package is over.

import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { MODULES } from './modules.mjs';

/** What every page loads: connect, element, typed resources. */
const LIMIT = 28_000;

const pkg = new URL('./pkg/', import.meta.url);
const modules = MODULES.map(({ name, ...row }) => weighed({ file: `${name}.js`, ...row }));
const base = [
  weighed({ file: 'core.wasm', what: 'the component' }),
  ...modules.filter(({ limit }) => limit === undefined),
];
const sum = (key) => base.reduce((total, row) => total + row[key], 0);
const page = { file: '', what: 'every page', limit: LIMIT };
const all = { ...page, raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') };
const more = modules.filter(({ limit }) => limit !== undefined);

print(['file', 'what', 'raw', 'gzip', 'brotli', 'limit']);
for (const { file, what, raw, gzip, brotli, limit } of [...base, all, ...more])
  print([file, what, raw, gzip, brotli, limit ?? '']);

const over = [all, ...more].filter(({ brotli, limit }) => brotli > limit);
for (const { file, what, brotli, limit } of over)
  process.stdout.write(`${file || what}: ${brotli - limit} bytes over\n`);
process.stdout.write(`every page: ${LIMIT - all.brotli} bytes to spare\n`);
process.exit(over.length > 0 ? 1 : 0);

function weighed(row) {
  const bytes = readFileSync(new URL(row.file, pkg));
  return { ...row, raw: bytes.length, gzip: gzip(bytes), brotli: brotli(bytes) };
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
  process.stdout.write(`${file.padEnd(24)}${what.padEnd(20)}${cells.join('')}\n`);
}
