// Builds the demo page into dist/: bundles it with the built package, copies what is served as it is.
//
// The package is taken from ../crates/browser/pkg (or BANKCONNECT_PKG), so `npm ci` needs no build.

import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const pkg = resolve(here, process.env.BANKCONNECT_PKG ?? '../crates/browser/pkg');
const dist = join(here, 'dist');

/** Files that a module names with `new URL('…', import.meta.url)`, which esbuild leaves alone. */
const assets = {
  name: 'assets-beside-modules',
  setup(plugin) {
    plugin.onLoad({ filter: /\.m?js$/ }, async ({ path }) => {
      if (!path.startsWith(pkg)) return undefined;
      const source = await readFile(path, 'utf8');
      const named = [...source.matchAll(/new URL\((['"])([^'"]+\.wasm)\1,\s*import\.meta\.url\)/g)];
      let contents = source;
      for (const [whole, , file] of named) {
        const copied = await copyHashed(resolve(dirname(path), file));
        contents = contents.replace(whole, `new URL('./${copied}', import.meta.url)`);
      }
      return { contents, loader: 'js' };
    });
  },
};

async function copyHashed(file) {
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 10);
  const name = basename(file).replace(/\.wasm$/, `-${hash}.wasm`);
  await copyFile(file, join(dist, name));
  return name;
}

/** The module an export of the package points to. */
async function entry(name) {
  const { exports } = JSON.parse(await readFile(join(pkg, 'package.json'), 'utf8'));
  const found = exports[name];
  return resolve(
    pkg,
    typeof found === 'string' ? found : (found.browser ?? found.import ?? found.default),
  );
}

async function packageEntries() {
  try {
    const named = ['./element', './cobs', './order', './order-texts', './pay-element'];
    const found = named.map(async (name) => [`bankconnect${name.slice(1)}`, await entry(name)]);
    return { ...Object.fromEntries(await Promise.all(found)), bankconnect: await entry('.') };
  } catch (cause) {
    throw new Error(`no built package in ${pkg}; run \`./just package\` first`, { cause });
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const result = await build({
  entryPoints: { app: join(here, 'src/app.ts'), callback: join(here, 'src/callback.ts') },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  sourcemap: process.argv.includes('--sourcemap'),
  chunkNames: '[name]-[hash]',
  metafile: true,
  alias: await packageEntries(),
  plugins: [assets],
  logLevel: 'warning',
});
await build({
  entryPoints: { app: join(here, 'src/style/main.css') },
  outdir: dist,
  bundle: true,
  minify: true,
  target: ['chrome120', 'firefox128', 'safari17.4'],
  logLevel: 'warning',
});
for (const page of ['index.html', 'callback.html'])
  await copyFile(join(here, page), join(dist, page));
await cp(join(here, 'public'), dist, { recursive: true });
await writeFile(join(dist, '.gitignore'), '*\n');
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(
  `web/dist: ${Object.keys(result.metafile.outputs).length} modules, ${bytes} bytes of JavaScript`,
);
