/** `<bank-connect>`: a button that connects a bank. Importing this module registers it. */

import { ClientElement, type Live } from './base.js';
import {
  type BankConnect,
  BankConnectError,
  type ConnectResult,
  type ConnectState,
  type Provider,
  type Receipt,
} from './index.js';
import { type Aim, aim, Offer, type Step, terms } from './offer.js';
import { languages, type Texts } from './texts.js';
import { build, mark, type Parts } from './view.js';

export type { BankConnectElementEventMap } from './events.js';
export type { Texts };

const BUSY = ['loading', 'redirecting', 'waiting', 'exchanging'] as const;
const live: Live = new Set();

/** The element behind `<bank-connect>`. */
export class BankConnectElement extends ClientElement<Texts> {
  static readonly observedAttributes = [
    'provider',
    'scopes',
    'connection',
    'locale',
    'broker-url',
    'wasm-url',
  ];

  /** Adds a language to all elements, or changes words of one; what it lacks is said in English. */
  static addLanguage(tag: string, texts: Partial<Texts>): void {
    languages.add(tag, texts);
    for (const element of live) element.draw();
  }

  /** Comes back in `ConnectResult.appState`; plain JSON. */
  accessor appState: unknown;

  /** @internal */
  readonly live = live;
  /** @internal */
  readonly languages = languages;
  readonly #internals = this.attachInternals();
  #parts: Parts | undefined;
  #offer: Offer | undefined;
  #abort: AbortController | undefined;
  #next: Step | undefined;
  /** Closes the list of banks. */
  #unpick: (() => void) | undefined;
  /** The client's state while it works for this element; then how that ended. */
  #state: ConnectState = 'idle';
  /** How the last attempt ended. */
  #last: unknown;
  /** True while the client works for this element and not for another that shares it. */
  #own = false;
  /** A press waits for something to load. */
  #pressed = false;
  /** This page's callback did not reach the broker: the next press tries it again. */
  #unfinished = false;

