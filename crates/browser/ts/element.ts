/** `<bank-connect>`: a button that connects a bank. Importing this module registers it. */

import {
  BankConnect,
  BankConnectError,
  type ConnectResult,
  type ConnectState,
  type Provider,
} from './index.js';
import { failureText, filled, type Texts, texts } from './texts.js';
import { build, type Choice, type Parts } from './view.js';

export type { BankConnectElementEventMap } from './events.js';

/** What to ask a bank for. */
interface Step {
  readonly provider: string;
  readonly scopes: readonly string[];
  readonly appState: unknown;
  /** Of a sandbox that hands out tokens by name. */
  readonly token?: string | undefined;
}

const BUSY = ['loading', 'redirecting', 'waiting', 'exchanging'] as const;

const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** The element behind `<bank-connect>`. */
export class BankConnectElement extends Base {
  static readonly observedAttributes = ['provider', 'scopes', 'locale', 'broker-url', 'wasm-url'];

  /** Comes back in `ConnectResult.appState`; plain JSON. */
  accessor appState: unknown;

  readonly #internals = this.attachInternals();
  #given: BankConnect | undefined;
  #made: BankConnect | undefined;
  #parts: Parts | undefined;
  #offered: readonly Provider[] | undefined;
  #offering: Promise<void> | undefined;
  #abort: AbortController | undefined;
  #next: Step | undefined;
  #unlisten: AbortController | undefined;
  /** The client's state while it works for this element; then how that ended. */
  #state: ConnectState = 'idle';
  /** True while the client works for this element and not for another that shares it. */
  #own = false;
  /** A press waits for the offer. */
  #pressed = false;
  /** This page's callback did not reach the broker: the next press tries it again. */
  #unfinished = false;

  /** The client it works with; set one to share it. */
  get client(): BankConnect {
    if (this.#given) return this.#given;
    const wasm = this.getAttribute('wasm-url');
    const brokerUrl = this.getAttribute('broker-url') ?? '/bank';
    this.#made ??= new BankConnect(wasm ? { brokerUrl, wasm } : { brokerUrl });
    return this.#made;
  }

  set client(client: BankConnect) {
    this.#given = client;
    if (this.#parts) this.#start();
  }

  connectedCallback(): void {
    this.#parts ??= build(this.attachShadow({ mode: 'open', delegatesFocus: true }), {
      press: () => void this.#press(),
      cancel: () => this.#abort?.abort(),
    });
    this.#start();
  }

  disconnectedCallback(): void {
    this.#unlisten?.abort();
  }

