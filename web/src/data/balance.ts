// Which of the bank's balances to show: the booked one, and what is available now.

import type { Balance } from 'bankconnect';
import { type Sum, signed } from './money.ts';

export interface Balances {
  /** `undefined` when the bank sent none of that kind. */
  readonly booked: Sum | undefined;
  readonly available: Sum | undefined;
  /** The day on which the booked balance was true, `YYYY-MM-DD`. */
  readonly day: string | undefined;
}

/** Codes by preference: interim booked is newer than closing booked, opening is the last resort. */
const BOOKED = ['ITBD', 'CLBD', 'PRCD'];

export function pick(balances: readonly Balance[], currency?: string | null): Balances {
  const own = balances.filter((balance) => !currency || balance.amount.currency === currency);
  const coded = (code: string): Balance | undefined =>
    own.find((balance) => balance.type?.codeOrProprietary.code === code);
  const booked = BOOKED.map(coded).find((balance) => balance !== undefined);
  const available = coded('CLAV');
  return {
    booked: booked && signed(booked.amount, booked.creditDebitIndicator),
    available: available && signed(available.amount, available.creditDebitIndicator),
    day: booked?.date?.dateTime.slice(0, 10),
  };
}
