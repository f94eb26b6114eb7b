/** What can pay: connections with `pisp`, and the accounts that their bank lets us read. */

import type { BankConnection } from '../index.js';
import type { Source } from './form.js';

/**
 * The connection to pay through, one for each provider, the newest first. Where the one with this id is not
 * there, or cannot pay, the developers of the page are told; not once there `was` one.
 */
export function payersOf(
  all: readonly BankConnection[],
  id: string | null,
  was?: BankConnection,
): BankConnection[] {
  if (id && !was && !all.some((one) => one.id === id && one.scopes.includes('pisp')))
    import('../mistakes.js').then(
      (part) => part.tellNoConnection(id, all, 'bank-pay'),
      () => {},
    );
  const able = all
    .filter((one) => one.status === 'connected' && one.scopes.includes('pisp'))
    .filter((one) => !id || one.id === id)
    .sort((a, b) => b.connected_at.localeCompare(a.connected_at));
  const first = (one: BankConnection) => able.find(({ provider }) => provider === one.provider);
  return able.filter((one) => one === first(one));
}

/** Accounts of the same bank that can pay; none where they cannot be read. */
export async function sourcesOf(
  all: readonly BankConnection[],
  payer: BankConnection,
): Promise<Source[]> {
  const reads = (one: BankConnection) =>
    one.status === 'connected' && one.provider === payer.provider && one.scopes.includes('aisp');
  const reader = reads(payer) ? payer : all.find(reads);
  const accounts = await reader?.accounts().all();
  return (accounts ?? []).flatMap(({ identification: { iban }, nameI18N, productI18N }) =>
    iban?.startsWith('CZ') ? [{ iban, label: nameI18N ?? productI18N ?? '' }] : [],
  );
}
