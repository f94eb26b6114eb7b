/** The steps of a payment as a person sees them, each a panel with a title. */

import { make } from '../dom.js';
import type { Payment } from '../generated/cobs.js';
import { filled } from '../languages.js';
import { checkOrder } from '../order.js';
import type {
  CodeAsk,
  PaymentOrder,
  PaymentPhase,
  PaymentResult,
  PaymentStatus,
  UnfinishedPayment,
} from '../pay/types.js';
import { ago } from '../when.js';
import { entered, facts, marksOf, payee, type Scene } from './facts.js';
import { money } from './money.js';
import type { PayTexts } from './texts.js';
import { reasonOf } from './words.js';

/** A step; its title is where the focus goes when it comes. */
export function panel(title: string, ...children: (Node | string)[]): HTMLElement {
  const heading = make('h2', { part: 'title', id: 'title', tabindex: '-1' }, title);
  return make('section', { part: 'step', 'aria-labelledby': 'title' }, heading, ...children);
}

/** Buttons side by side, each with what it does. */
export function actions(...all: readonly (readonly [HTMLButtonElement, () => void])[]) {
  for (const [button, press] of all) button.addEventListener('click', press);
  return make('div', { class: 'actions' }, ...all.map(([button]) => button));
}

/** An order before it is sent; without `change` where nothing of it was typed. */
export function review(
  scene: Scene,
  order: PaymentOrder,
  { pay, change }: { pay(): void; change: (() => void) | undefined },
): HTMLElement {
  const { text } = scene;
  const { changes } = checkOrder(order);
  const sent = new Map(changes.map(({ field, sent }) => [field, sent]));
  const go = make('button', { part: 'pay', type: 'button' }, text.pay);
  const back = make('button', { part: 'change', type: 'button' }, text.change);
  return panel(
    text.review,
    ...facts(scene, order, sent, text.soon),
    ...(changes.length > 0 ? [make('p', { part: 'altered' }, text.altered)] : []),
    make('p', { part: 'about' }, text.login),
    actions([go, pay], ...(change ? [[back, change] as const] : [])),
  );
}

/** What is being done. */
export function progress(
  { text }: Scene,
  phase: PaymentPhase | undefined,
  cancel: () => void,
): HTMLElement {
  const stop = make('button', { part: 'cancel', type: 'button' }, text.cancel);
  const row = actions([stop, cancel]);
  row.className = cancelClass(phase);
  return panel(
    text.progress,
    make(
      'div',
      { class: 'doing' },
      make('span', { part: 'spinner', 'aria-hidden': 'true' }),
      make('p', { part: 'status' }, phaseWords(text, phase)),
    ),
    row,
  );
}

/** Where it can be cancelled: at once while it is waited for, else when it takes long. */
export function cancelClass(phase: PaymentPhase | undefined): string {
  if (!phase || phase === 'redirecting') return 'actions gone';
  return phase === 'waiting' ? 'actions' : 'actions late';
}

/** A phase in words. */
export function phaseWords(text: PayTexts, phase: PaymentPhase | undefined): string {
  return phase && phase !== 'code' ? text[phase] : text.loading;
}

/** Asks for the code on the person's phone. */
export function askCode(
  scene: Scene,
  { wrong, payment }: Pick<CodeAsk, 'wrong' | 'payment'>,
  answer: (code: string | null) => void,
): HTMLElement {
  const { text } = scene;
  const input = make('input', {
    part: 'input',
    id: 'code',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    'aria-describedby': 'code-error signs code-hint',
    'aria-invalid': String(wrong),
  });
  const error = make('p', { part: 'field-error', id: 'code-error', role: 'alert' });
  error.textContent = wrong ? text.codeWrong : '';
  const later = make('button', { part: 'give-up', type: 'button' }, text.giveUp);
  const row = actions([later, () => answer(null)]);
  row.prepend(make('button', { part: 'confirm' }, text.confirm));
  const hint = make('p', { part: 'hint', id: 'code-hint' }, text.codeHint);
  const label = make('label', { part: 'label', for: 'code' }, text.code);
  const field = make('div', { part: 'field', class: 'field' }, label, input);
  field.append(make('div', { class: 'note' }, error, hint));
  const form = make('form', { part: 'code', novalidate: '' }, field, row);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (input.value.trim()) return answer(input.value);
    error.textContent = text.codeMissing;
    input.ariaInvalid = 'true';
    input.focus();
  });
  const signs = make('p', { part: 'signs', id: 'signs' }, ...brief(scene, text.signs, payment));
  return panel(text.codeTitle, signs, form);
}

