// The one client of the page, and the few things views share about connections.

import { BankConnect, type BankConnectError, BankConnectError as Failure } from 'bankconnect';

export const BROKER = '/bank';

let only: BankConnect | undefined;

/** The client, made on first use so that a failure to load it can be shown. */
export function client(): BankConnect {
  only ??= new BankConnect({ brokerUrl: BROKER });
  return only;
}

/** The scopes this page asks for: it only reads. */
export const SCOPES = ['aisp'];

/** What failed, in the package's own terms; anything else is our mistake. */
export function asFailure(thrown: unknown): BankConnectError | undefined {
  return Failure.is(thrown) ? thrown : undefined;
}
