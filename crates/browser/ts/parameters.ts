/** What goes into a client and comes out of it. */

import type { Abortable, BankConnection } from './connection.js';
import type { Options, WasmSource } from './core.js';
import type { BankConnectError } from './error.js';
import type { Connection, Receipt } from './generated/protocol.js';

/** What the client is doing. `waiting`: the person is at the bank, in a popup. */
export type ConnectState =
  | 'idle'
  | 'loading'
  | 'redirecting'
  | 'waiting'
  | 'exchanging'
  | 'connected'
  | 'error';

/** All optional; a page on the broker's origin needs none. */
export interface BankConnectOptions {
  /** Where the broker answers, on the page's own origin. Default `/bank`. */
  brokerUrl?: string | URL;
  /** Limit of each call to the broker. Default 15 000. */
  timeoutMs?: number;
  /** How long a popup is waited for, and when an abandoned attempt is swept. Default 600 000. */
  attemptTtlMs?: number;
  /** Where the component comes from; the first that loads serves the page. Default: beside this module. */
  wasm?: WasmSource | (() => WasmSource);
  /** How the page leaves for the bank. Default `location.assign`, of the top window. */
  navigate?: (url: URL) => void;
  /** Where attempts are kept. Default `sessionStorage`. */
  storage?: NonNullable<Options['storage']>;
}

/** What to connect. */
export interface ConnectParams extends Abortable {
  /** Id of a provider. */
  provider: string;
  /**
   * Default: as many of the provider's scopes as one authorization takes. Of more, the first are
   * asked for now and the others come back as `ConnectResult.rest`.
   */
  scopes?: readonly string[];
  /** `redirect` leaves the page; `popup` needs a click and falls back to `redirect` if blocked. */
  mode?: 'redirect' | 'popup';
  /** Plain JSON that comes back with the result, also across a redirect. */
  appState?: unknown;
}

/** What to connect in a sandbox that hands out tokens by name. */
export interface PreparedParams extends Abortable {
  provider: string;
  token: string;
  certificate?: string;
}

/** A new connection. */
export interface ConnectResult {
  readonly connection: BankConnection;
  /** What was given to `connect`. */
  readonly appState: unknown;
  /** Scopes the bank does not take in the same authorization: connect again with these. */
  readonly rest: readonly string[];
}

/** What the component finds out about a new connection. @internal */
export interface Found {
  readonly connection: Connection;
  readonly appState: unknown;
  readonly rest: readonly string[];
}

/** Events of the client. */
export interface BankConnectEventMap {
  statechange: CustomEvent<{ state: ConnectState; previous: ConnectState }>;
  connected: CustomEvent<ConnectResult>;
  disconnected: CustomEvent<Receipt>;
  /** This window has given its result to the page that opened it, and is closed where that is allowed. */
  handedover: CustomEvent<null>;
  error: CustomEvent<BankConnectError>;
}
