// Whether a payment that the bank has accepted is settled meanwhile: asked for a little while, where it is due
// today. A failure tells nothing new, so it is not told.

import type { PaymentResult } from 'bankconnect';
import { client } from '../bank.ts';
import { dayIn, today } from './interval.ts';

/** How often, and after how many milliseconds, the bank is asked. */
const ASKED = 10;
const PAUSE = 3000;

const ENDS: Readonly<Record<string, PaymentResult['status']>> = {
  ACSC: 'settled',
  RJCT: 'rejected',
};

/** The result with its new status; `undefined` where nothing has changed. */
export async function settledLater(result: PaymentResult): Promise<PaymentResult | undefined> {
  const day = dayIn(result.payment.requestedExecutionDate);
  if (result.status !== 'accepted' || (day && day > today())) return undefined;
  try {
    const [{ cobs }, connection] = await Promise.all([
      import('bankconnect/cobs'),
      client().connection(result.connection),
    ]);
    for (let asked = 0; asked < ASKED; asked += 1) {
      await new Promise((done) => setTimeout(done, PAUSE));
      const told = await cobs(connection).payments.status(result.id);
      const status = ENDS[told.instructionStatus ?? ''];
      const reason = told.statusChangeInfo;
      if (status) return { ...result, status, ...(typeof reason === 'string' && { reason }) };
    }
  } catch {
    // the person knows that it is accepted
  }
  return undefined;
}
