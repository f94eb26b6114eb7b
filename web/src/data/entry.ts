// One movement on an account as the page shows it, read from the standard's deep structure.

import type { Transaction, TransactionDetails } from 'bankconnect';
import type { Texts } from '../i18n.ts';
import { type Sum, signed } from './money.ts';

export type Kind = keyof Texts['kinds'];

export interface Entry {
  readonly sum: Sum;
  /** Day of booking, `YYYY-MM-DD`; of value where the bank has not booked it. */
  readonly day: string;
  readonly booked: boolean;
  /** The other side, or what the bank calls it; `undefined`: only the kind is known. */
  readonly who: string | undefined;
  readonly message: string | undefined;
  readonly symbol: string | undefined;
  readonly kind: Kind;
}

/** Codes of the Czech Banking Association by their beginning, the longest first. */
const KINDS: readonly (readonly [string, Kind])[] = [
  ['10000103', 'debit'],
  ['10000104', 'debit'],
  ['10000105', 'standing'],
  ['10000106', 'sipo'],
  ['10000107', 'domesticIn'],
  ['100001', 'domestic'],
  ['100002', 'foreign'],
  ['100003', 'foreign'],
  ['100004', 'sepa'],
  ['100005', 'debit'],
  ['200001', 'cashIn'],
  ['200002', 'cashOut'],
  ['200003', 'cashOut'],
  ['300001', 'atm'],
  ['3', 'card'],
  ['4', 'fee'],
  ['5', 'returned'],
  ['900001', 'loan'],
  ['900002', 'interest'],
];

export function readEntry(transaction: Transaction): Entry {
  const details =
    transaction.entryDetails?.transactionDetails ?? transaction.entryDetails ?? undefined;
  const remittance = details?.remittanceInformation?.unstructured?.trim();
  return {
    sum: signed(transaction.amount, transaction.creditDebitIndicator),
    day: (transaction.bookingDate?.date ?? transaction.valueDate?.date ?? '').slice(0, 10),
    booked: transaction.status !== 'PDNG',
    who: counterparty(details, transaction.creditDebitIndicator),
    message: remittance?.startsWith('/')
      ? undefined
      : remittance || details?.additionalTransactionInformation?.trim() || undefined,
    symbol: symbol(details, remittance),
    kind: kindOf(String(transaction.bankTransactionCode?.proprietary?.code ?? '')),
  };
}

export function kindOf(code: string): Kind {
  return KINDS.find(([start]) => code.startsWith(start))?.[1] ?? 'other';
}

function counterparty(
  details: TransactionDetails | undefined,
  direction: Transaction['creditDebitIndicator'],
): string | undefined {
  const parties = details?.relatedParties;
  const out = direction === 'DBIT';
  const party = out ? parties?.creditor : parties?.debtor;
  const account = out ? parties?.creditorAccount : parties?.debtorAccount;
  const names = [
    party?.name,
    account?.name,
    parties?.proprietary?.party?.name,
    account?.identification?.iban && spaced(account.identification.iban),
    account?.identification?.other?.identification,
  ];
  return names.find((name) => name?.trim())?.trim();
}

/** The variable symbol, from wherever the bank put it. */
function symbol(
  details: TransactionDetails | undefined,
  remittance: string | undefined,
): string | undefined {
  const reference =
    details?.remittanceInformation?.structured?.creditorReferenceInformation?.reference;
  const text = [reference ?? [], remittance ?? ''].flat().join(',');
  return /\bVS[:/]\s*(\d{1,10})\b/.exec(text)?.[1];
}

/** An account number in groups of four, as it is printed. */
export function spaced(iban: string): string {
  return iban.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1\u00a0');
}
