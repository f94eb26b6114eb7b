/** Payments that a closed tab has left: each can be gone on with, or forgotten. */

import type { UnfinishedPayment } from 'bankconnect';
import { money } from './words.ts';

interface Props {
  readonly payments: readonly UnfinishedPayment[];
  readonly onResume: (payment: UnfinishedPayment) => void;
  readonly onForget: (payment: UnfinishedPayment) => void;
}

export function Unfinished({ payments, onResume, onForget }: Props) {
  return (
    <ul>
      {payments.map((one) => (
        <li key={one.key}>
          <span>A payment is not finished</span>
          <span>{amountOf(one)}</span>
          <button type="button" onClick={() => onResume(one)}>
            Go on
          </button>
          <button type="button" onClick={() => onForget(one)}>
            Forget it
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Not known before the bank has answered. */
function amountOf({ payment }: UnfinishedPayment): string {
  const amount = payment?.amount?.instructedAmount;
  return amount ? money(amount) : '';
}
