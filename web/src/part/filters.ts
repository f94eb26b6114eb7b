// The words and filters above a list of movements.

import { thousandths } from '../data/money.ts';
import { EVERYTHING, type Filter, filters } from '../data/search.ts';
import { h } from '../dom.ts';
import { t } from '../i18n.ts';
import { icon } from './icon.ts';

type Name = keyof Filter;
type Control = HTMLInputElement | HTMLSelectElement;

export interface FilterForm {
  readonly node: HTMLElement;
  /** Takes everything back. */
  readonly clear: () => void;
}

/** Milliseconds after the last key before the list follows. */
const TYPING = 120;

/** `accounts`: id and name of each, where there is more than one to choose from. */
export function filterForm(
  given: Filter,
  accounts: readonly (readonly [string, string])[],
  changed: (filter: Filter) => void,
): FilterForm {
  const controls = new Map<Name, Control>();
  const number = h('span', { class: 'filter-count' });
  const read = (): Filter => {
    const values = [...controls].map(([name, control]) => [name, control.value.trim()]);
    return { ...EVERYTHING, ...Object.fromEntries(values) };
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    const filter = read();
    const set = filters(filter);
    number.textContent = set > 0 ? String(set) : '';
    for (const name of ['min', 'max'] as const) check(controls.get(name));
    changed(filter);
  };
  const later = (): void => {
    clearTimeout(typing);
    typing = setTimeout(tell, TYPING);
  };
  const keep = <C extends Control>(name: Name, control: C): C => {
    control.value = given[name];
    control.id = `filter-${name}`;
    control.name = name;
    controls.set(name, control);
    control.addEventListener('input', later);
    return control;
  };
  const words = keep(
    'text',
    h('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' }),
  );
  const more = h(
    'details',
    { class: 'more-filters' },
    h('summary', {}, t().filter.more, number),
    fields(keep, accounts),
  );
  more.open = filters(given) > 0;
  const node = h(
    'form',
    { class: 'filters', role: 'search', 'aria-label': t().filter.title },
    h('label', { for: words.id }, t().filter.text),
    h('div', { class: 'search-box' }, icon('search'), words),
    more,
  );
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(typing);
    tell();
  });
  const clear = (): void => {
    for (const control of controls.values()) control.value = '';
    tell();
    words.focus();
  };
  const set = filters(given);
  number.textContent = set > 0 ? String(set) : '';
  return { node, clear };
}

type Keep = <C extends Control>(name: Name, control: C) => C;

function fields(keep: Keep, accounts: readonly (readonly [string, string])[]): HTMLElement {
  const words = t().filter;
  const select = (name: Name, label: string, options: readonly (readonly [string, string])[]) =>
    field(
      label,
      keep(name, h('select', {}, ...options.map(([value, text]) => h('option', { value }, text)))),
    );
  const amount = (name: Name, label: string): HTMLElement =>
    field(
      label,
      keep(name, h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off' })),
    );
  const day = (name: Name, label: string): HTMLElement =>
    field(label, keep(name, h('input', { type: 'date' })));
  return h(
    'div',
    { class: 'filter-fields' },
    accounts.length > 1 && select('account', words.account, [['', words.anyAccount], ...accounts]),
    select('direction', words.direction, [
      ['', words.anyDirection],
      ['in', words.in],
      ['out', words.out],
    ]),
    select('status', words.status, [
      ['', words.anyStatus],
      ['booked', t().statusBooked],
      ['pending', t().pending],
    ]),
    amount('min', words.min),
    amount('max', words.max),
    day('from', words.from),
    day('to', words.to),
  );
}

function field(label: string, control: Control): HTMLElement {
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control);
}

/** An amount that cannot be read is said to be so; the filter then does not take part. */
function check(control: Control | undefined): void {
  if (!control) return;
  const wrong = control.value.trim() !== '' && thousandths(control.value) === undefined;
  control.setAttribute('aria-invalid', String(wrong));
}
