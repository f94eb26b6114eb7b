/** What the app says: how a payment has ended, what went wrong, how much it is. */

import { type Amount, BankConnectError, type PaymentStatus } from 'bankconnect';

export const ENDS: Record<PaymentStatus, string> = {
  settled: 'The payment is made.',
  accepted: 'You have signed the payment. The bank will make it.',
  rejected: 'The bank has refused the payment.',
  cancelled: 'You said no at the bank. Nothing was paid.',
  expired: 'The time for signing is over. Nothing was paid.',
  unsigned: 'The payment still waits for your signature.',
};

/** What to tell a person about an error. */
export function explain(error: unknown): string {
  if (!BankConnectError.is(error)) throw error;
  switch (error.code) {
    case 'cancelled':
      return 'You said no at the bank. Nothing has changed.';
    case 'closed':
      return 'Cancelled. Nothing has changed.';
    case 'outcome_unknown':
      return 'The bank has not answered. Look at your account before you pay once more: the payment may be there.';
    default: {
      const next = error.retryable ? 'Please try again.' : 'Please start again later.';
      return `That did not work (${error.code}). ${next}`;
    }
  }
}

/** An amount as people write it. It is a text with every digit of the bank, so it stays exact. */
export function money({ value, currency }: Amount, sign = ''): string {
  const number = new Intl.NumberFormat('en', { style: 'currency', currency });
  return number.format(`${sign}${value}` as Intl.StringNumericLiteral);
}
