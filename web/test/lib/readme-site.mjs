// Puts the blocks of the package's README into pages: built as their readers would, from the packed package, and
// served by a demo.

import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startDemo } from './demo.mjs';
import { frameworks } from './packed.mjs';
import { servePages } from './pages.mjs';
import { blocks, GIVEN_BODY } from './readme.mjs';

const EXAMPLES = resolve(dirname(fileURLToPath(import.meta.url)), '../../examples');
/** What blocks import and test/frameworks has not, from the example that has it. */
const LENT = { react: ['react', 'react-dom'], next: ['next'] };

/** How a block becomes the script `main.js` of a page: the file it is, and what mounts or awaits it. */
const SCRIPTS = {
  js: ['block.js', `await import('./block.js');`],
  tsx: [
    'block.tsx',
    `import { createElement } from 'react';
    import { createRoot } from 'react-dom/client';
    import { Connect } from './block.tsx';
    const onConnected = ({ detail }) => console.log(detail.connection.id);
    createRoot(document.querySelector('#app')).render(createElement(Connect, { onConnected }));`,
  ],
  vue: [
    'Block.vue',
    `import { createApp } from 'vue';
    import Block from './Block.vue';
    createApp(Block).mount('#app');`,
  ],
  svelte: [
    'Block.svelte',
    `import { mount } from 'svelte';
    import Block from './Block.svelte';
    mount(Block, { target: document.querySelector('#app') });`,
  ],
};

/** A demo that serves the pages of the blocks, and what builds them. */
export async function startReadme() {
  const pages = await servePages('pay-element.html');
  const place = frameworks('readme');
  for (const [example, names] of Object.entries(LENT)) {
    for (const name of names)
      symlinkSync(join(EXAMPLES, example, 'node_modules', name), join(place, 'node_modules', name));
  }
  const all = blocks();
  writeScripts(place, all);
  const builder = await import(pathToFileURL(join(place, 'build.mjs')));
  const world = await startDemo('--page', pages.folder);
  const stop = async () => {
    await world.stop();
    pages.remove();
  };
  return { ...world, place, builder, folder: pages.folder, all, stop };
}

/** What the blocks are checked with: everything that `strict` has, in JavaScript too. */
const STRICT = {
  compilerOptions: {
    target: 'es2023',
    module: 'esnext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'],
    types: ['node'],
    jsx: 'react-jsx',
    strict: true,
    allowJs: true,
    checkJs: true,
    noEmit: true,
    skipLibCheck: true, // of Next
  },
  include: ['README.md-*'],
};

/**
 * Writes every script as a file of its own, by its line in the README, and how they are to be checked; but for those
 * of a page without a bundler, which knows no types.
 */
function writeScripts(place, all) {
  const scripts = all
    .filter(({ language }) => ['js', 'ts', 'tsx'].includes(language))
    .filter(({ code }) => !code.includes("'/bankconnect/"));
  for (const { line, language, script } of scripts)
    writeFileSync(join(place, `README.md-${line}.${language}`), script);
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(STRICT));
}

/** The block of this name. */
export function block({ all }, name) {
  const found = all.filter((one) => one.name === name);
  if (found.length !== 1) throw new Error(`the README has ${found.length} blocks “${name}”`);
  return found[0];
}

/** Where the page of a block is served. */
export const pathOf = ({ line }) => `/README.md-${line}/`;

/**
 * Builds the page of a block by Vite, and answers its path. `body`: what the page holds beside it; `settings` of Vite;
 * `files` beside the block.
 */
export async function page(world, { line, language, code, script }, options = {}) {
  const { body = '', settings = {}, files = {} } = options;
  const path = pathOf({ line });
  const root = join(world.place, `page-${line}`);
  mkdirSync(root, { recursive: true });
  const [file, main] = SCRIPTS[language] ?? [];
  const ran = "document.body.dataset.ran = 'yes';";
  const written = { ...files, ...(file && { [file]: script, 'main.js': `${main}\n${ran}` }) };
  for (const [name, text] of Object.entries(written)) writeFileSync(join(root, name), text);
  const run =
    file && `${GIVEN_BODY}<div id="app"></div><script type="module" src="/main.js"></script>`;
  writeFileSync(join(root, 'index.html'), html(`${body}${run ?? code}`));
  const configFile = files['vite.config.js'] ? join(root, 'vite.config.js') : false;
  const folder = join(world.folder, path);
  await world.builder.byVite(root, folder, { base: path, configFile, ...settings });
  return path;
}

/** A whole document around what a block shows of it. */
export function html(body, head = '') {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>README</title>
    <link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;
}

/** Makes a page the one that the bank comes back to. */
export function comeBackTo({ folder }, path) {
  cpSync(join(folder, path, 'index.html'), join(folder, 'callback.html'));
}
