/** The shadow tree of `<bank-pay>`, its room, and where the focus goes from step to step. */

import { make } from '../dom.js';
import css from '../pay-element.css';
import { adopt } from '../style.js';
import type { Step } from './stage.js';

/** The tree. */
export type Parts = ReturnType<typeof build>;

/** Builds the tree into a shadow root. */
export function build(root: ShadowRoot) {
  adopt(root, css);
  const emptyText = make('p', { part: 'empty' });
  const empty = make(
    'div',
    { class: 'bare', tabindex: '-1' },
    make('slot', { name: 'empty' }, emptyText),
  );
  const status = make('p', { class: 'quiet', role: 'status' });
  const stage = make('div', { class: 'stage', tabindex: '-1' });
  root.append(status, stage);
  const say = (words: string) => {
    status.textContent = words;
  };

  /** From one step to the next: the room stays, and so does the place of who is here. */
  const move = (was: Step['name'], now: Step['name'], draw: () => void) => {
    const isHere = root.activeElement !== null;
    say(''); // what was said of the step before
    const isChosen = was !== 'loading' && (now === 'form' || now === 'review');
    stage.style.minBlockSize = isChosen ? '' : `${stage.offsetHeight}px`;
    draw();
    const title = now === 'none' ? null : root.getElementById('title');
    const first = now === 'code' ? root.getElementById('code') : (title ?? empty);
    // what is to come cannot be focused, so its room keeps the place
    if (isHere || now === 'code') (now === 'loading' ? stage : first)?.focus();
    else if (now !== 'loading') say(title?.textContent ?? emptyText.textContent ?? '');
  };
  return { root, stage, empty, emptyText, say, move };
}
