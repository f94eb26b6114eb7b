/** The client: the state a page sees, its events, and the way into the component. */

import { type Abortable, BankConnection, type Link } from './connection.js';
import { type BankConnectDefaults, type Core, defaults, guarded, load, patiently } from './core.js';
import { type BankConnectError, failure, typed } from './error.js';
import { parse } from './exact.js';
import { explained } from './explained.js';
import type { Connection, Provider, Receipt } from './generated/protocol.js';
import { isCallback, type Landing, takeLanding } from './landing.js';
import type {
  BankConnectEventMap,
  BankConnectOptions,
  ConnectParams,
  ConnectResult,
  ConnectState,
  Found,
  PreparedParams,
} from './parameters.js';
import type { PayOptions } from './pay/types.js';
import { goOn, loadPayments } from './payments.js';
import { openPopup } from './window.js';

/** The callback of this page load: one broker call, however often and by whom it is asked for. */
let landed: { landing: Landing; work?: Promise<ConnectResult | undefined> } | undefined;

/** Connects bank accounts through a broker on the page's origin. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: adds overloads of inherited methods only
export class BankConnect extends EventTarget {
  /** What holds for every client that is not told otherwise. */
  static readonly defaults: BankConnectDefaults = defaults;

  readonly #link: Link;
  readonly #wasm: BankConnectOptions['wasm'];
  readonly #follows = new WeakSet<Promise<unknown>>();
  #state: ConnectState = 'idle';
  /** What a popup brought back for these parameters and could not be given to the broker. */
  #kept: { asked: string; landing: Landing } | undefined;

  constructor(options: BankConnectOptions = {}) {
    super();
    this.#wasm = options.wasm;
    this.#link = {
      options: {
        brokerUrl: String(options.brokerUrl ?? '/bank'),
        timeoutMs: options.timeoutMs ?? 15_000,
        attemptTtlMs: options.attemptTtlMs ?? 600_000,
        storage: options.storage ?? null,
        parse,
      },
      ask: (call) => this.#ask(call),
      disconnect: (id, given) => this.disconnect(id, given),
      payments: loadPayments,
      popup: openPopup,
      leave: options.navigate ?? ((url) => (window.top ?? window).location.assign(url)),
    };
  }

  /** What the client is doing. */
  get state(): ConnectState {
    return this.#state;
  }

  /** Fetches and compiles the component ahead of its first use. */
  async preload(): Promise<void> {
    await load(this.#wasm);
  }

  /** What can be connected. */
  async providers(options: Abortable = {}): Promise<readonly Provider[]> {
    const { options: own } = this.#link;
    const found = await this.#ask<{ logo?: string }[]>((core) => core.providers(own, options));
    const base = own.brokerUrl.replace(/\/$/, '');
    for (const bank of found) if (bank.logo) bank.logo = base + bank.logo;
    return found as unknown as Provider[];
  }

  /**
   * Connects a bank. By redirect the page is left and the promise stays pending: the result comes
   * from `handleRedirect` on the callback page. Call it from a click.
   *
   * After a `retryable` failure while a popup's return was being finished, the same call again
   * finishes that return, without a new popup.
   */
  async connect(params: ConnectParams): Promise<ConnectResult> {
    this.#occupy(params, 'provider');
    const given = { ...params, scopes: params.scopes ?? [] };
    const asked = JSON.stringify([given.provider, given.scopes]);
    let landing = this.#kept?.asked === asked ? this.#kept.landing : undefined;
    this.#kept = undefined;
    // before any await, or it is blocked
    const popup = params.mode === 'popup' && !landing ? openPopup() : null;
    const phase = (state: ConnectState, brought: Landing | undefined) => {
      landing = brought;
      this.#become(state);
    };
    try {
      const core = await load(this.#wasm);
      const { options } = this.#link;
      if (!popup && !landing) {
        return await this.#leave(await guarded<string>(core.begin(options, given)));
      }
      if (landing) this.#become('exchanging');
      const found = await patiently<Found>(() =>
        landing || !popup
          ? core.land(options, landing)
          : core.connectInPopup(options, given, popup, phase),
      );
      return this.#connected(await this.#shown(found));
    } catch (thrown) {
      popup?.close();
      const error = this.#failed(await explained(this, params, thrown));
      if (landing && error.retryable) this.#kept = { asked, landing };
      throw error;
    }
  }

  /** Connects a sandbox that hands out tokens by name; nobody is sent anywhere. */
  async connectPrepared(params: PreparedParams): Promise<BankConnection> {
    this.#occupy(params, 'provider', 'token');
    try {
      const core = await load(this.#wasm);
      this.#become('exchanging');
      const connection = await patiently<Connection>(() =>
        core.connectPrepared(this.#link.options, params),
      );
      const found = await this.#shown({ connection, appState: undefined, rest: [] });
      return this.#connected(found).connection;
    } catch (thrown) {
      throw this.#failed(thrown);
    }
  }

  /** True for a callback of ours; needs no component. Default: the page's address. */
  isCallback(url: string | URL = location.href): boolean {
    return isCallback(new URL(url, location.href));
  }

  /**
   * Finishes a connection on the callback page: cleans the address bar at once, then asks the
   * broker. Any number of calls make one broker call and return one promise. `undefined` when the
   * page is no callback of ours, or is a popup whose result went to the page that opened it: that
   * window is then closed.
   *
   * After a `retryable` failure it may be called again for the same landing: an answer that got
   * lost is given again.
   */
  handleRedirect(url: string | URL = location.href): Promise<ConnectResult | undefined> {
    const landing = takeLanding(new URL(url, location.href));
    if (landing && landing.query !== landed?.landing.query) landed = { landing };
    if (!landed) return Promise.resolve(undefined);
    const current = landed;
    current.work ??= this.#land(current.landing).catch((error: BankConnectError) => {
      if (error.retryable) delete current.work;
      throw error;
    });
    this.#follow(current.work);
    return current.work;
  }

  /**
   * Goes on with a payment whose signing took this tab to the bank: cleans the address bar at once, then
   * asks the bank. Any number of calls give one result. `undefined` when this tab has no payment under
   * way, or is the popup of a page that goes on with it: that window is then closed. Safe on every page;
   * what belongs to `handleRedirect` or to others is left alone.
   *
   * After a `retryable` failure it may be called again.
   */
  handlePayment(url: string | URL = location.href, options: PayOptions = {}) {
    return goOn(this, this.#link, new URL(url, location.href), options);
  }

  /** What is connected in this browser. */
  async connections(options: Abortable = {}): Promise<readonly BankConnection[]> {
    const found = await this.#ask<Connection[]>((core) =>
      core.connections(this.#link.options, options),
    );
    return found.map((fields) => new BankConnection(fields, this.#link));
  }

  /** One connection, with its present status. */
  async connection(id: string, options: Abortable = {}): Promise<BankConnection> {
    const fields = await this.#ask<Connection>((core) =>
      core.connection(this.#link.options, { ...options, id }),
    );
    return new BankConnection(fields, this.#link);
  }

  /** Ends a connection here at once, and at the bank. */
  async disconnect(id: string, options: Abortable = {}): Promise<Receipt> {
    const receipt = await this.#ask<Receipt>((core) =>
      core.disconnect(this.#link.options, { ...options, id }),
    );
    if (this.#state === 'connected') this.#become('idle');
    this.#tell('disconnected', receipt);
    return receipt;
  }

  async #ask<T>(call: (core: Core) => Promise<unknown>): Promise<T> {
    return guarded<T>(call(await load(this.#wasm)));
  }

  /** One attempt at a time, and only for a person who has touched the page (B04). */
  #occupy<T>(given: T, ...needed: (keyof T & string)[]): void {
    const missing = needed.find((name) => !given?.[name]);
    if (missing) throw failure('config', `${missing} is missing`);
    if (['loading', 'redirecting', 'waiting', 'exchanging'].includes(this.#state)) {
      throw failure('in_progress', 'another connect is under way');
    }
    if (globalThis.navigator?.userActivation?.hasBeenActive === false) {
      throw failure('config', 'call connect() from a click');
    }
    this.#become('loading');
  }

  /** Leaves the page. If it is still here after the time limit, the person stopped the loading. */
  #leave(url: string): Promise<never> {
    this.#become('redirecting');
    this.#link.leave(new URL(url));
    const back = (shown?: PageTransitionEvent) => {
      if (shown?.persisted === false) return; // the page was still loading when it was left
      removeEventListener('pageshow', back);
      if (this.#state === 'redirecting') this.#become('idle');
    };
    addEventListener('pageshow', back); // from the back/forward cache
    setTimeout(back, this.#link.options.timeoutMs);
    return new Promise(() => {});
  }

  async #land(landing: Landing): Promise<ConnectResult | undefined> {
    const core = await load(this.#wasm);
    const found = await patiently<Found | null>(() => core.land(this.#link.options, landing));
    if (found) return this.#result(await this.#shown(found));
    window.close(); // handed over; `handedover` is for where closing is not allowed
    return undefined;
  }

  /** Every client that asked for the landing tells of its outcome, once. */
  #follow(work: Promise<ConnectResult | undefined>): void {
    if (this.#follows.has(work)) return;
    this.#follows.add(work);
    this.#become('exchanging');
    work.then(
      (result) => {
        this.#become(result ? 'connected' : 'idle');
        if (result) this.#tell('connected', result);
        else this.#tell('handedover', null);
      },
      (thrown: unknown) => this.#failed(thrown),
    );
  }

  /** The cookie of a new connection takes effect when it is first shown; any call does that. */
  async #shown(found: Found): Promise<Found> {
    await this.connection(found.connection.id).catch(() => {}); // or else the next call
    return found;
  }

  #result(found: Found): ConnectResult {
    return { ...found, connection: new BankConnection(found.connection, this.#link) };
  }

  #connected(found: Found): ConnectResult {
    const result = this.#result(found);
    this.#become('connected');
    this.#tell('connected', result);
    return result;
  }

  #failed(thrown: unknown): BankConnectError {
    const error = typed(thrown);
    this.#become(['closed', 'cancelled'].includes(error.code) ? 'idle' : 'error');
    this.#tell('error', error);
    return error;
  }

  #become(state: ConnectState): void {
    const previous = this.#state;
    this.#state = state;
    if (state !== previous) this.#tell('statechange', { state, previous });
  }

  #tell(type: keyof BankConnectEventMap, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Typed listeners. */
export interface BankConnect {
  addEventListener<K extends keyof BankConnectEventMap>(
    type: K,
    listener: (event: BankConnectEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
