// One movement on an account as the page shows it, read from the standard's deep structure.

import type { Transaction, TransactionDetails } from 'bankconnect';
import type { Texts } from '../i18n.ts';
import { decimal, type Sum, signed, size } from './money.ts';

export type Kind = keyof Texts['kinds'];

/** Where movements come from, for lists over several accounts. */
export interface Source {
  readonly connection: string;
  readonly account: string;
  readonly name: string;
  readonly bank: string;
}

export interface Entry {
  readonly source: Source;
  readonly sum: Sum;
  /** Day of booking, `YYYY-MM-DD`; of value where the bank has not booked it. */
  readonly day: string;
  readonly booked: boolean;
  /** The other side, or what the bank calls it; `undefined`: only the kind is known. */
  readonly who: string | undefined;
  /** The other side's account, without spaces. */
  readonly account: string | undefined;
  readonly message: string | undefined;
  /** Variable, specific and constant symbol. */
  readonly symbols: Symbols;
  readonly kind: Kind;
  readonly reference: string | undefined;
  /** All that can be searched, without accents and in small letters. */
  readonly text: string;
}

export interface Symbols {
  readonly vs?: string;
  readonly ss?: string;
  readonly ks?: string;
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

export function readEntry(transaction: Transaction, source: Source): Entry {
  const details =
    transaction.entryDetails?.transactionDetails ?? transaction.entryDetails ?? undefined;
  const remittance = details?.remittanceInformation?.unstructured?.trim();
  const direction = transaction.creditDebitIndicator;
  const parts = {
    source,
    sum: signed(transaction.amount, direction),
    day: (transaction.bookingDate?.date ?? transaction.valueDate?.date ?? '').slice(0, 10),
    booked: transaction.status !== 'PDNG',
    who: counterparty(details, direction),
    account: otherAccount(details, direction),
    message: remittance?.startsWith('/')
      ? undefined
      : remittance || details?.additionalTransactionInformation?.trim() || undefined,
    symbols: symbols(details, remittance),
    kind: kindOf(String(transaction.bankTransactionCode?.proprietary?.code ?? '')),
    reference: transaction.entryReference?.trim() || undefined,
  };
  return { ...parts, text: searchable(parts) };
}

export function kindOf(code: string): Kind {
  return KINDS.find(([start]) => code.startsWith(start))?.[1] ?? 'other';
}

type Direction = Transaction['creditDebitIndicator'];

function counterparty(
  details: TransactionDetails | undefined,
  direction: Direction,
): string | undefined {
  const parties = details?.relatedParties;
  const party = direction === 'DBIT' ? parties?.creditor : parties?.debtor;
  const account = direction === 'DBIT' ? parties?.creditorAccount : parties?.debtorAccount;
  const names = [
    party?.name,
    account?.name,
    parties?.proprietary?.party?.name,
    account?.identification?.iban && spaced(account.identification.iban),
    account?.identification?.other?.identification,
  ];
  return names.find((name) => name?.trim())?.trim();
}

function otherAccount(
  details: TransactionDetails | undefined,
  direction: Direction,
): string | undefined {
  const parties = details?.relatedParties;
  const account = direction === 'DBIT' ? parties?.creditorAccount : parties?.debtorAccount;
  const { iban, other } = account?.identification ?? {};
  return bare(iban ?? other?.identification ?? '') || undefined;
}

/** The symbols, from wherever the bank put them. */
function symbols(details: TransactionDetails | undefined, remittance: string | undefined): Symbols {
  const reference =
    details?.remittanceInformation?.structured?.creditorReferenceInformation?.reference;
  const text = [reference ?? [], remittance ?? ''].flat().join(',');
  const found: { vs?: string; ss?: string; ks?: string } = {};
  for (const [, name, value] of text.matchAll(/\b([VSK]S)[:/]\s*(\d{1,10})\b/g)) {
    found[name?.toLowerCase() as keyof Symbols] ??= value ?? '';
  }
  return found;
}

function searchable(entry: Omit<Entry, 'text'>): string {
  const amount = decimal(size(entry.sum.thousandths));
  const [whole, rest = ''] = amount.split('.');
  const cents = rest.padEnd(2, '0');
  const written = [`${whole}.${cents}`, `${whole},${cents}`, entry.sum.currency];
  const { who, account, message, symbols: marks, reference } = entry;
  return fold([who, account, message, ...Object.values(marks), reference, ...written].join(' '));
}

/** Text without accents and in small letters, for comparing. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** An account number without its spaces. */
export const bare = (number: string): string => number.replace(/\s/g, '');

/** An account number in groups of four, as it is printed. */
export function spaced(iban: string): string {
  return bare(iban).replace(/(.{4})(?=.)/g, '$1\u00a0');
}
