/** The element's shadow tree. */

import { make } from './dom.js';
import css from './element.css';
import { adopt } from './style.js';

/** What the tree can show. */
export interface Parts {
  readonly root: ShadowRoot;
  /**
   * `bank` stands in the room kept for the status, so its arrival moves nothing. `quiet`: a press is not
   * what the page is about.
   */
  label(connect: string, description: string, bank: string, quiet: boolean): void;
  /** `cancel` is the label of the cancel control; empty: there is none. */
  busy(busy: boolean, cancel: string): void;
  /** `retry` is the label of a control that tries again; empty: there is none. */
  say(status: string, error?: string, retry?: string): void;
  /** Leaves only what was said last: this window has done its work. */
  end(): void;
}

/** Builds the tree into a shadow root. */
export function build(root: ShadowRoot, on: { press(): void; cancel(): void }): Parts {
  const labelled = { 'aria-describedby': 'description bank' };
  const button = make('button', { part: 'button', type: 'button', ...labelled });
  const description = make('p', { part: 'description' });
  const label = make('span', { part: 'label' });
  const own = make('slot', {});
  const bank = make('p', { part: 'bank', id: 'bank' });
  const status = make('p', { part: 'status', role: 'status' });
  const error = make('p', { part: 'error', role: 'alert' });
  const cancel = make('button', { part: 'cancel', type: 'button', hidden: '' });
  const retry = make('button', { part: 'retry', type: 'button', hidden: '' });
  // around the slot, so that the page's own words describe the button just as well
  const describes = make('slot', { name: 'description' }, description);
  const describing = make('div', { id: 'description' }, describes);
  const said = make('div', {}, bank, status, error);
  button.append(make('span', { part: 'spinner', 'aria-hidden': 'true' }), own, label);
  adopt(root, css);
  root.append(describing, button, make('div', { class: 'line' }, said, cancel, retry));
  // not the slot's fallback: the white space around a slotted description would replace it
  own.addEventListener('slotchange', () => {
    label.hidden = own.assignedNodes().some(({ textContent }) => textContent?.trim());
  });
  const acts = (control: HTMLElement, act: () => void) =>
    control.addEventListener('click', () => {
      button.focus(); // the other controls go away; keep the person where they were
      act();
    });
  acts(button, on.press);
  acts(retry, on.press);
  acts(cancel, on.cancel);

  const offer = (control: HTMLElement, text: string) => {
    control.hidden = !text;
    if (text) control.textContent = text;
  };
  return {
    root,
    label(connect, text, name, quiet) {
      button.classList.toggle('quiet', quiet);
      label.textContent = connect;
      description.textContent = text;
      bank.textContent = name;
    },
    busy(busy, cancelling) {
      button.setAttribute('aria-disabled', String(busy));
      offer(cancel, busy ? cancelling : '');
    },
    say(now, wrong = '', again = '') {
      status.textContent = now;
      error.textContent = wrong;
      bank.hidden = (now || wrong) !== '';
      offer(retry, again);
    },
    end() {
      describing.hidden = button.hidden = bank.hidden = true;
    },
  };
}

/** Shows the state to the page's styles. */
export function mark(internals: ElementInternals, state: string): void {
  for (const name of ['busy', 'connected', 'error'] as const) {
    try {
      internals.states[name === state ? 'add' : 'delete'](name);
    } catch {
      // before Chromium 125 a state must be called `--busy`; nothing here needs it
    }
  }
}
