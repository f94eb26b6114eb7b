/** The way to words for a developer who has named what is not there. */

import type { BankConnect } from './client.js';
import { type BankConnectError, typed } from './error.js';
import type { ConnectParams } from './parameters.js';

/** What was thrown, as the one error class; a mistake of the program names the value and the offer. */
export async function explained(
  client: BankConnect,
  params: ConnectParams,
  thrown: unknown,
): Promise<BankConnectError> {
  const error = typed(thrown);
  const part = error.code === 'config' && (await import('./mistakes.js').catch(() => undefined));
  return part ? part.explained(client, params, error) : error;
}
