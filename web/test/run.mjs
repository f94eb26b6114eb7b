// Runs the browser tests, two files at a time, and says what is missing before it starts.
// `npm test` runs all; `npm test -- firefox` runs the files whose name holds that word.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingBrowsers } from './lib/browsers.mjs';
import { missing } from './lib/demo.mjs';

/** Each file has a bank, a broker and a browser of its own, and waits for them most of the time. */
const AT_ONCE = 2;

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();

const lacking = [...missingBrowsers(), ...missing()];
if (lacking.length > 0 || files.length === 0) {
  for (const line of lacking) console.error(line);
  if (files.length === 0) console.error(`no test file is called like ${wanted.join(' or ')}`);
  process.exit(1);
}

const queue = [...files];
const failed = [];
await Promise.all(Array.from({ length: AT_ONCE }, work));
if (failed.length > 0) console.log(`\nfailed: ${failed.join(' ')}`);
console.log(`\n${files.length - failed.length} of ${files.length} browser test files passed`);
process.exit(failed.length === 0 ? 0 : 1);

/** Takes file after file; what one prints stays together. */
async function work() {
  for (let file = queue.shift(); file; file = queue.shift()) {
    const since = performance.now();
    const { code, text } = await run(file);
    console.log(`\n${file}: ${Math.round((performance.now() - since) / 1000)} s\n${text}`);
    if (code !== 0) failed.push(file);
  }
}

/** WebKit has no headless mode, so it gets a display of its own. */
function run(file) {
  const node = [
    process.execPath,
    '--test',
    '--test-reporter=spec',
    '--test-timeout=300000',
    join(here, file),
  ];
  const [program, ...rest] = file.startsWith('webkit') ? ['xvfb-run', '-a', ...node] : node;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => said.push(part));
  return new Promise((done) => {
    child.once('close', (code) => done({ code: code ?? 1, text: String(Buffer.concat(said)) }));
  });
}
