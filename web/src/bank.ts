// The one client of the page, and the few things views share about connections.

import { BankConnect, type BankConnectError, BankConnectError as Failure } from 'bankconnect';

let only: BankConnect | undefined;

/** The client, made on first use so that a failure to load it can be shown. */
export function client(): BankConnect {
  if (only) return only;
  only = new BankConnect();
  only.addEventListener('connected', () => expect(expected() + 1));
  only.addEventListener('disconnected', () => expect(Math.max(0, expected() - 1)));
  return only;
}

const COUNT = 'bankconnect-demo.connections';

/** How many banks were connected when this browser last heard, to keep their place while loading. */
export function expected(): number {
  try {
    return Number(localStorage.getItem(COUNT)) || 0;
  } catch {
    return 0; // without storage the page only jumps a little
  }
}

export function expect(count: number): void {
  try {
    localStorage.setItem(COUNT, String(count));
  } catch {
    // as above
  }
}

/** The scopes this page asks for: it only reads. */
export const SCOPES = ['aisp'];

/** What failed, in the package's own terms; anything else is our mistake. */
export function asFailure(thrown: unknown): BankConnectError | undefined {
  return Failure.is(thrown) ? thrown : undefined;
}
