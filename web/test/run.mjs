// Runs the browser tests one file after another and says what is missing before it starts.
// `npm test` runs all; `npm test -- firefox` runs the files whose name holds that word.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingBrowsers } from './lib/browsers.mjs';
import { missing } from './lib/demo.mjs';

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

let failed = 0;
for (const file of files) {
  console.log(`\n${file}`);
  const since = performance.now();
  if ((await run(file)) !== 0) failed += 1;
  console.log(`${file} took ${Math.round((performance.now() - since) / 1000)} s`);
}
console.log(`\n${files.length - failed} of ${files.length} browser test files passed`);
process.exit(failed === 0 ? 0 : 1);

/** WebKit has no headless mode, so it gets a display of its own. */
function run(file) {
  const node = [
    process.execPath,
    '--test',
    '--test-reporter=spec',
    '--test-timeout=180000',
    join(here, file),
  ];
  const [program, ...rest] = file.startsWith('webkit') ? ['xvfb-run', '-a', ...node] : node;
  const child = spawn(program, rest, { stdio: 'inherit' });
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}
