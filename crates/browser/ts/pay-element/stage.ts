/** Which step is shown, drawn from what the element knows. */

import { make } from '../dom.js';
import type { BankConnection } from '../index.js';
import type { CodeAsk, PaymentPhase, PaymentResult, UnfinishedPayment } from '../pay/types.js';
import { field } from './controls.js';
import type { Scene } from './facts.js';
import type { OrderForm } from './form.js';
import {
  actions,
  askCode,
  cancelClass,
  ended,
  panel,
  phaseWords,
  progress,
  review,
  unfinished,
} from './steps.js';
import type { Parts } from './view.js';

/** What is shown. `none`: nothing can pay; `over`: another window goes on. */
export type Step =
  | { readonly name: 'loading' | 'none' | 'unfinished' | 'form' | 'review' | 'over' }
  | { readonly name: 'progress'; readonly phase: PaymentPhase | undefined }
  | ({ readonly name: 'code'; answer(code: string | null): void } & Omit<CodeAsk, 'attempt'>)
  | { readonly name: 'result'; readonly result: PaymentResult }
  | ({ readonly name: 'failed' } & Failure);

/** What went wrong, and what the control is called that goes on. */
export interface Failure {
  readonly title: string;
  readonly words: string;
  readonly retry: string;
}

/** What the element knows, and what a person can do. */
export interface Known {
  readonly form: OrderForm;
  readonly payers: readonly BankConnection[];
  readonly payer: BankConnection | undefined;
  readonly unfinished: readonly UnfinishedPayment[];
  /** A connection could pay, but has ended. */
  readonly hasEnded: boolean;
  use(id: string): void;
  check(): void;
  change(): void;
  pay(): void;
  cancel(): void;
  sign(one: Pick<UnfinishedPayment, 'resume'>): void;
  forget(one: UnfinishedPayment): void;
  again(): void;
  retry(): void;
}

/** Draws a step; the focus stays where it was, if that is still there. */
export function draw(parts: Parts, scene: Scene, step: Step, known: Known): void {
  const { root, stage, empty } = parts;
  const was = root.activeElement as HTMLInputElement | null;
  const [typed, at] = [was?.value, was?.selectionStart];
  parts.emptyText.textContent = known.hasEnded ? scene.text.over : scene.text.empty;
  empty.hidden = step.name !== 'none';
  stage.setAttribute('aria-busy', String(step.name === 'loading'));
  const node = drawn(scene, step, known);
  // what nothing can be paid with yet is seen behind, so that nothing moves
  if (empty.hidden) stage.replaceChildren(node);
  else if (empty.parentNode === stage) empty.previousElementSibling?.replaceWith(node);
  else stage.replaceChildren(node, empty);
  const now = was && (root.getElementById(was.id) as HTMLInputElement | null);
  if (!now || now === was) return;
  now.focus();
  if (at === null || at === undefined) return;
  now.value ||= typed ?? '';
  now.setSelectionRange(at, at);
}

function drawn(scene: Scene, step: Step, known: Known): HTMLElement {
  const { form } = known;
  switch (step.name) {
    case 'form':
      return entry(scene, known);
    case 'review':
      return review(scene, form.order, {
        pay: known.pay,
        change: form.isComplete ? undefined : known.change,
      });
    case 'progress':
      return progress(scene, step.phase, known.cancel);
    case 'code':
      return askCode(scene, step, step.answer);
    case 'result': {
      const stands = ['settled', 'accepted', 'unsigned'].includes(step.result.status);
      return ended(scene, step.result, {
        sign: () => known.sign(step.result),
        again: stands && form.isComplete ? undefined : known.again,
      });
    }
    case 'failed':
      return failed(step, known.retry);
    case 'unfinished':
      return unfinished(scene, known.unfinished, known);
    case 'over':
      return panel(scene.text.handedOver);
    default:
      return room(scene, known);
  }
}

function entry(scene: Scene, known: Known): HTMLElement {
  const { text } = scene;
  const form = known.form.draw(scene, known.check);
  if (known.payers.length > 1) {
    const choices = known.payers.map(({ id, provider_name: name }) =>
      make('option', { value: id }, name),
    );
    const select = make('select', {}, ...choices);
    select.value = known.payer?.id ?? '';
    select.addEventListener('change', () => known.use(select.value));
    form.prepend(field(text, 'bank', select));
  }
  return panel(text.title, form);
}

function failed({ title, words, retry }: Failure, press: () => void): HTMLElement {
  const button = make('button', { part: 'retry', type: 'button' }, retry);
  const error = make('p', { part: 'error' }, words);
  return panel(title, error, actions([button, press]));
}

/** The room of what is to come. */
function room(scene: Scene, known: Known): HTMLElement {
  const { form } = known;
  const node = form.isComplete
    ? review(scene, form.order, { pay() {}, change: undefined })
    : entry(scene, known);
  node.classList.add('room');
  node.inert = true;
  return node;
}

/** Says how far it is, without drawing anew. */
export function tellPhase(parts: Parts, { text }: Scene, phase: PaymentPhase | undefined): void {
  const words = phaseWords(text, phase);
  parts.say(words);
  const shown = parts.stage.querySelector('[part=status]');
  if (shown) shown.textContent = words;
  const row = parts.stage.querySelector('.actions');
  if (row) row.className = cancelClass(phase);
}
