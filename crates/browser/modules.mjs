// The modules of the package, one row each: build.mjs bundles them, size.mjs weighs them, api.mjs
// writes down what they export. A module that another one imports is never copied into it.
//
// name    ts/NAME.ts becomes NAME.js, with its types in NAME.d.ts
// entry   what an app imports it by; it has to stand in `exports` of package.json too
// limit   the most it may be, in bytes of brotli; without: it counts to the base (size.mjs)

export const MODULES = [
  { name: 'index', entry: '.', what: 'client and glue' },
  { name: 'element', entry: './element', what: '<bank-connect>' },
  { name: 'picker', what: 'list of banks', limit: 3_200 },
  { name: 'renewal', what: 'what is connected', limit: 1_000 },
  { name: 'outcomes', what: 'how it ended', limit: 1_400 },
  { name: 'mistakes', what: 'words for developers', limit: 700 },
  {
    name: 'connections-element',
    entry: './connections-element',
    what: '<bank-connections>',
    limit: 6_500,
  },
  { name: 'pay-element', entry: './pay-element', what: '<bank-pay>', limit: 12_600 },
  { name: 'cobs', entry: './cobs', what: 'the whole API', limit: 3_000 },
  { name: 'pay', what: 'payments', limit: 4_800 },
  { name: 'order', entry: './order', what: 'checks of orders', limit: 3_400 },
  { name: 'order-texts', entry: './order-texts', what: 'words for forms', limit: 1_200 },
  { name: 'inline', entry: './inline', what: 'no file beside', limit: 200 },
  { name: 'embedded', what: 'core.wasm as text', limit: 24_500 },
  { name: 'react', entry: './react', what: 'types of JSX', limit: 10 },
];

/** Throws where package.json offers other modules than these. */
export function compare({ exports }) {
  const offered = Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([entry, target]) => JSON.stringify([entry, Object.entries(target)]));
  const built = MODULES.filter(({ entry }) => entry).map(({ entry, name }) => {
    const target = { types: `./${name}.d.ts`, default: `./${name}.js` };
    return JSON.stringify([entry, Object.entries(target)]);
  });
  const different = [
    ...built.filter((row) => !offered.includes(row)),
    ...offered.filter((row) => !built.includes(row)),
  ];
  if (different.length > 0)
    throw new Error(`package.json and modules.mjs differ: ${different.join(' ')}`);
}
