// What the types of the package allow, and what they refuse; checked by `npm run check`, never run.

import type { Balance, BankConnectError, BankConnection, PaymentRequest } from 'bankconnect';
import { type Cobs, cobs, type KeptOrder, orderId } from 'bankconnect/cobs';

declare const connection: BankConnection;
declare const balance: Balance;
const api: Cobs = cobs(connection, { limits: 'standard' });

// amounts are decimal strings, both ways
export const read: string = balance.amount.value;
// @ts-expect-error they are no numbers
export const sum: number = balance.amount.value;

export const payment: PaymentRequest = {
  paymentIdentification: { instructionIdentification: 'APP-1' },
  amount: { instructedAmount: { value: '150.50', currency: 'CZK' } },
  debtorAccount: { identification: { iban: 'CZ6907101781240000004159' } },
  creditorAccount: { identification: { iban: 'CZ7508000000002108589434' } },
};
// @ts-expect-error a number is not exact
payment.amount.instructedAmount.value = 150.5;
// @ts-expect-error no kind of payment may have it
payment.purpose = { proprietary: 'rent' };
// @ts-expect-error a word of the standard, not of the app
payment.paymentTypeInformation = { instructionPriority: 'FAST' };

export async function orders(signal: AbortSignal): Promise<void> {
  const placed = await api.payments.initiate(payment, { idempotencyKey: 'k'.repeat(16), signal });
  const id: string | undefined = orderId(placed);
  // @ts-expect-error an answer may lack it, or have it as null
  const signId: string = placed.signInfo.signId;
  // known words are offered, others may come
  const state: 'ACTC' | (string & {}) | null | undefined = placed.instructionStatus;
  // @ts-expect-error payments are not changed
  api.payments.change(id, payment);
  // @ts-expect-error batches cannot be listed
  api.batches.list();
  // @ts-expect-error standing orders have no step 0
  api.standingOrders.signing('so').start();
  const offer = await api.payments.signing('p').start({ signal });
  const scenario: readonly string[] | undefined = offer.scenarios?.[0];
  for await (const order of api.standingOrders.list({ size: 10 })) {
    const alias: string | null | undefined = order.standingOrder?.alias;
    void alias;
  }
  for await (const pages of api.payments.awaiting('acc').pages()) void pages.length;
  await api.standingOrders.create({
    standingOrderIdentification: { instructionIdentification: 'SO-1' },
    amount: { instructedAmount: { value: '1.00', currency: 'CZK' } },
    requestedExecutionDate: '2026-04-01',
    standingOrder: {
      execution: {
        mode: 'UNTIL_CANCELLATION',
        modeDue: 'DUE_DAY_OF_MONTH',
        // @ts-expect-error no interval of the standard
        interval: 'FORTNIGHTLY',
        intervalDue: 15,
      },
    },
    debtorAccount: { identification: { iban: 'CZ6907101781240000004159' } },
    creditorAccount: { identification: { iban: 'CZ7508000000002108589434' } },
  });
  void [signId, state, scenario];
}

export function told(error: BankConnectError, kept: KeptOrder): string {
  if (error.code === 'invalid_order') {
    return (error.fields ?? []).map(({ field, rule }) => `${field}: ${rule}`).join();
  }
  // @ts-expect-error no code of the package
  if (error.code === 'oops') return '';
  // @ts-expect-error what the bank answered has to be looked at first
  return kept.answer.length;
}

// @ts-expect-error limits of no bank
cobs(connection, { limits: 'none' });
