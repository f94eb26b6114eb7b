/** The entries of the choice: how one looks, and which are found by what was typed. */

import { logo } from './bank-logo.js';
import { make } from './dom.js';
import { filled } from './languages.js';
import type { Choice, Picking } from './picker.js';
import type { Texts } from './texts.js';
import { dayIn, known } from './when.js';

/** From so many entries on a list can be searched. */
export const MANY = 6;

/** A choice and its node in the list. */
export interface Entry<T extends Choice> {
  readonly choice: T;
  readonly node: HTMLLIElement;
  /** What it is searched by. */
  readonly plain: string;
}

/** An option for each choice. */
export function entries<T extends Choice>(
  root: ShadowRoot,
  { choices, texts, language }: Picking<T>,
): Entry<T>[] {
  const { compare } = new Intl.Collator(known(language));
  // a long list is looked through by name; a short one stands as the operator wrote it
  const order = (a: T, b: T) => compare(a.provider.name, b.provider.name);
  const ordered = choices.length < MANY ? choices : [...choices].sort(order);
  return ordered.map((choice, at) => {
    const { provider, token } = choice;
    const node = make('li', { part: 'provider', role: 'option', id: `bank-${at}` });
    const words = make('span', { class: 'words' }, make('bdi', {}, token ?? provider.name));
    if (provider.environment === 'sandbox') {
      words.append(' ', make('small', { part: 'sandbox' }, texts.sandbox)); // a space goes where the line ends
    }
    const until = token ? '' : lasting(texts, language, provider.consent_days);
    if (until) words.append(make('span', { part: 'until' }, until));
    if (!token) node.append(logo(root, provider.name, provider.logo));
    node.append(words);
    return { choice, node, plain: plain(token ?? provider.name) };
  });
}

/** Until when the access would last, in words; empty where nothing ends it. */
function lasting(texts: Texts, language: string, days: number | null | undefined): string {
  return days ? filled(texts.until, dayIn(language, days, 'medium')) : '';
}

/** What holds every word that was typed; accents and case do not count. */
export function matching<T extends Choice>(all: readonly Entry<T>[], typed: string): Entry<T>[] {
  const words = plain(typed).split(/\s+/);
  return all.filter(({ plain }) => words.every((word) => plain.includes(word)));
}

/** Without accents, in small letters. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