const ENDS: Readonly<Record<PaymentStatus, readonly [keyof PayTexts, keyof PayTexts]>> = {
  settled: ['settled', 'settledNext'],
  accepted: ['accepted', 'acceptedNext'],
  rejected: ['rejected', 'rejectedNext'],
  cancelled: ['signedOff', 'signedOffNext'],
  expired: ['expired', 'expiredNext'],
  unsigned: ['unsigned', 'unsignedNext'],
};

/** What became of a payment, why, and what to do next. */
export function ended(
  scene: Scene,
  { status, reason, payment }: PaymentResult,
  { sign, again }: { sign(): void; again: (() => void) | undefined },
): HTMLElement {
  const { text } = scene;
  const [title, next] = ENDS[status];
  const isLost = status === 'rejected';
  const isOver = status === 'cancelled' || status === 'expired'; // that is the reason
  // what the bank changed when it entered the payment is no reason why it has refused it
  const codes = isLost ? [reason] : [reason, payment.statusChangeInfo ?? undefined];
  const why = isOver ? '' : reasonOf(text, codes);
  const now = make('button', { part: 'sign', type: 'button' }, text.sign);
  const anew = make('button', { part: 'again', type: 'button' }, text.again);
  const node = panel(
    text[title],
    make('p', { part: 'next' }, text[next]),
    ...(why ? [make('p', { part: 'reason' }, isLost ? filled(text.reason, why) : why)] : []),
    ...entered(scene, payment),
    actions(
      ...(status === 'unsigned' ? [[now, sign] as const] : []),
      ...(again ? [[anew, again] as const] : []),
    ),
  );
  node.classList.add(status);
  return node;
}

/** Payments that have not ended, and the way past them. */
export function unfinished(
  scene: Scene,
  all: readonly UnfinishedPayment[],
  acts: {
    sign(one: UnfinishedPayment): void;
    forget(one: UnfinishedPayment): void;
    again(): void;
  },
): HTMLElement {
  const { text } = scene;
  const items = all.map((one) => {
    const words = make('p', { id: `about-${one.key}` }, ...told(scene, one));
    const go = make(
      'button',
      { part: 'sign', type: 'button', 'aria-describedby': words.id },
      one.phase === 'unsigned' ? text.sign : text.look,
    );
    const drop = make(
      'button',
      { part: 'forget', type: 'button', 'aria-describedby': words.id },
      text.forget,
    );
    const both = [[drop, () => acts.forget(one)] as const];
    if (one.phase !== 'unknown') both.unshift([go, () => acts.sign(one)] as const);
    return make('li', { part: 'payment' }, words, actions(...both));
  });
  const anew = make('button', { part: 'again', type: 'button' }, text.again);
  return panel(
    text.unfinished,
    make('ul', { part: 'unfinished', role: 'list' }, ...items),
    actions([anew, acts.again]),
  );
}

function told(scene: Scene, one: UnfinishedPayment): (Node | string)[] {
  const { text, language } = scene;
  const { phase, payment, begunAt } = one;
  const since = ago(language, begunAt);
  if (phase === 'unknown') return [filled(text.unknown, since)];
  if (!payment) return [filled(text.sent, since)];
  const marks = [...marksOf(scene, payment), filled(text.begun, since)];
  return [
    ...brief(scene, text.waits, payment),
    make('small', { part: 'marks' }, ...marks.map((mark) => make('bdi', {}, mark))),
  ];
}

/** A sentence about a payment: `{0}` is how much, `{1}` to whom. */
function brief({ language }: Scene, sentence: string, payment: Payment): (Node | string)[] {
  const amount = payment.amount?.instructedAmount;
  const much = amount ? money(language, amount.value, amount.currency) : '';
  const [before = '', between = '', after = ''] = sentence.split(/\{[01]\}/);
  const strong = (words: string) => make('bdi', { class: 'much' }, words);
  return [before, strong(much), between, strong(payee(payment)), after];
}
