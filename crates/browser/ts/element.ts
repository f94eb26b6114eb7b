/** `<bank-connect>`: a button that connects a bank. Importing this module registers it. */

import { BankConnect, BankConnectError, type ConnectResult, type Provider } from './index.js';
import { failureText, filled, type Texts, texts } from './texts.js';
import { build, type Choice, type Parts } from './view.js';

/** Events of the element; they bubble and leave shadow trees. */
export interface BankConnectElementEventMap {
  /** About to ask the broker; `preventDefault()` stops it. */
  'bankconnect:connecting': CustomEvent<{ provider: string }>;
  'bankconnect:connected': CustomEvent<ConnectResult>;
  'bankconnect:failed': CustomEvent<BankConnectError>;
  /** The person said no, closed the window or pressed cancel. */
  'bankconnect:cancelled': CustomEvent<BankConnectError>;
}

/** What goes through the bank and back with the attempt. */
interface Journey {
  readonly provider: string;
  /** Scopes of the steps still to come; some banks take one at a time. */
  readonly rest: readonly string[];
  readonly done: number;
  readonly appState: unknown;
}

const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** The element behind `<bank-connect>`. */
export class BankConnectElement extends Base {
  static readonly observedAttributes = ['provider', 'scopes', 'locale', 'broker-url'];

  /** Comes back in `ConnectResult.appState`; plain JSON. */
  appState: unknown;

  readonly #internals = this.attachInternals();
  #client: BankConnect | undefined;
  #parts: Parts | undefined;
  #offered: readonly Provider[] | undefined;
  #abort: AbortController | undefined;
  #next: Journey | undefined;
  #unlisten: AbortController | undefined;

  /** The client it works with; set one to share it. */
  get client(): BankConnect {
    this.#client ??= new BankConnect({ brokerUrl: this.getAttribute('broker-url') ?? '/bank' });
    return this.#client;
  }

  set client(client: BankConnect) {
    this.#client = client;
    if (this.isConnected) this.#listen();
  }

