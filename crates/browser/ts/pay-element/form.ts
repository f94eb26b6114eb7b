/** The form: what the app has not said is asked for, and what is wrong is said at its field. */

import { make } from '../dom.js';
import { filled } from '../languages.js';
import { checkOrder } from '../order.js';
import { orderText } from '../order-texts.js';
import type { OrderProblem, PaymentKind, PaymentOrder } from '../pay/types.js';
import { control, field, pick } from './controls.js';
import { facts, type Scene } from './facts.js';
import { type FieldName, fieldOf, type Given, isFixed, NAMES, orderOf } from './fields.js';

/** What pays: accounts to choose from; `undefined` while they are on their way. */
export interface Source {
  readonly iban: string;
  readonly label: string;
}

const PAYEE: readonly FieldName[] = ['street', 'postCode', 'town', 'country'];
/** Fields that only some kinds of payment take. */
const ONLY: Partial<Record<FieldName, (kind: PaymentKind) => boolean>> = {
  name: (kind) => kind !== 'domestic',
  bic: (kind) => kind.endsWith('eea'),
  ...Object.fromEntries(PAYEE.map((name) => [name, (kind: PaymentKind) => kind === 'non_eea'])),
};
const ALWAYS_MORE: readonly FieldName[] = ['specificSymbol', 'constantSymbol', 'date', 'priority'];

/** The form's memory, and its tree while it is shown. */
export class OrderForm {
  /** What the app has said. */
  given: Given = {};
  sources: readonly Source[] | undefined;
  #typed: Partial<Record<FieldName, string>> = {};
  #told = new Set<FieldName>();
  /** An account is written that is none of those to choose from. */
  #isOther = false;
  #open = false;
  #node: HTMLFormElement | undefined;
  #scene: Scene | undefined;

  /** Takes what the app says; its developer is told what of it is wrong. */
  give(given: Given): void {
    this.given = given;
    const { problems } = checkOrder({ ...given, from: given.from ?? '' } as PaymentOrder);
    const wrong = problems.filter(({ field, rule }) => rule !== 'required' || field === 'to');
    if (!wrong[0]) return;
    console.error(`<bank-pay> order: ${wrong.map(({ message }) => message).join('; ')}`);
  }

