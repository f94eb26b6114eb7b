/** Fields as a person fills them in: label, control, hint, and room for what is wrong. */

import { make } from '../dom.js';
import { filled } from '../languages.js';
import { known } from '../when.js';
import type { FieldName } from './fields.js';
import { spaced } from './money.js';
import type { PayTexts } from './texts.js';

const OPTIONAL: readonly string[] = ['variableSymbol', 'message'];
const HINTS: Partial<Record<FieldName, 'toHint' | 'dateHint' | 'countryHint'>> = {
  to: 'toHint',
  date: 'dateHint',
  country: 'countryHint',
};
/** Currencies that come first. */
const USUAL = ['CZK', 'EUR', 'USD', 'GBP', 'PLN', 'CHF', 'HUF'];

/** Letters and digits that no browser should mend, from left to right in every language. */
const PLAIN = { spellcheck: 'false', autocapitalize: 'characters', dir: 'ltr' };
const DIGITS = { inputmode: 'numeric', maxlength: '10', dir: 'ltr' };
/** What browsers and keyboards need to know of a field. */
const TRAITS: Partial<Record<FieldName, Record<string, string>>> = {
  from: { ...PLAIN, maxlength: '42' },
  to: { ...PLAIN, maxlength: '42' },
  bic: { ...PLAIN, maxlength: '11' },
  country: { ...PLAIN, maxlength: '2' },
  amount: { inputmode: 'decimal', dir: 'ltr' },
  variableSymbol: DIGITS,
  specificSymbol: DIGITS,
  constantSymbol: DIGITS,
  date: { type: 'date' },
  message: { maxlength: '140' },
  name: { maxlength: '70' },
};

/** A field around its control. */
export function field(text: PayTexts, name: FieldName | 'bank', input: HTMLElement): HTMLElement {
  const hint = name === 'bank' ? undefined : HINTS[name];
  const label = name === 'from' && input.localName === 'input' ? text.fromIban : text[name];
  const words = OPTIONAL.includes(name) ? filled(text.optional, label) : label;
  input.id = name;
  input.setAttribute('part', 'input');
  input.setAttribute('aria-describedby', `${name}-error${hint ? ` ${name}-hint` : ''}`);
  return make(
    'div',
    { part: 'field', class: `field ${name}` },
    make('label', { part: 'label', for: name }, words),
    input,
    make(
      'div',
      { class: 'note' },
      make('p', { part: 'field-error', id: `${name}-error` }),
      ...(hint ? [make('p', { part: 'hint', id: `${name}-hint` }, text[hint])] : []),
    ),
  );
}

/** The control of a field. */
export function control(
  text: PayTexts,
  name: FieldName,
  value = '',
  language = '',
): HTMLInputElement | HTMLSelectElement {
  if (name === 'priority') {
    const choices = (['NORM', 'HIGH', 'INST'] as const).map((word) => [word, text[word]] as const);
    return select(choices, value || 'NORM');
  }
  if (name === 'currency') return select(currencies(language), value || 'CZK');
  const given = { type: 'text', autocomplete: 'off', ...TRAITS[name] };
  const input = make('input', given);
  input.value = value;
  if (name === 'date') input.min = today();
  return input;
}

/** A choice of accounts. */
export function pick(
  sources: readonly { iban: string; label: string }[],
  value: string | undefined,
): HTMLSelectElement {
  return select(
    sources.map(({ iban, label }) => [iban, [label, spaced(iban)].filter(Boolean).join(' · ')]),
    value ?? sources[0]?.iban ?? '',
  );
}

function select(choices: readonly (readonly [string, string])[], value: string): HTMLSelectElement {
  const options = choices.map(([key, words]) => make('option', { value: key }, words));
  const node = make('select', {}, ...options);
  if (choices.some(([key]) => key === value)) node.value = value;
  return node;
}

function currencies(language: string): [string, string][] {
  const all = Intl.supportedValuesOf('currency').filter((code) => !USUAL.includes(code));
  const names = new Intl.DisplayNames(known(language), { type: 'currency' });
  return [...USUAL, ...all].map((code) => [code, `${code} · ${names.of(code)}`]);
}

/** Today in Prague, as the bank counts days. */
function today(): string {
  return new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Prague' }).format();
}
