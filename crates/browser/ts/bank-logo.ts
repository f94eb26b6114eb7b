/** The mark of a bank in lists: its logo, or its initials. */

import css from './bank-logo.css';
import { make } from './dom.js';
import { adopt } from './style.js';

/**
 * Both stand in a box of fixed size, so nothing moves; neither is read out, since the name stands
 * beside it. The logo comes from the broker, never from the bank or anyone else.
 */
export function logo(root: ShadowRoot, name: string, source: string | null | undefined) {
  adopt(root, css);
  const attributes = { part: 'logo', 'data-initials': initials(name), 'aria-hidden': 'true' };
  const box = make('span', attributes);
  if (!source) return box;
  const image = make('img', { width: '40', height: '40', alt: '', src: source });
  box.classList.add('drawn');
  image.addEventListener('error', () => {
    box.classList.remove('drawn');
    image.remove();
  });
  box.append(image);
  return box;
}

function initials(name: string): string {
  const words = name.normalize('NFC').match(/\p{L}[\p{L}\p{M}]*/gu) ?? [];
  const letters = words.slice(0, 2).map(([letter]) => letter);
  return letters.join('').toLocaleUpperCase();
}
