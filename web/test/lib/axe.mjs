// Checks the page as it is now with axe. It is put in over the debugger, which the page's own
// policy (no foreign script) does not concern.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Violations of the page, one line each; empty when there are none. `forced`: of a page in forced colours,
 * where the browser sees to the contrast and axe reads the colour of the author (`-webkit-text-fill-color`).
 */
export async function violations(page, { forced = false } = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: SOURCE });
  await session.detach();
  const found = await page.evaluate(
    ([tags, off]) =>
      globalThis.axe.run(document, {
        runOnly: tags,
        rules: { 'color-contrast': { enabled: !off } },
      }),
    [TAGS, forced],
  );
  if (found.passes.length === 0) throw new Error('axe checked nothing');
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map((node) => `${node.target} (${node.failureSummary})`).join('; ')}`,
  );
}
