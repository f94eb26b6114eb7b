/** The shadow tree of `<bank-connections>`, how its cards stand, and how much room they had when last seen. */

import css from './connections-element.css';
import { make } from './dom.js';
import type { Connection } from './generated/protocol.js';
import { adopt } from './style.js';
import { known } from './when.js';

/** How many there were, so that their room is kept while they load. A number, nothing else. */
const COUNT = 'bankconnect.connections';

/** The tree. */
export type Parts = ReturnType<typeof build>;

/** Builds the tree into a shadow root. */
export function build(root: ShadowRoot, again: () => void) {
  adopt(root, css);
  const list = make('ul', { part: 'connections' });
  const emptyText = make('p', { part: 'empty' });
  const empty = make(
    'div',
    { class: 'bare', hidden: '', tabindex: '-1' },
    make('slot', { name: 'empty' }, emptyText),
  );
  const status = make('p', { part: 'status', class: 'quiet', role: 'status' });
  const error = make('p', { part: 'error', role: 'alert' });
  const retry = make('button', { part: 'retry', type: 'button', hidden: '' });
  const failed = make('div', { class: 'bare', hidden: '' }, error, retry);
  retry.addEventListener('click', again);
  const stage = make('div', { class: 'stage' }, list, empty, failed);
  root.append(status, stage);
  return { root, stage, list, empty, emptyText, status, failed, error, retry };
}

/** By the name of the bank, so that what is connected of one stands together; accounts come first. */
export function byBank<T extends Connection>(held: readonly T[], language: string): T[] {
  const { compare } = new Intl.Collator(known(language));
  return held.toSorted(
    (one, other) =>
      compare(one.provider_name, other.provider_name) ||
      compare(one.provider, other.provider) ||
      compare(one.scopes.join(), other.scopes.join()),
  );
}

/** Keeps the number for the next time. */
export function remember(count: number): void {
  try {
    sessionStorage.setItem(COUNT, String(count));
  } catch {
    // without storage the page moves a little while it loads
  }
}

/** How many there were; one, where nobody knows. */
export function remembered(): number {
  try {
    return Math.max(1, Number(sessionStorage.getItem(COUNT)));
  } catch {
    return 1;
  }
}
