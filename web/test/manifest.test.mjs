// custom-elements.json tells editors and catalogues what the elements take and give. Whatever the
// sources read, show or fire has to stand in it, and nothing else.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MODULES } from '../../crates/browser/modules.mjs';
import { PKG } from './lib/pages.mjs';

const TS = fileURLToPath(new URL('../../crates/browser/ts', import.meta.url));
const manifest = JSON.parse(readFileSync(join(PKG, 'custom-elements.json'), 'utf8'));
const declared = manifest.modules.flatMap(({ path, declarations }) =>
  declarations.map((element) => ({ ...element, entry: path.replace(/\.js$/, '') })),
);

test('the manifest is in the package, and names every element that a module registers', () => {
  const { customElements } = JSON.parse(readFileSync(join(PKG, 'package.json'), 'utf8'));
  assert.equal(customElements, './custom-elements.json');
  assert.equal(manifest.schemaVersion, '2.1.0');
  const registered = MODULES.flatMap(({ name }) => {
    const script = readFileSync(join(PKG, `${name}.js`), 'utf8');
    return found(script, /customElements\.define\(["']([\w-]+)["']/g);
  });
  assert.deepEqual(names(declared, 'tagName'), registered.sort());
});

for (const { entry, name, tagName, ...told } of declared) {
  const { script, css } = sources(join(TS, `${entry}.ts`));
  const types = sources(join(PKG, `${entry}.d.ts`)).script;

  test(`<${tagName}>: attributes and members`, () => {
    const [, observed] = /observedAttributes = \[([^\]]*)\]/.exec(script);
    const read = found(script, /\bthis\.(?:get|has)Attribute\('([\w-]+)'\)/g);
    const attributes = [...new Set([...found(observed, /'([\w-]+)'/g), ...read])];
    assert.deepEqual(names(told.attributes), attributes.sort());

    const body = (of) => new RegExp(`class ${of}\\b[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(types)[1];
    const members = found(
      body(name) + body('ClientElement'),
      /^ {4}(?:get |readonly |accessor )?(\w+)(?:\(|\??:)/gm,
    );
    const own = members.filter((member) => !/Callback$|^set$|^constructor$/.test(member));
    assert.deepEqual(names(told.members), [...new Set(own)].sort());
  });

  test(`<${tagName}>: events`, () => {
    const map = new RegExp(`interface ${name}EventMap[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(types)[1];
    assert.deepEqual(names(told.events), found(map, /'([\w:]+)'/g).sort());
  });

  test(`<${tagName}>: slots, parts, states and CSS properties`, () => {
    const slots = found(script, /make\('slot', \{(?: name: '([\w-]+)')?/g).map(
      (slot) => slot ?? '',
    );
    assert.deepEqual(names(told.slots), [...new Set(slots)].sort());
    assert.deepEqual(names(told.cssParts), unique(script, /\bpart: '([\w-]+)'/g));
    assert.deepEqual(names(told.cssProperties), unique(css, /var\((--bank-[\w-]+)/g));
    const [, states = ''] =
      /for \(const name of \[([^\]]*)\] as const\)[^}]*\.states\[/.exec(script) ?? [];
    assert.deepEqual(names(told.cssStates), unique(states, /'([\w-]+)'/g));
  });
}

/** The file and what it imports, but for other modules that an app imports by itself. */
function sources(file, seen = new Set()) {
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const all = { script: text, css: '' };
  for (const path of found(text, /(?:from |import\(|import )'(\.[^']+)'/g)) {
    const wanted = resolve(dirname(file), path).replace(
      /\.js$/,
      file.endsWith('.d.ts') ? '.d.ts' : '.ts',
    );
    const entry = MODULES.some(({ name, entry }) => entry && wanted.endsWith(`/${name}.ts`));
    if (wanted.endsWith('.css')) all.css += readFileSync(wanted, 'utf8');
    else if (!entry && !seen.has(wanted) && !wanted.includes('/wasm/')) {
      const more = sources(wanted, seen);
      all.script += more.script;
      all.css += more.css;
    }
  }
  return all;
}

function found(text, pattern) {
  return [...text.matchAll(pattern)].map(([, name]) => name);
}

function unique(text, pattern) {
  return [...new Set(found(text, pattern))].sort();
}

function names(list = [], key = 'name') {
  return list.map((each) => each[key]).sort();
}
