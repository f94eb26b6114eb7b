/** `<bank-pay>`: a payment from order to signature. Importing this module registers it. */

import { ClientElement, type Live } from './base.js';
import { upgrade } from './dom.js';
import { type BankConnect, BankConnectError, type BankConnection } from './index.js';
import { isAway } from './pay/mark.js';
import type { PaymentOrder, PaymentResult, PayOptions, UnfinishedPayment } from './pay/types.js';
import { OrderForm } from './pay-element/form.js';
import { payersOf, sourcesOf } from './pay-element/payers.js';
import { draw, type Step, tellPhase } from './pay-element/stage.js';
import { languages, type PayTexts } from './pay-element/texts.js';
import { build, type Parts } from './pay-element/view.js';
import { failureWords } from './pay-element/words.js';

export type { BankPayElementEventMap } from './events.js';
export type { PayTexts } from './pay-element/texts.js';

/** Steps that may give way to what the broker tells. */
const IDLE: readonly Step['name'][] = ['loading', 'none', 'unfinished', 'form', 'failed'];

const live: Live = new Set();
/** Results that an element has told of; a page load has one, however often it is asked for. */
const told = new WeakSet<PaymentResult>();

/** The element behind `<bank-pay>`. */
export class BankPayElement extends ClientElement<PayTexts> {
  static readonly observedAttributes = ['locale', 'broker-url', 'wasm-url', 'connection'];

  /** Adds a language to all elements, or changes words of one; what it lacks is said in English. */
  static addLanguage(tag: string, texts: Partial<PayTexts>): void {
    languages.add(tag, texts);
    for (const element of live) element.draw();
  }

  /** @internal */
  readonly live = live;
  /** @internal */
  readonly languages = languages;
  readonly #form = new OrderForm();
  #parts: Parts | undefined;
  #step: Step = { name: 'loading' };
  #all: readonly BankConnection[] = [];
  #payers: readonly BankConnection[] = [];
  #payer: BankConnection | undefined;
  #unfinished: readonly UnfinishedPayment[] = [];
  /** The person has gone past what is unfinished. */
  #passed = false;
  #doing: AbortController | undefined;
  #turn = 0;
  #redirectUrl: string | URL | undefined;

  /** What the app says of the order: it is shown, and the rest is asked for. */
  get order(): Partial<PaymentOrder> {
    return this.#form.given;
  }

