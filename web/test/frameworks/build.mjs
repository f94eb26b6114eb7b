// Builds the pages beside this file with bundlers as they come: no plugin and no setting that knows
// of the package. It stands here because the bundlers do, in the node_modules of this folder; each test
// file works in a copy of its own (test/lib/packed.mjs).

import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import { build } from 'vite';
import webpack from 'webpack';

/** Vite's own server for developers. */
export { createServer } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const bundlers = join(here, 'bundlers');
// Vue has to be told, or it takes `bank-connect` for the imported class `BankConnect`
const isCustomElement = (tag) => tag.startsWith('bank-');
/** What Vite needs for each framework. */
export const plugins = {
  vue: [vue({ template: { compilerOptions: { isCustomElement } } })],
  svelte: [svelte({ configFile: false, onwarn: refuse })],
};

/** A warning of the compiler is a mistake of ours. */
function refuse({ code, message }) {
  throw new Error(`${code}: ${message}`);
}

/** A page of Vue or Svelte, by Vite. */
export function framework(name, folder) {
  return byVite(join(here, name), folder, { plugins: plugins[name] });
}

/** `bundlers/NAME.js` and its page, by each bundler; the script is `page.js`. */
export const builds = {
  Vite: (name, folder) => byVite(join(bundlers, name), folder),

  webpack: (name, folder) =>
    new Promise((built, failed) => {
      const settings = {
        context: here,
        mode: 'production',
        entry: script(name),
        output: { path: folder, filename: 'page.js' },
      };
      webpack(settings, (error, stats) => {
        if (error ?? stats.hasErrors()) return failed(error ?? new Error(stats.toString()));
        built(page(folder));
      });
    }),

  Rollup: async (name, folder) => {
    const bundle = await rollup({ input: { page: script(name) }, plugins: [nodeResolve()] });
    await bundle.write({ dir: folder, format: 'esm' });
    await bundle.close();
    page(folder);
  },

  esbuild: async (name, folder) => {
    const entryPoints = { page: script(name) };
    await esbuild.build({ entryPoints, outdir: folder, bundle: true, format: 'esm' });
    page(folder);
  },

  'esbuild as a classic script': async (name, folder) => {
    const entryPoints = { page: script(name) };
    const logOverride = { 'empty-import-meta': 'silent' };
    await esbuild.build({ entryPoints, outdir: folder, bundle: true, format: 'iife', logOverride });
    page(folder, 'classic.html');
  },
};

/** The `index.html` of a folder, by Vite; with settings of its own, if it has any. */
export async function byVite(root, folder, settings = {}) {
  await build({
    configFile: false,
    root,
    base: './',
    ...settings,
    build: { outDir: folder, emptyOutDir: true },
    logLevel: 'warn',
  });
}

function script(name) {
  return join(bundlers, name, 'page.js');
}

function page(folder, file = 'module.html') {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(bundlers, file), join(folder, 'index.html'));
}
