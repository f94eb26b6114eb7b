/** The element's shadow tree, built with `createElement` only: clean under Trusted Types. */

import type { Provider } from './generated/protocol.js';
import { style } from './style.js';
import type { Texts } from './texts.js';

/** A choice for the person: a bank, or a prepared token of a sandbox. */
export interface Choice {
  readonly provider: Provider;
  readonly token?: string;
}

/** What the tree can show. */
export interface Parts {
  /** `bank` stands in the room kept for the status, so its arrival moves nothing. */
  label(connect: string, description: string, bank: string): void;
  /** `cancel` is the label of the cancel control; empty: there is none. */
  busy(busy: boolean, cancel: string): void;
  say(status: string, error: string): void;
  /** Leaves only a last word: this window has done its work. */
  end(word: string): void;
  /** True while there is a list to choose from. */
  choosing(): boolean;
  choose<T extends Choice>(texts: Texts, choices: readonly T[], chosen: (choice: T) => void): void;
}

/** Builds the tree into a shadow root. */
export function build(root: ShadowRoot, on: { press(): void; cancel(): void }): Parts {
  const tree = nodes();
  const { description, describing, choices, label, spinner, button } = tree;
  const { bank, status, error, cancel } = tree;
  const [own, describes] = [make('slot', {}), make('slot', { name: 'description' })];
  describes.append(description);
  describing.append(describes);
  const [line, said] = [make('div', { class: 'line' }), make('div', {})];
  said.append(bank, status, error);
  line.append(said, cancel);
  button.append(spinner, own, label);
  root.adoptedStyleSheets = [style()];
  root.append(describing, choices, button, line);
  // not the slot's fallback: the white space around a slotted description would replace it
  own.addEventListener('slotchange', () => {
    label.hidden = own.assignedNodes().some(({ textContent }) => textContent?.trim());
  });
  button.addEventListener('click', on.press);
  cancel.addEventListener('click', () => {
    button.focus(); // the cancel control goes away; keep the person where they were
    on.cancel();
  });

  return {
    label(connect, text, name) {
      label.textContent = connect;
      description.textContent = text;
      bank.textContent = name;
    },
    busy(busy, cancelling) {
      button.setAttribute('aria-disabled', String(busy));
      cancel.hidden = !busy || cancelling === '';
      if (cancelling) cancel.textContent = cancelling;
    },
    say(now, wrong) {
      status.textContent = now;
      error.textContent = wrong;
      bank.hidden = (now || wrong) !== '';
    },
    end(word) {
      describing.hidden = button.hidden = bank.hidden = true;
      status.textContent = word;
    },
    choosing: () => choices.childElementCount > 0,
    choose: (texts, offered, chosen) => list(tree, texts, offered, chosen),
  };
}

type Nodes = ReturnType<typeof nodes>;

function nodes() {
  const labelled = { 'aria-describedby': 'description bank' };
  return {
    // around the slot, so that the page's own words describe the button just as well
    describing: make('div', { id: 'description' }),
    description: make('p', { part: 'description' }),
    choices: make('div', { class: 'choices', role: 'group' }),
    label: make('span', { part: 'label' }),
    spinner: make('span', { part: 'spinner', 'aria-hidden': 'true' }),
    button: make('button', { part: 'button', type: 'button', ...labelled }),
    bank: make('p', { part: 'bank', id: 'bank' }),
    status: make('p', { part: 'status', role: 'status' }),
    error: make('p', { part: 'error', role: 'alert' }),
    cancel: make('button', { part: 'cancel', type: 'button', hidden: '' }),
  };
}

/** Shows what there is to choose from; nothing: closes the list. */
function list<T extends Choice>(
  { choices, button }: Nodes,
  texts: Texts,
  offered: readonly T[],
  chosen: (choice: T) => void,
): void {
  choices.setAttribute('aria-label', texts.choose);
  if (offered.length > 0) button.setAttribute('aria-expanded', 'true');
  else button.removeAttribute('aria-expanded');
  const entries = offered.map((choice) => {
    const entry = make('button', { part: 'provider', type: 'button' });
    entry.append(choice.token ?? choice.provider.name);
    if (choice.provider.environment === 'sandbox') {
      const mark = make('small', {});
      mark.textContent = texts.sandbox;
      entry.append(mark);
    }
    entry.addEventListener('click', () => {
      button.focus();
      chosen(choice);
    });
    return entry;
  });
  choices.replaceChildren(...entries);
  entries[0]?.focus();
}

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
