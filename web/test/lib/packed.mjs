// Puts the package where its users have it: packed as a tarball, unpacked in the node_modules of a
// fixture.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PKG } from './pages.mjs';

const WEB = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder (below web/) with the package as it is now in its node_modules. */
export function withPackage(folder) {
  const path = join(WEB, folder);
  const modules = join(path, 'node_modules');
  if (!existsSync(modules)) throw new Error(`${modules} is missing: run ./just setup-examples`);
  const place = mkdtempSync(join(tmpdir(), 'bankconnect-tarball-'));
  const options = { cwd: PKG, encoding: 'utf8' };
  const packing = ['pack', '--silent', '--pack-destination', place];
  const tarball = execFileSync('npm', packing, options).trim();
  const into = join(modules, 'bankconnect');
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into);
  execFileSync('tar', ['-xzf', join(place, tarball), '-C', into, '--strip-components', '1']);
  rmSync(place, { recursive: true });
  return path;
}
