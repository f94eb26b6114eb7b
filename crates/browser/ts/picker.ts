/**
 * The choice of a bank, in a dialog; loaded when there is something to choose.
 *
 * A list is an ARIA listbox; from six entries on there is a search field in front of it, an
 * editable combobox whose list is always open (ARIA Authoring Practices).
 */

import type { Bank } from './bank.js';
import { make } from './dom.js';
import { filled } from './languages.js';
import css from './picker.css';
import { type Entry, entries, MANY, matching } from './picker-entry.js';
import { startingWith } from './picker-keys.js';
import { adopt } from './style.js';
import type { PickerWords, Texts } from './texts.js';

/** The words of this part. */
export const words: PickerWords = {
  en: {
    choose: 'Choose your bank',
    chooseToken: 'Choose a prepared access',
    search: 'Name of your bank',
    found: 'Banks found: {0}',
    nothing: 'No bank with this name is offered here.',
    sandbox: 'test',
  },
  cs: {
    choose: 'Vyberte svou banku',
    chooseToken: 'Vyberte připravený přístup',
    search: 'Název vaší banky',
    found: 'Nalezeno bank: {0}',
    nothing: 'Banka s tímto názvem tu v nabídce není.',
    sandbox: 'zkušební',
  },
};

/** A choice for the person: a bank, or a prepared token of a sandbox. */
export interface Choice {
  readonly provider: Bank;
  readonly token?: string;
}

/** What to show. */
export interface Picking<T extends Choice> {
  readonly texts: Texts;
  readonly language: string;
  readonly choices: readonly T[];
  /** What will be shared. */
  readonly about: string;
  /** Called within the click or key press, so that a popup may open. */
  chosen(choice: T): void;
}

/** Opens the dialog; the answer closes it. */
export function pick<T extends Choice>(root: ShadowRoot, picking: Picking<T>): () => void {
  adopt(root, css);
  const { texts, choices } = picking;
  const all = entries(root, picking);
  const tree = nodes(picking);
  const { dialog, list, search, count, none } = tree;
  const owner: HTMLElement = all.length < MANY ? list : search;
  let shown = all;
  let active: Entry<T> | undefined;

  const activate = (entry: Entry<T> | undefined) => {
    active?.node.setAttribute('aria-selected', 'false');
    active = entry;
    owner.setAttribute('aria-activedescendant', entry?.node.id ?? '');
    entry?.node.setAttribute('aria-selected', 'true');
    entry?.node.scrollIntoView({ block: 'nearest' });
  };
  const choose = (entry: Entry<T> | undefined) => {
    if (!entry) return;
    dialog.close();
    picking.chosen(entry.choice);
  };
  const filter = () => {
    shown = matching(all, search.value);
    list.replaceChildren(...shown.map(({ node }) => node));
    none.hidden = shown.length > 0;
    count.textContent = filled(texts.found, shown.length);
    activate(shown[0]);
  };
  const byName = startingWith(() => shown);
  owner.addEventListener('keydown', (event) => {
    const at = active ? shown.indexOf(active) : -1;
    const to = target(event, at, shown.length, owner === search);
    if (event.key === 'Enter' || (event.key === ' ' && owner === list)) choose(active);
    else if (event.key === 'Escape' && search.value) {
      search.value = ''; // the first Escape empties the field, the next one closes the dialog
      filter();
    } else if (to !== undefined) activate(shown[to]);
    else {
      if (owner === list) activate(byName(event, at) ?? active);
      return;
    }
    event.preventDefault();
  });
  search.addEventListener('input', filter);
  for (const entry of all) entry.node.addEventListener('click', () => choose(entry));

  if (owner === list) for (const extra of [tree.field, count]) extra.remove();
  else list.removeAttribute('tabindex');
  root.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  filter();
  if (choices.length < MANY) count.textContent = '';
  dialog.showModal();
  owner.focus();
  activate(shown[0]);
  return () => dialog.close();
}

/** Where an arrow key leads. Home and End belong to the text where there is a field. */
function target(
  { key, altKey, ctrlKey, metaKey }: KeyboardEvent,
  at: number,
  length: number,
  typing: boolean,
): number | undefined {
  if (altKey || ctrlKey || metaKey || length === 0) return undefined;
  const last = length - 1;
  const places: Record<string, number> = {
    ArrowDown: Math.min(at + 1, last),
    ArrowUp: Math.max(at - 1, 0),
    PageDown: Math.min(at + 8, last),
    PageUp: Math.max(at - 8, 0),
    ...(typing ? {} : { Home: 0, End: last }),
  };
  return places[key];
}

function nodes({ texts, choices, about }: Picking<Choice>) {
  const title = choices[0]?.token ? texts.chooseToken : texts.choose;
  const heading = make('h2', { id: 'picker-title', part: 'picker-title' }, title);
  const list = make('ul', {
    id: 'banks',
    part: 'providers',
    role: 'listbox',
    tabindex: '0',
    'aria-labelledby': 'picker-title',
  });
  const search = make('input', {
    id: 'search',
    part: 'search',
    type: 'text',
    role: 'combobox',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    enterkeyhint: 'go',
    'aria-expanded': 'true',
    'aria-autocomplete': 'list',
    'aria-controls': 'banks',
  });
  const field = make('div', { class: 'field' });
  field.append(make('label', { for: 'search' }, texts.search), search);
  const none = make('p', { class: 'none', hidden: '' }, texts.nothing);
  const count = make('p', { part: 'count', role: 'status' });
  const close = make('button', { part: 'close', type: 'button' }, texts.cancel);
  const described = make('p', { id: 'picker-about', part: 'picker-about' }, about);
  const room = make('div', { class: 'room' }, list, none);
  const foot = make('div', { class: 'foot' }, count, close);
  const sheet = make('div', { class: 'sheet' }, heading, described, field, room, foot);
  const labelled = { 'aria-labelledby': 'picker-title', 'aria-describedby': 'picker-about' };
  const dialog = make('dialog', { part: 'picker', ...labelled }, sheet);
  if (choices.length >= MANY) sheet.classList.add('many');
  close.addEventListener('click', () => dialog.close());
  // the sheet fills the dialog, so only a click beside both meets the dialog itself
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
  return { dialog, list, search, field, none, count };
}
