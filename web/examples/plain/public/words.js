// What the app says: how a payment has ended, what went wrong, how much it is.

/** By the `status` of a payment's result. */
export const ENDS = {
  settled: 'The payment is made.',
  accepted: 'You have signed the payment. The bank will make it.',
  rejected: 'The bank has refused the payment.',
  cancelled: 'You said no at the bank. Nothing was paid.',
  expired: 'The time for signing is over. Nothing was paid.',
  unsigned: 'The payment still waits for your signature.',
};

const ERRORS = {
  cancelled: 'You said no at the bank. Nothing has changed.',
  closed: 'Cancelled. Nothing has changed.',
  outcome_unknown:
    'The bank has not answered. Look at your account before you pay once more: the payment may be there.',
};

/** What to tell a person about a `BankConnectError`. */
export function explain({ code, retryable }) {
  if (ERRORS[code]) return ERRORS[code];
  return `That did not work (${code}). ${retryable ? 'Please try again.' : 'Please start again later.'}`;
}

/** An amount as people write it. It is a text with every digit of the bank, so it stays exact. */
export function money({ value, currency }, sign = '') {
  const style = { style: 'currency', currency };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(sign + value);
}
