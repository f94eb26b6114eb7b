/** The calls of one payment: each is made once, or again where that can do no harm. */

import type { Call, Link } from '../connection.js';
import {
  BankConnectError,
  type BankConnectErrorCode,
  type BankConnection,
  type Provider,
} from '../index.js';
import type { PayOptions } from './types.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Failures after which the same question may be asked again. */
const PASSING: readonly BankConnectErrorCode[] = [
  'network',
  'timeout',
  'bank_unavailable',
  'rate_limited',
  'outcome_unknown',
];
/** The longest wait that a person is left alone with, in seconds. */
const PATIENCE = 60;

/** Where a payment is dealt with. */
export class Desk {
  /** What the app gets back with the result. */
  readonly appState: unknown;

  /** Errors: `config` for an `appState` that is not JSON. */
  constructor(
    readonly connection: BankConnection,
    readonly link: Link,
    readonly options: PayOptions,
    { appState }: { readonly appState?: unknown } = options,
  ) {
    try {
      // the same as after a redirect
      this.appState = appState === undefined ? undefined : JSON.parse(JSON.stringify(appState));
    } catch (cause) {
      throw failure('config', 'appState must be plain JSON', { cause });
    }
  }

  /** Where a tab remembers things. */
  get storage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
    return this.link.options.storage ?? sessionStorage;
  }

  /** A call to the bank's payments, made once. */
  bank<T>(method: Method, below: readonly string[], body?: object, key?: string): Promise<T> {
    // a decimal text becomes a number of the same digits; only a key is followed by `":`
    const text = body && JSON.stringify(body).replace(/"value":"([\d.]+)"/, '"value":$1');
    const given = { ...(text && { body: text }), ...(key && { key }) };
    return this.#call(method, ['api', 'my', 'payments', ...below], given);
  }

  /** What the broker remembers of orders, of one where its key is given. */
  orders<T>(method: Method, ...key: string[]): Promise<T> {
    return this.steadily(() => this.#call(method, ['orders', ...key]));
  }

  /** The bank's login pages. Errors: `config` where the broker no longer knows the provider. */
  async provider(): Promise<Provider> {
    const { connection, options } = this;
    const { signal } = options;
    const providers = await this.steadily(() =>
      connection.ask<Provider[]>((core, given) => core.providers(given, { signal })),
    );
    const found = providers.find(({ id }) => id === connection.provider);
    if (found) return found;
    throw failure('config', 'the broker does not offer this provider');
  }

  /** Makes a call again while it fails for reasons that pass. */
  async steadily<T>(call: () => Promise<T>): Promise<T> {
    for (let wait = 1; ; wait *= 2) {
      try {
        return await call();
      } catch (thrown) {
        if (!isPassing(thrown) || wait > 8) throw thrown;
        await this.pause((thrown.retryAfter ?? wait) * 1000);
      }
    }
  }

  /** Waits; `early.wake` ends the wait. Errors: `closed` when the caller aborts. */
  async pause(ms: number, early: { wake?: () => void } = {}): Promise<void> {
    const { signal } = this.options;
    await new Promise<void>((done) => {
      const timer = setTimeout(end, ms);
      function end(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        done();
      }
      early.wake = end;
      signal?.addEventListener('abort', end);
      if (signal?.aborted) end();
    });
    if (signal?.aborted) throw failure('closed', 'the caller ended the call');
  }

  #call<T>(method: Method, path: readonly string[], rest: Partial<Call> = {}): Promise<T> {
    const { signal } = this.options;
    return this.connection.call({ ...(method !== 'GET' && { method }), path, signal, ...rest });
  }
}

/** A failure of the package itself. */
export function failure(
  code: BankConnectErrorCode,
  message: string,
  rest: Partial<BankConnectError> = {},
): BankConnectError {
  return new BankConnectError({ code, message, retryable: false, ...rest });
}

/** Whether the same question may be asked again, and soon enough. */
export function isPassing(thrown: unknown): thrown is BankConnectError {
  const { code, retryAfter = 0 } = thrown as BankConnectError;
  return PASSING.includes(code) && retryAfter <= PATIENCE;
}

/** Whether the bank refused with this code. */
export function refusedWith(thrown: unknown, code: string): boolean {
  return Boolean((thrown as BankConnectError).bankCodes?.includes(code));
}
