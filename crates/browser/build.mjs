// Builds the npm package into pkg/: wasm-pack, then types by tsc, then small modules by esbuild.
//
// The tools come from web/node_modules (tsc, esbuild, binaryen) and .tools/bin (wasm-pack,
// wasm-bindgen); nothing is downloaded. Run: node crates/browser/build.mjs

import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { shorten } from './shorten.mjs';
import { shrink } from './shrink.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const bins = [join(root, '.tools/bin'), join(root, 'web/node_modules/.bin')];
const cache = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'wasm-pack');
const pkg = join(here, 'pkg');
const glue = join(here, 'ts/wasm');

const INDEX = { filter: /\/index\.js$/ };
const index = () => ({ path: './index.js', external: true });

compile();
await reduce();
check(join(glue, 'core_bg.wasm'));
rmSync(pkg, { recursive: true, force: true });
run('tsc', ['-p', here]);
await bundle();
for (const file of ['package.json', 'README.md']) copyFileSync(join(here, file), join(pkg, file));
for (const file of ['LICENSE-MIT', 'LICENSE-APACHE'])
  copyFileSync(join(root, file), join(pkg, file));

/** Rust to WebAssembly and its glue. `--mode no-install`: wasm-pack must not fetch tools. */
function compile() {
  mkdirSync(cache, { recursive: true }); // without it, wasm-pack stops with "No such file"
  rmSync(glue, { recursive: true, force: true });
  const flags = ['--target', 'web', '--mode', 'no-install', '--no-pack', '--no-gitignore'];
  const out = ['--out-dir', glue, '--out-name', 'core'];
  run('wasm-pack', ['build', here, '--profile', 'wasm', ...flags, ...out]);
}

/** Smaller code, then shorter names. */
async function reduce() {
  const [wasm, js] = [join(glue, 'core_bg.wasm'), join(glue, 'core.js')];
  const small = await shrink(readFileSync(wasm), join(root, 'web/package.json'));
  const short = shorten(small, readFileSync(js, 'utf8'));
  writeFileSync(wasm, short.wasm);
  writeFileSync(js, short.glue);
}

/** The module must load here and now, and must not tell where it was built (B02). */
function check(file) {
  const bytes = readFileSync(file);
  new WebAssembly.Module(bytes);
  const text = bytes.toString('latin1');
  for (const trace of [homedir(), root, '.cargo/registry', '-----BEGIN']) {
    if (text.includes(trace)) throw new Error(`${file} holds ${JSON.stringify(trace)}`);
  }
}

/** The client is one for all modules of the package: they import it, and hold no copy. */
async function bundle() {
  const require = createRequire(join(root, 'web/package.json'));
  const { build, transform } = await import(pathToFileURL(require.resolve('esbuild')));
  const css = async ({ path }) => {
    const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true });
    return { contents: code.trim(), loader: 'text' };
  };
  const options = {
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome125', 'firefox126', 'safari17.5'],
    outdir: pkg,
    legalComments: 'none',
    charset: 'utf8',
    plugins: [{ name: 'css', setup: (on) => on.onLoad({ filter: /\.css$/ }, css) }],
    logLevel: 'warning',
  };
  await build({ ...options, entryPoints: [join(here, 'ts/index.ts')] });
  const beside = [join(here, 'ts/element.ts'), join(here, 'ts/cobs.ts')];
  const plugins = [
    ...options.plugins,
    { name: 'index', setup: (on) => on.onResolve(INDEX, index) },
  ];
  await build({ ...options, plugins, entryPoints: beside });
  copyFileSync(join(glue, 'core_bg.wasm'), join(pkg, 'core.wasm'));
}

function run(tool, args) {
  const path = [...bins.filter(existsSync), process.env.PATH].join(delimiter);
  // no path of this machine in the panic texts: the same bytes wherever it is built
  const crates = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry/src');
  const sources = existsSync(crates) ? readdirSync(crates).map((name) => join(crates, name)) : [];
  const maps = [...sources, root].map((path) => `--remap-path-prefix=${path}=`);
  const rustflags = maps.join(' ');
  const env = { ...process.env, PATH: path, WASM_PACK_CACHE: cache, RUSTFLAGS: rustflags };
  execFileSync(tool, args, { stdio: 'inherit', env, cwd: root });
}