  /** The order as it stands. */
  get order(): PaymentOrder {
    const [first] = this.sources ?? [];
    const from = this.#typed.from ?? (this.#isOther ? '' : first?.iban) ?? '';
    return orderOf({ ...this.#typed, from }, this.given);
  }

  /** Whether nothing has to be asked. */
  get isComplete(): boolean {
    const isSure = isFixed(this.given, 'from') || this.sources?.length === 1;
    return isSure && this.#isGiven && checkOrder(this.order).problems.length === 0;
  }

  /** Whether it is complete as soon as it is known that one account only can pay. */
  get lacksOnlySource(): boolean {
    const { problems } = checkOrder(this.order);
    return this.#isGiven && problems.length > 0 && problems.every(({ field }) => field === 'from');
  }

  /** Whether the app has said what is paid. */
  get #isGiven(): boolean {
    return (['to', 'amount', 'currency'] as const).every((name) => isFixed(this.given, name));
  }

  /** Empties it. */
  clear(): void {
    this.#typed = {};
    this.#told.clear();
    [this.#open, this.#isOther] = [false, false];
  }

  /** Draws it; `next` takes an order that is right. */
  draw(scene: Scene, next: () => void): HTMLFormElement {
    this.#scene = scene;
    const { text } = scene;
    const has = (name: FieldName) => !isFixed(this.given, name);
    const brief = !has('to');
    const isMore = (name: FieldName) =>
      ALWAYS_MORE.includes(name) || (brief && ['variableSymbol', 'message'].includes(name));
    const fields = NAMES.filter(has);
    const grid = (names: readonly FieldName[]) =>
      make('div', { class: 'grid' }, ...names.map((name) => this.#field(name)));
    const form = make(
      'form',
      { part: 'form', novalidate: '' },
      ...facts(scene, this.given),
      grid(fields.filter((name) => !isMore(name))),
      this.#more(grid(fields.filter(isMore))),
      make('p', { part: 'summary', role: 'alert' }),
      make('div', { class: 'actions' }, make('button', { part: 'check' }, text.check)),
    );
    this.#node = form;
    form.addEventListener('input', (event) => this.#typing(event.target));
    form.addEventListener('focusout', (event) => this.#left(event));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#isRight()) next();
    });
    this.#suit();
    this.#tell();
    return form;
  }

  /** What few people need. */
  #more(grid: HTMLElement): HTMLElement {
    const title = make('summary', { part: 'more-title' }, this.#scene?.text.more ?? '');
    const more = make('details', { part: 'more' }, title, grid);
    more.open = this.#open;
    more.hidden = !grid.hasChildNodes();
    more.addEventListener('toggle', () => {
      this.#open = more.open;
    });
    return more;
  }

  /** Takes the accounts when they come; `undefined` where those of another bank are on their way. */
  take(sources: readonly Source[] | undefined): void {
    if (sources && JSON.stringify(sources) === JSON.stringify(this.sources)) return;
    if (!sources) {
      this.#isOther = false;
      delete this.#typed.from;
    }
    this.sources = sources;
    this.#renew();
  }

  #renew(): HTMLElement | undefined {
    const old = this.#node?.querySelector('.from');
    const now = old ? this.#field('from') : undefined;
    if (now) old?.replaceWith(now);
    return now;
  }

  #field(name: FieldName): HTMLElement {
    const { text } = this.#scene as Scene;
    const value = this.#typed[name];
    const { sources } = this;
    if (name === 'from' && !this.#isOther && sources?.length !== 0) {
      const last = { iban: '', label: sources ? text.otherAccount : text.loading };
      const choice = pick([...(sources ?? []), last], value);
      choice.disabled = !sources;
      return field(text, name, choice);
    }
    return field(text, name, control(text, name, value, (this.#scene as Scene).language));
  }

  #typing(target: EventTarget | null): void {
    const { id, value } = target as HTMLInputElement;
    this.#typed[id as FieldName] = value;
    if (target instanceof HTMLSelectElement && id === 'from' && !value) {
      this.#isOther = true;
      this.#renew()?.querySelector('input')?.focus();
    }
    this.#suit();
    this.#tell();
  }

  /** Checks a field that is left, unless it is left for a button, which must not move away. */
  #left({ target, relatedTarget }: FocusEvent): void {
    if (relatedTarget instanceof HTMLButtonElement) return;
    const { id, value } = target as HTMLInputElement;
    if (!value || !NAMES.includes(id as FieldName)) return;
    this.#told.add(id as FieldName);
    this.#tell();
  }

  #isRight(): boolean {
    const { problems } = checkOrder(this.order);
    for (const name of NAMES) this.#told.add(name);
    const shown = this.#tell();
    const summary = this.#node?.querySelector<HTMLElement>('[part=summary]');
    if (!summary || !this.#scene) return false;
    const { text, language } = this.#scene;
    summary.textContent = '';
    if (problems.length === 0) return true;
    const own = problems.find((problem) => !this.#control(fieldOf(problem)));
    const name = own && fieldOf(own);
    summary.textContent =
      own && shown.length === 0
        ? filled(text.unpayable, `${name ? text[name] : own.field}: ${orderText(own, language)}`)
        : filled(text.wrong, shown.length);
    const first = NAMES.find((name) => shown.includes(name));
    const wrong = this.#control(first);
    const more = wrong?.closest('details');
    if (more) more.open = true;
    wrong?.focus();
    return false;
  }

  /** Shows the fields that this kind of payment takes. */
  #suit(): void {
    const { kind } = checkOrder(this.order);
    for (const [name, takes] of Object.entries(ONLY)) {
      const node = this.#control(name as FieldName)?.closest<HTMLElement>('.field');
      if (node) node.hidden = !takes(kind);
    }
  }

  /** Says what is wrong at fields that were left; answers which these are. */
  #tell(): FieldName[] {
    const wrong = new Map<FieldName, OrderProblem>();
    for (const problem of checkOrder(this.order).problems) {
      const name = fieldOf(problem);
      if (name && this.#told.has(name) && !wrong.has(name)) wrong.set(name, problem);
    }
    const shown: FieldName[] = [];
    for (const name of NAMES) {
      const input = this.#control(name);
      const problem = wrong.get(name);
      if (!input || !this.#scene) continue;
      const error = this.#node?.querySelector(`#${name}-error`);
      if (error) error.textContent = problem ? orderText(problem, this.#scene.language) : '';
      input.ariaInvalid = problem ? 'true' : 'false';
      if (problem) shown.push(name);
    }
    const summary = this.#node?.querySelector('[part=summary]');
    if (summary && shown.length === 0) summary.textContent = '';
    return shown;
  }

  #control(name: FieldName | undefined): HTMLInputElement | null | undefined {
    return name && this.#node?.querySelector(`#${name}`);
  }
}
