// The code blocks of the package's README as they stand there: which there are, and what each takes from the
// page that it is pasted into.

import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const README = join(ROOT, 'crates/browser/README.md');

/** What a block may name behind `// with`: the page of the tests has it. */
const GIVEN = {
  button: "const button = document.getElementsByTagName('button')[0];",
  client: "import { BankConnect } from 'bankconnect'; const client = new BankConnect();",
  notice: "const notice = document.getElementsByTagName('aside')[0];",
  messages:
    "const messages = /** @type {Record<string, string>} */ ({ other: 'Please try later.' });",
  show: "const show = (/** @type {string} */ text) => document.getElementsByTagName('output')[0].append(text);",
};

/** The elements that `GIVEN` speaks of. */
export const GIVEN_BODY = '<button type="button">Go</button><aside></aside><output></output>';

/**
 * The blocks in their order: `name` (the heading, or the recipe, and the language), `language`, `line` (where its
 * code begins), `code`, and `script`: the code with what it takes in place of its first line.
 */
export function blocks() {
  const found = [];
  let [section, recipe, block] = [];
  for (const [at, text] of readFileSync(README, 'utf8').split('\n').entries()) {
    const fence = /^\s*```(.*)$/.exec(text);
    if (!fence && block) block.lines.push(text);
    else if (!fence) [section, recipe] = headed(text) ?? [section, recipe];
    else if (block) block = void found.push(finished(block));
    else block = { name: recipe ?? section, language: fence[1], line: at + 2, lines: [] };
  }
  if (block) throw new Error(`README.md:${block.line}: the block has no end`);
  return found;
}

/** The section and the recipe that begin with a line. */
function headed(text) {
  const [, section] = /^#+ (.*)/.exec(text) ?? [];
  const [, recipe] = /^\*\*(.*?)\.?\*\*/.exec(text) ?? [];
  return section || recipe ? [section, recipe && `recipe: ${recipe}`] : undefined;
}

/** A block at its end. */
function finished({ name, language, line, lines }) {
  const code = lines.join('\n');
  const taken = /^\/\/ with (.*)/.exec(lines[0])?.[1].split(', ') ?? [];
  const given = taken.map((what) => {
    if (GIVEN[what] && code.split(what).length > 2) return GIVEN[what];
    throw new Error(`README.md:${line}: \`${what}\` is not known to the tests, or not used`);
  });
  const script = taken.length > 0 ? [given.join(' '), ...lines.slice(1)].join('\n') : code;
  return {
    name: `${name.replaceAll('`', '')} (${language || 'text'})`,
    language,
    line,
    code,
    script,
  };
}
