/** How a press goes on from what is connected; loaded when this browser holds a connection. */

import type { Connection } from './generated/protocol.js';
import type { BankConnection } from './index.js';
import { filled } from './languages.js';
import type { Standing, Wanted } from './offer.js';
import type { RenewalWords, Texts } from './texts.js';
import { day, isDue } from './when.js';

/** The words of this part. */
export const words: RenewalWords = {
  en: {
    renew: 'Renew access',
    ends: 'Without renewal, access ends on {0}',
    anew: 'New access until {0} at the latest',
    ended: 'Access has ended',
    aisp: 'Allow reading accounts',
    pisp: 'Allow payments',
    another: 'Connect another bank',
    more: 'Connect once more',
    have: 'Connected: {0}',
    held: 'Connected until {0} at the latest',
  },
  cs: {
    renew: 'Obnovit přístup',
    ends: 'Bez obnovení přístup skončí {0}',
    anew: 'Nový přístup nejdéle do {0}',
    ended: 'Přístup skončil',
    aisp: 'Povolit čtení účtů',
    pisp: 'Povolit platby',
    another: 'Připojit další banku',
    more: 'Připojit znovu',
    have: 'Připojeno: {0}',
    held: 'Připojeno nejdéle do {0}',
  },
};

/**
 * How a press goes on: with the connection that was named, or the only one of the bank if it should be
 * renewed; with what is left of the scopes; or with another bank, where all is connected. With a second
 * connection nobody knows which one to renew, and one that asks for less than it had is no renewal.
 */
export function standing(
  held: readonly BankConnection[],
  { connection, provider, scopes }: Omit<Wanted, 'provider'> & { provider: string | undefined },
): Standing | undefined {
  const covered = (had: readonly string[]) => !scopes[0] || had.every((s) => scopes.includes(s));
  const [due, other] = held.filter((one) => one.provider === provider && covered(one.scopes));
  const named = held.find(({ id }) => id === connection);
  const renewed = named ?? (due && !other && isDue(due) ? due : undefined);
  if (renewed) {
    return { renewed, label: 'renew', line: (text, language) => ending(text, language, renewed) };
  }
  const live = held.filter((one) => one.status === 'connected');
  const of = (bank: string) => live.filter((one) => one.provider === bank);
  const left = (bank: string) =>
    scopes.filter((scope) => !of(bank).some((one) => one.scopes.includes(scope)));
  if (!provider) {
    const whole = live.filter((one) => !left(one.provider)[0]);
    const names = new Set(whole.map((one) => one.provider_name));
    const line = (text: Texts) => filled(text.have, [...names].join(', '));
    return names.size > 0 ? { label: 'another', quiet: true, line } : undefined;
  }
  const mine = of(provider);
  if (!mine[0]) return undefined;
  const [next] = left(provider);
  if (next) return { label: next === 'aisp' || next === 'pisp' ? next : 'connect', line: () => '' };
  return { label: 'more', quiet: true, line: (text, language) => holding(text, language, mine) };
}

/** When the present access ends. */
function ending(text: Texts, language: string, { status, reconnect_by: end }: Connection): string {
  if (status === 'reconnect') return text.ended;
  return end ? filled(text.ends, day(language, end)) : '';
}

/** Until when all of these hold. */
function holding(text: Texts, language: string, all: readonly Connection[]): string {
  const [end] = all.flatMap(({ reconnect_by: end }) => end ?? []).sort();
  return end
    ? filled(text.held, day(language, end))
    : filled(text.have, all[0]?.provider_name ?? '');
}