  connectedCallback(): void {
    this.#parts ??= build(this.attachShadow({ mode: 'open', delegatesFocus: true }), {
      press: () => void this.#press(),
      cancel: () => this.#abort?.abort(),
    });
    this.#listen();
    this.#render();
    if (this.hasAttribute('auto-callback') && this.client.isCallback()) void this.#return();
    else void this.#offer();
  }

  disconnectedCallback(): void {
    this.#unlisten?.abort();
  }

  attributeChangedCallback(name: string): void {
    if (name === 'broker-url') this.#client = this.#offered = undefined;
    if (!this.isConnected) return;
    if (name === 'broker-url') this.connectedCallback();
    this.#render();
  }

  /** Does what a click on the button does; call it from a click. */
  connect(): Promise<void> {
    return this.#press();
  }

  get #texts(): Texts {
    const inherited = this.closest('[lang]')?.getAttribute('lang');
    return texts(this.getAttribute('locale') ?? inherited ?? globalThis.navigator.language);
  }

  get #scopes(): string[] {
    return (this.getAttribute('scopes') ?? '').split(/[\s,]+/).filter(Boolean);
  }

  #listen(): void {
    this.#unlisten?.abort();
    this.#unlisten = new AbortController();
    const once = { signal: this.#unlisten.signal };
    const { client } = this;
    client.addEventListener('statechange', () => this.#render(), once);
    client.addEventListener('handedover', () => this.#parts?.end(this.#texts.handedOver), once);
  }

  /** The bank named by the attribute, or the only one there is. */
  #chosen(): Provider | undefined {
    const wanted = this.getAttribute('provider');
    const found = this.#offered ?? [];
    if (wanted) return found.find(({ id }) => id === wanted);
    return found.length === 1 ? found[0] : undefined;
  }

  /** Learns what can be connected, to name the bank before anything is asked of it (B04). */
  async #offer(): Promise<void> {
    try {
      this.#offered = await this.client.providers();
    } catch {
      return; // the button still works and will tell
    }
    this.#render();
  }

  async #press(): Promise<void> {
    if (this.#busy) return;
    this.#say('');
    if (this.#parts?.choosing()) return this.#parts.choose(this.#texts, [], () => {});
    const chosen = this.#chosen();
    const named = this.getAttribute('provider');
    if (this.#next) return this.#begin({ ...this.#next });
    if (chosen?.connect === 'prepared_token') return this.#choose(chosen);
    const provider = chosen?.id ?? named;
    if (this.#scopes.length > 1 && !this.#offered) await this.#offer(); // how many at once?
    if (provider) {
      return this.#begin({ provider, rest: this.#scopes, done: 0, appState: this.appState });
    }
    if (!this.#offered) await this.#offer();
    if (this.#chosen()) return this.#press();
    this.#choose();
  }

  /** Lists the banks, or the prepared tokens of one. */
  #choose(of?: Provider): void {
    const choices: Choice[] = of
      ? of.prepared_tokens.map((token) => ({ provider: of, token }))
      : (this.#offered ?? []).map((provider) => ({ provider }));
    this.#say(this.#texts.choose);
    this.#parts?.choose(this.#texts, choices, (choice) => {
      this.#parts?.choose(this.#texts, [], () => {});
      const { provider, token } = choice;
      if (token) void this.#run(provider.id, () => this.#prepared(provider.id, token));
      else if (provider.connect === 'prepared_token') this.#choose(provider);
      else {
        const { appState } = this;
        void this.#begin({ provider: provider.id, rest: this.#scopes, done: 0, appState });
      }
    });
  }

  /** Starts one step; what the bank cannot take at once waits for the next press. */
  #begin(journey: Journey): Promise<void> {
    const { provider } = journey;
    const most = this.#offered?.find(({ id }) => id === provider)?.scopes_per_authorization;
    const scopes = journey.rest.slice(0, most);
    const appState = {
      ...journey,
      rest: journey.rest.slice(scopes.length),
      done: journey.done + 1,
    };
    const mode = this.getAttribute('mode') === 'popup' ? 'popup' : 'redirect';
    return this.#run(provider, (signal) =>
      this.client.connect({ provider, scopes, mode, appState, signal }),
    );
  }

  async #prepared(provider: string, token: string): Promise<ConnectResult> {
    const connection = await this.client.connectPrepared({ provider, token });
    return { connection, appState: { appState: this.appState } };
  }

  async #return(): Promise<void> {
    try {
      this.#settle(await this.client.handleRedirect());
    } catch (error) {
      this.#fail(error);
    }
    await this.#offer();
  }

  async #run(provider: string, work: (signal: AbortSignal) => Promise<ConnectResult>) {
    if (!this.#tell('connecting', { provider })) return;
    this.#abort = new AbortController();
    try {
      this.#settle(await work(this.#abort.signal));
    } catch (error) {
      this.#fail(error);
    }
  }

  #settle(result: ConnectResult | undefined): void {
    if (!result) return;
    const { rest = [], done = 1, appState, provider } = (result.appState ?? {}) as Partial<Journey>;
    const more = rest.length > 0 && provider !== undefined;
    this.#next = more ? { provider, rest, done, appState } : undefined;
    const text = this.#texts;
    const all = done + rest.length;
    const bank = result.connection.provider_name;
    this.#say(more ? filled(text.step, done, all) : filled(text.connected, bank));
    this.#tell('connected', { connection: result.connection, appState });
  }

  #fail(thrown: unknown): void {
    if (!BankConnectError.is(thrown)) throw thrown;
    const text = this.#texts;
    if (thrown.code === 'cancelled' || thrown.code === 'closed') {
      this.#say(text[thrown.code]);
      this.#tell('cancelled', thrown);
      return;
    }
    const support = thrown.requestId ? ` ${filled(text.support, thrown.requestId)}` : '';
    this.#say('', failureText(text, thrown.code) + support);
    this.#tell('failed', thrown);
  }

  get #busy(): boolean {
    return ['loading', 'redirecting', 'waiting', 'exchanging'].includes(this.client.state);
  }

  #say(status: string, error = ''): void {
    this.#parts?.say(status, error);
  }

  #render(): void {
    const { state } = this.client;
    const text = this.#texts;
    const bank = this.#chosen()?.name;
    const scopes = this.#next?.rest ?? this.#scopes;
    const login = bank ? filled(text.loginAt, bank) : text.login;
    this.#parts?.label(text.connect, `${login} ${scopes[0] === 'pisp' ? text.pay : text.read}`);
    this.#parts?.busy(this.#busy, state === 'waiting' || state === 'loading' ? text.cancel : '');
    if (this.#busy) this.#say(text[state as 'loading' | 'redirecting' | 'waiting' | 'exchanging']);
    else if (state === 'idle' && this.#parts?.isWaiting(text)) this.#say('');
    for (const name of ['busy', 'connected', 'error'] as const) {
      const on = name === 'busy' ? this.#busy : state === name;
      this.#internals.states[on ? 'add' : 'delete'](name);
    }
  }

  /** False when a listener prevented it. */
  #tell(name: string, detail: unknown): boolean {
    const options = { detail, bubbles: true, composed: true, cancelable: name === 'connecting' };
    return this.dispatchEvent(new CustomEvent(`bankconnect:${name}`, options));
  }
}

if (globalThis.customElements && !customElements.get('bank-connect')) {
  customElements.define('bank-connect', BankConnectElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'bank-connect': BankConnectElement;
  }
  interface GlobalEventHandlersEventMap extends BankConnectElementEventMap {}
}
