// A button that acts once: while it works it cannot be pressed again, and what fails is told beside it.

import { asFailure } from '../bank.ts';
import { h, put } from '../dom.ts';
import { failurePanel } from './failure.ts';

export interface Act {
  /** For tests and styles. */
  readonly name: string;
  readonly text: string;
  /** For screen readers, where the text alone does not say which of many. */
  readonly label?: string;
  readonly busy: string;
  /** More names for the button's class. */
  readonly look?: string;
  readonly work: () => Promise<void>;
}

/** The button, with a place for what went wrong. */
export function actButton({ name, text, label, busy, look = '', work }: Act): HTMLElement {
  const problem = h('div', { class: 'problem' });
  const button = h(
    'button',
    { type: 'button', class: `button ${look}`.trim(), 'data-act': name, 'aria-label': label },
    text,
  );
  button.addEventListener('click', () => void once(button, { text, busy, problem, work }));
  return h('div', { class: 'act' }, button, problem);
}

interface Once {
  readonly text: string;
  readonly busy: string;
  readonly problem: HTMLElement;
  readonly work: () => Promise<void>;
}

/** Does the work unless it is being done. True: it went well. */
export async function once(
  button: HTMLElement,
  { text, busy, problem, work }: Once,
): Promise<boolean> {
  if (button.getAttribute('aria-disabled') === 'true') return false;
  button.setAttribute('aria-disabled', 'true');
  button.textContent = busy;
  put(problem);
  try {
    await work();
    return true;
  } catch (thrown) {
    put(problem, failurePanel(asFailure(thrown)));
    if (!asFailure(thrown)) console.error(thrown);
    return false;
  } finally {
    button.textContent = text;
    button.setAttribute('aria-disabled', 'false');
  }
}
