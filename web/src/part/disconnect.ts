// Ending a connection: a button, a question, and the receipt handed on.

import type { BankConnection, Receipt } from 'bankconnect';
import { asFailure, client } from '../bank.ts';
import { rememberEnded } from '../data/ended.ts';
import { h, put } from '../dom.ts';
import { t } from '../i18n.ts';
import { failurePanel } from './failure.ts';

/** The button and its question. `ended` runs with the receipt. */
export function disconnectButton(
  connection: BankConnection,
  ended: (receipt: Receipt) => void,
): HTMLElement {
  const problem = h('div', { class: 'problem' });
  const yes = h(
    'button',
    { type: 'button', class: 'button danger', 'data-act': 'yes' },
    t().disconnectYes,
  );
  const no = h(
    'button',
    { type: 'button', class: 'button quiet', 'data-act': 'no' },
    t().disconnectNo,
  );
  const dialog = h(
    'dialog',
    {
      class: 'dialog',
      'aria-labelledby': `ask-${connection.id}`,
      'aria-describedby': `text-${connection.id}`,
    },
    h('h2', { id: `ask-${connection.id}` }, t().disconnectAsk(connection.provider_name)),
    h('p', { id: `text-${connection.id}` }, t().disconnectText),
    problem,
    h('div', { class: 'actions' }, yes, no),
  );
  no.addEventListener('click', () => dialog.close());
  yes.addEventListener('click', () => void end(connection, { yes, problem, dialog }, ended));
  const open = h(
    'button',
    {
      type: 'button',
      class: 'button danger-quiet',
      'data-act': 'disconnect',
      onclick: () => ask(dialog, problem),
    },
    t().disconnect,
  );
  open.setAttribute('aria-label', t().disconnectOf(connection.provider_name));
  return h('div', { class: 'disconnect' }, open, dialog);
}

interface Parts {
  readonly yes: HTMLButtonElement;
  readonly problem: HTMLElement;
  readonly dialog: HTMLDialogElement;
}

function ask(dialog: HTMLDialogElement, problem: HTMLElement): void {
  put(problem);
  dialog.showModal();
}

async function end(
  connection: BankConnection,
  parts: Parts,
  ended: (receipt: Receipt) => void,
): Promise<void> {
  if (parts.yes.getAttribute('aria-disabled') === 'true') return;
  parts.yes.setAttribute('aria-disabled', 'true');
  parts.yes.textContent = t().disconnecting;
  put(parts.problem);
  try {
    const receipt = await client().disconnect(connection.id);
    rememberEnded(connection, receipt);
    parts.dialog.close();
    ended(receipt);
  } catch (thrown) {
    put(parts.problem, failurePanel(asFailure(thrown)));
    parts.yes.textContent = t().disconnectYes;
    parts.yes.setAttribute('aria-disabled', 'false');
  }
}