  set order(order: Partial<PaymentOrder> | undefined) {
    // frameworks set it at every turn
    if (JSON.stringify(order ?? {}) === JSON.stringify(this.#form.given)) return;
    this.#form.give(order ?? {});
    if (this.#turn) this.reset();
  }

  /** Where the bank sends the person back to. Default: the provider's callback page. */
  get redirectUrl(): string | URL | undefined {
    return this.#redirectUrl;
  }

  set redirectUrl(url: string | URL | undefined) {
    this.#redirectUrl = url;
  }

  override connectedCallback(): void {
    this.#parts ??= build(this.attachShadow({ mode: 'open' }));
    upgrade(this, 'order', 'redirectUrl');
    super.connectedCallback();
  }

  override attributeChangedCallback(name: string): void {
    super.attributeChangedCallback(name);
    if (name === 'connection' && this.#turn) void this.refresh();
  }

  /** Asks the broker again what can pay and what has not ended. */
  async refresh(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const all = await this.client.connections();
      const payers = payersOf(all, this.getAttribute('connection'), this.#payer);
      const lists = await Promise.all(payers.map((one) => one.payments()));
      if (turn !== this.#turn) return;
      [this.#all, this.#payers, this.#unfinished] = [all, payers, lists.flat()];
      await this.#choose(payers.find(({ id }) => id === this.#payer?.id) ?? payers[0]);
      if (turn === this.#turn && this.#isIdle) this.#begin();
    } catch (thrown) {
      if (turn === this.#turn && this.#isIdle) await this.#fail(thrown, this.said.title);
    }
  }

  /** Empties the form, for another payment; one that is under way is left alone. */
  reset(): void {
    this.#form.clear();
    this.#passed = false;
    void this.#anew();
  }

  get #isIdle(): boolean {
    return IDLE.includes(this.#step.name) && !this.#doing;
  }

  /** @internal */
  start(client: BankConnect, signal: AbortSignal): void {
    const soon = () => {
      if (this.#isIdle) void this.refresh();
    };
    for (const name of ['connected', 'disconnected'] as const) {
      client.addEventListener(name, soon, { signal });
      document.addEventListener(`bankconnect:${name}`, soon, { signal });
    }
    const over = () => this.#go({ name: 'over' });
    client.addEventListener('handedover', over, { signal });
    if (this.hasAttribute('auto-callback')) void this.#land(client);
    this.draw();
    void this.refresh();
  }

  /** @internal */
  draw(): void {
    const parts = this.#parts;
    if (!parts) return;
    draw(parts, { text: this.said, language: this.language }, this.#step, {
      form: this.#form,
      payers: this.#payers,
      payer: this.#payer,
      unfinished: this.#unfinished,
      hasEnded: this.#all.some((one) => one.status === 'reconnect' && one.scopes.includes('pisp')),
      use: (id) => void this.#choose(this.#payers.find((one) => one.id === id)),
      check: () => this.#go({ name: 'review' }),
      change: () => this.#go({ name: 'form' }),
      pay: () => this.#pay(),
      cancel: () => this.#doing?.abort(),
      sign: (one) => void this.#run((options) => one.resume(options)),
      forget: (one) => void this.#forget(one),
      again: () => this.#again(),
      retry: () => void this.#anew(),
    });
  }

  /** Asks the broker before it begins anew: what was sent may be there by now. */
  async #anew(): Promise<void> {
    if (this.#doing) return;
    this.#go({ name: 'loading' });
    await this.refresh();
  }

  /** Another payment, though one may wait for its signature. */
  #again(): void {
    const step = this.#step;
    this.#passed = step.name === 'unfinished' || step.name === 'result';
    if (step.name === 'unfinished') {
      this.#begin();
    } else {
      this.#form.clear();
      void this.#anew();
    }
  }

  /** Where a person begins: at what has not ended, at the review, at the form. */
  #begin(): void {
    const waits = this.#unfinished.length > 0 && !this.#passed && this.#step.name !== 'form';
    const entry = this.#form.isComplete ? 'review' : 'form';
    const next = waits ? 'unfinished' : entry;
    this.#go({ name: this.#payer ? next : 'none' });
  }

  /** Pays through a connection, and asks for the accounts of its bank. */
  async #choose(payer: BankConnection | undefined): Promise<void> {
    const form = this.#form;
    if (payer?.id !== this.#payer?.id) form.take(undefined);
    this.#payer = payer;
    if (!payer || form.sources?.length || form.given.from) return;
    const asked = sourcesOf(this.#all, payer).catch(() => []);
    const taken = asked.then((sources) => {
      if (this.#payer === payer) form.take(sources);
    });
    if (form.lacksOnlySource) await taken;
  }

  #pay(): void {
    const { order } = this.#form;
    const payer = this.#payer;
    if (!payer || this.#doing || !this.tell('paying', order, true)) return;
    void this.#run((options) => payer.pay(order, options));
  }

  /** Goes on with the payment that took this tab to the bank. */
  async #land(client: BankConnect): Promise<void> {
    if (isAway()) {
      this.draw(); // the room that the page has kept stays
      this.#go({ name: 'progress', phase: undefined });
    }
    await this.#run((options) => client.handlePayment(undefined, options), true);
    if (!this.#doing && this.#step.name === 'progress') {
      this.#step = { name: 'loading' };
      await this.refresh();
    }
  }

  /** Does what takes a while, and shows how it ended. Called within the click. */
  async #run(
    work: (options: PayOptions) => Promise<PaymentResult | undefined>,
    quiet = false,
  ): Promise<void> {
    if (this.#doing && !quiet) return;
    const doing = new AbortController();
    if (!quiet) {
      this.#doing = doing;
      this.#go({ name: 'progress', phase: undefined });
    }
    const over = () => {
      if (this.#doing === doing) this.#doing = undefined;
    };
    try {
      const result = await work(this.#options(doing)).finally(over);
      // what the page load has landed with is told once, by an element that is there
      if (result && !(quiet && (told.has(result) || !this.isConnected))) this.#ended(result);
    } catch (thrown) {
      await this.#fail(thrown);
    }
  }

  #options(doing: AbortController): PayOptions {
    const { redirectUrl } = this;
    return {
      mode: this.getAttribute('mode') === 'popup' ? 'popup' : 'redirect',
      code: ({ wrong, payment }) =>
        new Promise((answer) => this.#go({ name: 'code', wrong, payment, answer })),
      onprogress: (phase) => {
        this.#doing ??= doing;
        if (phase !== 'code') this.#go({ name: 'progress', phase });
      },
      signal: doing.signal,
      ...(redirectUrl && { redirectUrl }),
    };
  }

  #ended(result: PaymentResult): void {
    told.add(result);
    this.#go({ name: 'result', result });
    const isPaid = result.status === 'settled' || result.status === 'accepted';
    this.tell(isPaid ? 'paid' : 'unpaid', result);
  }

  async #fail(thrown: unknown, title = this.said.failed): Promise<void> {
    if (!BankConnectError.is(thrown)) throw thrown;
    const isCalm = thrown.code === 'closed' || thrown.code === 'cancelled';
    this.tell(isCalm ? 'cancelled' : 'failed', thrown);
    if (isCalm) {
      this.#passed = false;
      this.#go({ name: 'loading' });
      return this.refresh();
    }
    const { words, retry } = await failureWords(thrown, () => this.said);
    this.#passed = false;
    this.#go({ name: 'failed', title, words, retry });
  }

  async #forget(one: UnfinishedPayment): Promise<void> {
    try {
      await one.forget();
      this.#unfinished = this.#unfinished.filter((other) => other !== one);
      this.#begin();
    } catch (thrown) {
      await this.#fail(thrown);
    }
  }

  /** Shows a step, and leads those who are here to its title. */
  #go(step: Step): void {
    const parts = this.#parts;
    const [was, scene] = [this.#step, { text: this.said, language: this.language }];
    this.#step = step;
    if (!parts) return;
    if (was.name === 'progress' && step.name === 'progress') tellPhase(parts, scene, step.phase);
    else if (was.name === step.name)
      this.draw(); // nobody is moved
    else parts.move(was.name, step.name, () => this.draw());
  }
}

if (globalThis.customElements && !customElements.get('bank-pay')) {
  customElements.define('bank-pay', BankPayElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'bank-pay': BankPayElement;
  }
}
