// Signing a standing order at the bank's own pages: the way there, and what became of it. A signing is
// begun by the person's press only, and nothing is sent again by itself.

import { BankConnectError, type BankConnection } from 'bankconnect';
import { cobs } from 'bankconnect/cobs';
import { asFailure, client } from '../bank.ts';
import type { Signed } from '../router.ts';
import { remember } from './away.ts';

const REDIRECT = 'USERAGENT_REDIRECT';
/** How often, and after how many milliseconds, the bank is asked how a signing has ended. */
const ASKED = 6;
const PAUSE = 1000;

/** How a signing has ended; `open`: it still waits. */
export type Signing = 'done' | 'cancelled' | 'expired' | 'open';

const STATES: Readonly<Record<string, Signing>> = {
  DONE: 'done',
  CANCELLED: 'cancelled',
  CLOSED: 'expired',
};

/**
 * Leaves the page for the bank, where the person signs. Comes back only when that fails.
 *
 * Errors: `unsupported` where the bank signs by other means only, `untrusted_url`, those of the calls.
 */
export async function leaveToSign(connection: BankConnection, signed: Signed): Promise<void> {
  const signing = cobs(connection).standingOrders.signing(signed.order);
  const provider = (await client().providers()).find(({ id }) => id === connection.provider);
  const offer = await signing.offer(signed.sign).catch(absent);
  // some banks write a list of one as its only entry
  const scenarios = (offer?.scenarios ?? [[REDIRECT]]).map((methods) => [methods].flat());
  if (!provider?.redirect_uri || !scenarios.some((methods) => `${methods}` === REDIRECT)) {
    throw failure('unsupported', 'the bank does not sign by its own page alone');
  }
  const method = { authorizationType: REDIRECT, redirectUrl: provider.redirect_uri };
  const { href } = await signing.begin(signed.sign, method);
  const url = URL.canParse(href?.url ?? '') ? new URL(href?.url ?? '') : undefined;
  if (!url || url.origin !== provider.authorization_origin || url.username || url.password) {
    throw failure('untrusted_url', "the signing page is not on the bank's origin");
  }
  remember(signed);
  location.assign(url);
  await new Promise(() => {}); // the page is on its way out
}

/**
 * How the signing has ended. What a return brings along is not believed: the bank is asked, and once more
 * where it is not at its end yet.
 */
export async function outcome(
  connection: BankConnection,
  { order, sign }: Signed,
  signal: AbortSignal,
): Promise<Signing> {
  const signing = cobs(connection).standingOrders.signing(order);
  for (let asked = 1; ; asked += 1) {
    const asking = signing.progress(sign, { authorizationType: REDIRECT }, { signal });
    const ended = STATES[(await asking.catch(absent))?.state ?? ''];
    if (ended || asked === ASKED) return ended ?? 'open';
    await new Promise((done) => setTimeout(done, PAUSE));
    if (signal.aborted) return 'open';
  }
}

/** What a bank may leave out is no failure. */
function absent(thrown: unknown): undefined {
  if (asFailure(thrown)?.bankCodes?.includes('NOT_IMPLEMENTED')) return undefined;
  throw thrown;
}

function failure(code: 'unsupported' | 'untrusted_url', message: string): BankConnectError {
  return new BankConnectError({ code, message, retryable: false });
}
