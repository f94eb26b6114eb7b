// Cancelling a standing order: a button, a question, and the way to the bank where it has to be signed.

import { cobs } from 'bankconnect/cobs';
import { leaveToSign } from '../data/signing.ts';
import type { Order } from '../data/standing.ts';
import { h, put } from '../dom.ts';
import { standingTexts } from '../text/standing.ts';
import { once } from './act.ts';

/** The button and its question. `ended` runs when the bank has ended it without a signature. */
export function endButton(order: Order, name: string, ended: () => void): HTMLElement {
  const words = standingTexts();
  const unsigned = order.standing === 'unsigned';
  const ids = { title: `end-${order.id}`, text: `end-text-${order.id}` };
  const problem = h('div', { class: 'problem' });
  const yesText = unsigned ? words.endYesUnsigned : words.endYes;
  const yes = h('button', { type: 'button', class: 'button danger', 'data-act': 'yes' }, yesText);
  const no = h('button', { type: 'button', class: 'button quiet', 'data-act': 'no' }, words.endNo);
  const dialog = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': ids.title, 'aria-describedby': ids.text },
    h('h2', { id: ids.title }, words.endAsk(name)),
    h('p', { id: ids.text }, unsigned ? words.endTextUnsigned : words.endText),
    problem,
    h('div', { class: 'actions' }, yes, no),
  );
  const work = async (): Promise<void> => {
    if (await end(order)) return;
    dialog.close();
    ended();
  };
  yes.addEventListener('click', () => {
    void once(yes, { text: yesText, busy: words.toBank, problem, work });
  });
  no.addEventListener('click', () => dialog.close());
  const open = h(
    'button',
    {
      type: 'button',
      class: 'button danger-quiet',
      'data-act': 'end',
      'aria-label': words.endOf(name),
      onclick: () => {
        put(problem);
        dialog.showModal();
      },
    },
    words.end,
  );
  return h('div', { class: 'standing-end' }, open, dialog);
}

/** Asks the bank to end it, and leaves for the signature where it wants one; false: it needs none. */
async function end({ id, payer }: Order): Promise<boolean> {
  if (!payer) return false;
  const answer = await cobs(payer).standingOrders.delete(id);
  const { state, signId } = answer?.signInfo ?? {};
  if (state !== 'OPEN' || !signId) return false;
  await leaveToSign(payer, { connection: payer.id, order: id, sign: signId, act: 'end' });
  return true;
}
