/** Typeahead in a list without a search field: letters lead to the entry that begins with them. */

import type { Choice } from './picker.js';
import { type Entry, plain } from './picker-entry.js';

/** Milliseconds after which a letter begins a new word. */
const PAUSE = 700;

/** Takes key presses; answers the entry they lead to, if any, looking on from the entry at `at`. */
export function startingWith<T extends Choice>(
  shown: () => readonly Entry<T>[],
): (event: KeyboardEvent, at: number) => Entry<T> | undefined {
  let word = '';
  let last = 0;
  return ({ key, timeStamp, altKey, ctrlKey, metaKey }, at) => {
    if ([...key].length !== 1 || altKey || ctrlKey || metaKey) return undefined;
    const going = timeStamp - last < PAUSE;
    last = timeStamp;
    word = going ? word + plain(key) : plain(key);
    const entries = shown();
    // a new word looks behind the present entry, a growing one at it too
    const from = at + (word.length > 1 ? 0 : 1);
    const order = [...entries.slice(from), ...entries.slice(0, from)];
    return order.find((entry) => entry.plain.startsWith(word));
  };
}
