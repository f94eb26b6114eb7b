// The one client of the page, and the few things views share about connections.

import {
  BankConnect,
  type BankConnectError,
  type Connection,
  BankConnectError as Failure,
} from 'bankconnect';

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

/** What a permission is asked for, and by which scopes: one to read, another one to pay. */
export const PURPOSES = { read: ['aisp'], pay: ['pisp'] } as const;
export type Purpose = keyof typeof PURPOSES;

/** Whether a connection can read accounts. What a prepared token opens is only known to the bank. */
export const canRead = ({ status, scopes }: Readonly<Connection>): boolean =>
  status === 'connected' && (scopes.includes('aisp') || scopes.length === 0);

/** Whether payments can be ordered through a connection. */
export const canPay = ({ status, scopes }: Readonly<Connection>): boolean =>
  status === 'connected' && scopes.includes('pisp');

/** What a connection is for; one that opens both counts among those that read. */
export const purposeOf = ({ scopes }: Readonly<Connection>): Purpose =>
  scopes.includes('pisp') && !scopes.includes('aisp') ? 'pay' : 'read';

/** What failed, in the package's own terms; anything else is our mistake. */
export function asFailure(thrown: unknown): BankConnectError | undefined {
  return Failure.is(thrown) ? thrown : undefined;
}
