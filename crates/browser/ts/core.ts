/** Loads the WebAssembly component once per page and guards every call into it. */

import { type BankConnectError, failure, typed } from './error.js';
import * as component from './wasm/core.js';

/** Where the component comes from; a `Response` allows for `fetch(url, { integrity })`. */
export type WasmSource =
  | string
  | URL
  | Response
  | Promise<Response>
  | BufferSource
  | WebAssembly.Module;

/** Options as the component reads them (`settings.rs`). */
export interface Options {
  readonly brokerUrl: string;
  readonly timeoutMs: number;
  readonly attemptTtlMs: number;
  readonly parse: (json: string) => unknown;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'> | null;
}

// named one by one, so that the bundler drops the rest of the glue
const core = {
  providers: component.providers,
  begin: component.begin,
  connectInPopup: component.connectInPopup,
  land: component.land,
  connectPrepared: component.connectPrepared,
  connections: component.connections,
  connection: component.connection,
  disconnect: component.disconnect,
  call: component.call,
};

/** @internal */
export type Core = typeof core;

let ready = false;

/** One fetch per source: a source that fails, or another client's, is nobody else's business. */
const loading = new Map<unknown, Promise<Core>>();

/** Rejects every open call. */
const open = new Set<(reason: unknown) => void>();

// A trap would leave the calls that were open pending for ever (B22). It surfaces here, because
// the component goes on in microtasks, timers and messages.
globalThis.window?.addEventListener('error', ({ error }) => {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  for (const reject of open) reject(failure('internal', 'the component failed', error));
  open.clear();
});

/**
 * The component; fetched and compiled on the first call, tried again after a failure. The first
 * source that loads serves the whole page. @internal
 */
export function load(source?: WasmSource | (() => WasmSource)): Promise<Core> {
  if (ready) return Promise.resolve(core);
  const work = loading.get(source) ?? start(source).finally(() => loading.delete(source));
  loading.set(source, work);
  return work;
}

async function start(source: WasmSource | (() => WasmSource) | undefined): Promise<Core> {
  let code: BufferSource | WebAssembly.Module;
  try {
    code = await bytes(typeof source === 'function' ? source() : source);
  } catch (cause) {
    throw failure('network', 'the component could not be fetched', cause);
  }
  try {
    const module = code instanceof WebAssembly.Module ? code : await WebAssembly.compile(code);
    if (!ready) component.initSync({ module });
    ready = true;
  } catch (cause) {
    throw failure('unsupported', "WebAssembly did not start; CSP needs 'wasm-unsafe-eval'", cause);
  }
  return core;
}

async function bytes(source?: WasmSource): Promise<BufferSource | WebAssembly.Module> {
  const found = (await source) ?? new URL('./core.wasm', import.meta.url);
  if (typeof found !== 'string' && !(found instanceof URL) && !(found instanceof Response)) {
    return found;
  }
  const response = found instanceof Response ? found : await fetch(found);
  if (!response.ok) throw response.status;
  return response.arrayBuffer();
}

/** Waits for a call into the component; every failure becomes a `BankConnectError`. @internal */
export function guarded<T>(work: Promise<unknown>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    open.add(reject);
    work
      .then(
        (value) => resolve(value as T),
        (thrown: unknown) => reject(typed(thrown)),
      )
      .finally(() => open.delete(reject));
  });
}

/** Calls again while the broker is busy with this call or another of this browser. @internal */
export async function patiently<T>(call: () => Promise<unknown>): Promise<T> {
  for (let left = 30; ; left -= 1) {
    try {
      return await guarded<T>(call());
    } catch (thrown) {
      const { code, retryAfter } = thrown as BankConnectError;
      if (code !== 'rate_limited' || retryAfter !== 1 || left === 0) throw thrown;
      await new Promise((again) => setTimeout(again, 1000));
    }
  }
}
