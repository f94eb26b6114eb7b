// Puts the package where its users have it: packed as a tarball, unpacked in the node_modules of a
// fixture.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PKG } from './pages.mjs';

const WEB = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const FRAMEWORKS = join(WEB, 'test/frameworks');

/** The folder (below web/) with the package as it is now in its node_modules. For one test file only. */
export function withPackage(folder) {
  const path = join(WEB, folder);
  unpack(installed(path));
  return path;
}

/**
 * A copy of test/frameworks for the test file of this name, with the package as it is now. What npm has
 * installed is found in the folder above; the package is its own, for test files run side by side.
 */
export function frameworks(name) {
  const place = join(FRAMEWORKS, 'places', name);
  installed(FRAMEWORKS);
  rmSync(place, { recursive: true, force: true });
  for (const file of ['build.mjs', 'bundlers', 'svelte', 'vue', 'tsconfig.json', 'package.json'])
    cpSync(join(FRAMEWORKS, file), join(place, file), { recursive: true });
  unpack(join(place, 'node_modules'));
  return place;
}

/** The node_modules of a folder, which somebody has installed. */
function installed(path) {
  const modules = join(path, 'node_modules');
  if (!existsSync(modules)) throw new Error(`${modules} is missing: run ./just setup-examples`);
  return modules;
}

/** Packs the package, and unpacks it into a node_modules. */
function unpack(modules) {
  const place = mkdtempSync(join(tmpdir(), 'bankconnect-tarball-'));
  const options = { cwd: PKG, encoding: 'utf8' };
  const packing = ['pack', '--silent', '--pack-destination', place];
  const tarball = execFileSync('npm', packing, options).trim();
  const into = join(modules, 'bankconnect');
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  execFileSync('tar', ['-xzf', join(place, tarball), '-C', into, '--strip-components', '1']);
  rmSync(place, { recursive: true });
}