  override connectedCallback(): void {
    this.#parts ??= build(this.attachShadow({ mode: 'open', delegatesFocus: true }), {
      press: () => void this.#press(),
      cancel: () => this.#abort?.abort(),
    });
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unpick?.();
  }

  override attributeChangedCallback(name: string): void {
    if (name === 'provider' || name === 'scopes') this.#next = undefined;
    super.attributeChangedCallback(name);
  }

  /** Does what a click on the button does; call it from a click. */
  connect(): Promise<void> {
    return this.#press();
  }

  get #scopes(): string[] {
    return (this.getAttribute('scopes') ?? '').split(/[\s,]+/).filter(Boolean);
  }

  /** @internal */
  start(client: BankConnect, signal: AbortSignal): void {
    const once = { signal };
    if (this.#offer?.client !== client) this.#offer = new Offer(client, this);
    const offer = this.#offer;
    const forget = ({ detail }: CustomEvent<Receipt>) => {
      offer.forget(detail.connection);
      if (this.#state === 'connected') this.#follow('idle');
    };
    client.addEventListener('statechange', ({ detail }) => this.#follow(detail.state), once);
    client.addEventListener('connected', ({ detail }) => this.#learn(detail), once);
    client.addEventListener('handedover', () => void this.#conclude(null), once);
    client.addEventListener('disconnected', forget, once);
    document.addEventListener('bankconnect:disconnected', forget, once);
    this.draw();
    if (this.hasAttribute('auto-callback') && client.isCallback()) void this.#return();
    if (!offer.providers) offer.ask().catch(() => {}); // the button still works and will tell
  }

  get #aim(): Aim {
    const own = (name: string) => this.getAttribute(name);
    const named = {
      connection: own('connection'),
      provider: own('provider'),
      scopes: this.#scopes,
    };
    return aim(this.#offer, this.#next ? { ...this.#next, connection: null } : named);
  }

  /**
   * With the offer at hand it goes straight on, because a browser opens a popup only within the
   * click. Else it waits for the offer; should the popup then be blocked, it becomes a redirect.
   */
  async #press(): Promise<void> {
    const offer = this.#offer;
    if (this.#busy || !offer) return;
    this.#parts?.say('');
    this.#last = undefined;
    if (this.#unfinished) return this.#return();
    if (!offer.providers) {
      const failed = await this.#during(offer.ask()).catch((thrown: unknown) => thrown);
      if (failed) return this.#fail(failed);
    }
    if (this.#next) return this.#begin(this.#next);
    const { bank, provider } = this.#aim;
    if (!provider || bank?.connect === 'prepared_token') return this.#choose(bank);
    return this.#begin(this.#step(provider));
  }

  /** Busy until that is there. */
  async #during<T>(work: Promise<T>): Promise<T> {
    this.#pressed = true;
    this.draw();
    try {
      return await work;
    } finally {
      this.#pressed = false;
      this.#parts?.say('');
      this.draw();
    }
  }

  #left(provider: string | undefined): readonly string[] {
    return this.#offer?.left(provider, this.#scopes) ?? [];
  }

  #step(provider: string): Step {
    const scopes = this.#aim.standing?.renewed?.scopes ?? this.#left(provider);
    return { provider, scopes, appState: this.appState };
  }

  /** Lists the banks, or the prepared tokens of one. */
  async #choose(of?: Provider): Promise<void> {
    const choices = this.#offer?.choices(of) ?? [];
    if (!choices[0]) return this.#miss('config', 'the broker offers nothing to connect');
    const part = await this.#during(import('./picker.js')).catch(() => undefined);
    if (!part) return this.#miss('network', 'the list could not be fetched');
    if (!this.#parts || !this.isConnected) return;
    languages.under(part.words);
    this.#unpick?.();
    this.#unpick = part.pick(this.#parts.root, {
      texts: this.said,
      language: this.language,
      choices,
      about: this.#about,
      chosen: ({ provider, token }) => {
        if (!token && provider.connect === 'prepared_token') void this.#choose(provider);
        else void this.#begin({ ...this.#step(provider.id), token });
      },
    });
  }

  /** Starts one step; what the bank does not take at once waits for the next press. */
  async #begin({ token, ...step }: Step): Promise<void> {
    const { provider, appState } = step;
    if (!this.tell('connecting', { provider }, true)) return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const mode = this.getAttribute('mode') === 'popup' ? 'popup' : 'redirect';
    await this.#settle(async () => {
      if (!token) return this.client.connect({ ...step, mode, signal });
      const connection = await this.client.connectPrepared({ provider, token, signal });
      return { connection, appState, rest: [] };
    });
    this.#abort = undefined;
  }

  async #return(): Promise<void> {
    this.#unfinished = await this.#settle(() => this.client.handleRedirect());
  }

  /** Tells how it ended; true when the broker was not reached and the same may be tried again. */
  async #settle(work: () => Promise<ConnectResult | undefined>): Promise<boolean> {
    this.#own = true;
    try {
      const result = await work();
      this.#follow(result ? 'connected' : 'idle'); // told by a client that may have been replaced meanwhile
      if (result) this.#learn(result);
      if (result) void this.#conclude(result);
      if (result) this.tell('connected', result);
      return false;
    } catch (error) {
      void this.#fail(error);
      const { retryable, code } = error as BankConnectError;
      return retryable && code !== 'bank_unavailable'; // that one used the landing up
    } finally {
      this.#own = false;
    }
  }

  #miss(code: 'config' | 'network', message: string): Promise<void> {
    return this.#fail(new BankConnectError({ code, message, retryable: code === 'network' }));
  }

  async #fail(thrown: unknown): Promise<void> {
    if (!BankConnectError.is(thrown)) throw thrown;
    const calm = thrown.code === 'cancelled' || thrown.code === 'closed';
    this.#state = calm ? 'idle' : 'error';
    this.draw();
    this.tell(calm ? 'cancelled' : 'failed', thrown);
    return this.#conclude(thrown);
  }

  /** Says how it ended, as soon as the words for it are there. */
  async #conclude(ended: ConnectResult | BankConnectError | null): Promise<void> {
    this.#last = ended;
    const part = await import('./outcomes.js').catch(() => undefined);
    if (this.#last !== ended) return; // the person has gone on
    if (part) languages.under(part.words);
    this.#parts?.say(...(part?.outcome(this.said, ended) ?? ['', this.said.offline]));
    if (!ended) this.#parts?.end();
  }

  /** The client goes on; for another element that shares it, this is no news here. */
  #follow(state: ConnectState): void {
    const ended = state === 'idle' && this.#state === 'connected';
    if (!this.#own && !ended) return;
    this.#state = state;
    if (state === 'idle') this.#parts?.say('');
    this.draw();
  }

  /** Whoever finished a step, the next press goes on with the rest. */
  #learn({ connection, rest: scopes, appState }: ConnectResult): void {
    const { provider } = connection;
    this.#offer?.learn(connection);
    if ((this.getAttribute('provider') ?? provider) !== provider) return;
    this.#next = scopes.length > 0 ? { provider, scopes, appState } : undefined;
    this.draw();
  }

  get #busy(): (typeof BUSY)[number] | undefined {
    return this.#pressed ? 'loading' : BUSY.find((state) => state === this.#state);
  }

  /** What will be shared, in plain words. */
  get #about(): string {
    const text = this.said;
    const asked = this.#scopes[0]
      ? this.#scopes
      : ((this.#next ?? this.#aim.standing?.renewed)?.scopes ?? ['aisp']);
    const one = asked.includes('pisp') ? text.pay : text.read;
    return `${text.login} ${asked[1] ? text.both : one}`;
  }

  /** @internal */
  draw(): void {
    const text = this.said;
    const busy = this.#busy;
    const found = this.#aim;
    const { label = 'connect', quiet = false } = found.standing ?? {};
    this.#parts?.label(text[label], this.#about, terms(text, this.language, found), quiet);
    const ends = this.#abort && (busy === 'waiting' || busy === 'loading');
    this.#parts?.busy(busy !== undefined, ends ? text.cancel : '');
    if (busy) this.#parts?.say(text[busy]);
    mark(this.#internals, busy ? 'busy' : this.#state);
  }
}

if (globalThis.customElements && !customElements.get('bank-connect')) {
  customElements.define('bank-connect', BankConnectElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'bank-connect': BankConnectElement;
  }
}
