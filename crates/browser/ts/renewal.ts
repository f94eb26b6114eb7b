/** Which connection a press would renew; loaded when this browser holds one. */

import type { Connection } from './generated/protocol.js';
import { filled } from './languages.js';
import type { Aim, Wanted } from './offer.js';
import type { RenewalWords, Texts } from './texts.js';
import { day, isDue } from './when.js';

/** The words of this part. */
export const words: RenewalWords = {
  en: {
    renew: 'Renew access',
    ends: 'Without renewal, access ends on {0}',
    anew: 'New access until {0} at the latest',
    ended: 'Access has ended',
  },
  cs: {
    renew: 'Obnovit přístup',
    ends: 'Bez obnovení přístup skončí {0}',
    anew: 'Nový přístup nejdéle do {0}',
    ended: 'Přístup skončil',
  },
};

/**
 * The connection that was named, or the only one of the bank if it should be renewed. With a second one
 * nobody knows which is meant, and one that asks for less than it had is no renewal.
 */
export function renewal<T extends Connection>(
  held: readonly T[],
  { connection, scopes }: Wanted,
  { provider }: Pick<Aim, 'provider'>,
): T | undefined {
  if (connection) return held.find(({ id }) => id === connection);
  const covered = (had: readonly string[]) => !scopes[0] || had.every((s) => scopes.includes(s));
  const [due, other] = held.filter((one) => one.provider === provider && covered(one.scopes));
  return due && !other && isDue(due) ? due : undefined;
}

/** When the present access ends. */
export function ending(text: Texts, language: string, renewed: Connection): string {
  if (renewed.status === 'reconnect') return text.ended;
  const end = renewed.reconnect_by;
  return end ? filled(text.ends, day(language, end)) : '';
}