  attributeChangedCallback(name: string): void {
    if (!this.#parts) return; // connectedCallback is still to come
    if (name === 'provider' || name === 'scopes') this.#next = undefined;
    if (name.endsWith('-url') && !this.#given) {
      this.#made = undefined;
      this.#start();
    }
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

  /** Begins to work with the client there is now. */
  #start(): void {
    const { client } = this;
    this.#unlisten?.abort();
    this.#unlisten = new AbortController();
    const once = { signal: this.#unlisten.signal };
    client.addEventListener('statechange', ({ detail }) => this.#follow(detail.state), once);
    client.addEventListener('connected', ({ detail }) => this.#learn(detail), once);
    client.addEventListener('handedover', () => this.#parts?.end(this.#texts.handedOver), once);
    this.#offered = this.#offering = undefined;
    this.#render();
    if (this.hasAttribute('auto-callback') && client.isCallback()) void this.#return();
    this.#offer().catch(() => {}); // the button still works and will tell
  }

  /** The bank named by the attribute, or the only one there is. */
  #chosen(): Provider | undefined {
    const wanted = this.getAttribute('provider');
    const found = this.#offered ?? [];
    if (wanted) return found.find(({ id }) => id === wanted);
    return found.length === 1 ? found[0] : undefined;
  }

  /** Learns what can be connected, to name the bank before anything is asked of it (B04). */
  #offer(): Promise<void> {
    const { client } = this;
    const show = (found: readonly Provider[]) => {
      if (client !== this.client) return;
      this.#offered = found;
      this.#render();
    };
    const over = () => {
      this.#offering = undefined;
    };
    this.#offering ??= client.providers().then(show).finally(over);
    return this.#offering;
  }

  /**
   * With the offer at hand it goes straight on, because a browser opens a popup only within the
   * click. Else it waits for the offer; should the popup then be blocked, it becomes a redirect.
   */
  async #press(): Promise<void> {
    if (this.#busy) return;
    this.#say('');
    if (this.#unfinished) return this.#return();
    if (this.#parts?.choosing()) return this.#parts.choose(this.#texts, [], () => {});
    if (!this.#offered) {
      this.#pressed = true;
      this.#render();
      const failed = await this.#offer().catch((thrown: unknown) => thrown);
      this.#pressed = false;
      this.#say('');
      this.#render();
      if (failed) return this.#fail(failed);
    }
    if (this.#next) return this.#begin(this.#next);
    const chosen = this.#chosen();
    const provider = chosen?.id ?? this.getAttribute('provider');
    if (!provider || chosen?.connect === 'prepared_token') return this.#choose(chosen);
    return this.#begin(this.#step(provider));
  }

  #step(provider: string): Step {
    return { provider, scopes: this.#scopes, appState: this.appState };
  }

  /** Lists the banks, or the prepared tokens of one. */
  #choose(of?: Provider): void {
    const choices: Choice[] = of
      ? of.prepared_tokens.map((token) => ({ provider: of, token }))
      : (this.#offered ?? []).map((provider) => ({ provider }));
    if (choices.length === 0) {
      const message = 'the broker offers nothing to connect';
      this.#fail(new BankConnectError({ code: 'config', message, retryable: false }));
      return;
    }
    this.#say(this.#texts.choose);
    this.#parts?.choose(this.#texts, choices, ({ provider, token }) => {
      this.#parts?.choose(this.#texts, [], () => {});
      if (!token && provider.connect === 'prepared_token') this.#choose(provider);
      else void this.#begin({ ...this.#step(provider.id), token });
    });
  }

  /** Starts one step; what the bank does not take at once waits for the next press. */
  async #begin({ token, ...step }: Step): Promise<void> {
    const { provider, appState } = step;
    if (!this.#tell('connecting', { provider })) return;
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
      if (!result) return false;
      const { rest, connection } = result;
      const { step, connected } = this.#texts;
      const left = rest.length > 0;
      this.#say(left ? filled(step, rest.length) : filled(connected, connection.provider_name));
      this.#tell('connected', result);
      return false;
    } catch (error) {
      this.#fail(error);
      const { retryable, code } = error as BankConnectError;
      return retryable && code !== 'bank_unavailable'; // that one used the landing up
    } finally {
      this.#own = false;
    }
  }

  #fail(thrown: unknown): void {
    if (!BankConnectError.is(thrown)) throw thrown;
    const text = this.#texts;
    const { code } = thrown;
    const calm = code === 'cancelled' || code === 'closed';
    if (calm) this.#say(text[code]);
    else this.#say('', failureText(text, thrown));
    this.#state = calm ? 'idle' : 'error';
    this.#render();
    this.#tell(calm ? 'cancelled' : 'failed', thrown);
  }

  /** The client goes on; for another element that shares it, this is no news here. */
  #follow(state: ConnectState): void {
    const ended = state === 'idle' && this.#state === 'connected';
    if (!this.#own && !ended) return;
    this.#state = state;
    if (state === 'idle') this.#say('');
    this.#render();
  }

  /** Whoever finished a step, the next press goes on with the rest. */
  #learn({ connection, rest: scopes, appState }: ConnectResult): void {
    const { provider } = connection;
    if ((this.getAttribute('provider') ?? provider) !== provider) return;
    this.#next = scopes.length > 0 ? { provider, scopes, appState } : undefined;
    this.#render();
  }

  get #busy(): (typeof BUSY)[number] | undefined {
    return this.#pressed ? 'loading' : BUSY.find((state) => state === this.#state);
  }

  #say(status: string, error = ''): void {
    this.#parts?.say(status, error);
  }

  #render(): void {
    const text = this.#texts;
    const busy = this.#busy;
    const [scope] = this.#next?.scopes ?? this.#scopes;
    const bank = this.#chosen()?.name;
    const description = `${text.login} ${scope === 'pisp' ? text.pay : text.read}`;
    this.#parts?.label(text.connect, description, bank ? filled(text.bankIs, bank) : '');
    const ends = this.#abort && (busy === 'waiting' || busy === 'loading');
    this.#parts?.busy(busy !== undefined, ends ? text.cancel : '');
    if (busy) this.#say(text[busy]);
    for (const name of ['busy', 'connected', 'error'] as const) {
      const on = name === 'busy' ? busy : this.#state === name;
      try {
        this.#internals.states[on ? 'add' : 'delete'](name);
      } catch {
        // before Chromium 125 a state must be called `--busy`; nothing here needs it
      }
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
}
