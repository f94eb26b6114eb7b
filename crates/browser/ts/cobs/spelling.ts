/** One spelling and one place for what the standard's text, examples and OpenAPI file write apart. */

import type { Payment, StandingOrder } from '../generated/cobs.js';

const RIGHT: Readonly<Record<string, string>> = {
  signID: 'signId',
  realtionship: 'relationship',
  stopages: 'stoppages',
  neme: 'name',
  postalAddres: 'postalAddress',
};

/** The answer with every name spelt as in the types. Changes the objects themselves. */
export function respelt<T>(answer: T): T {
  if (typeof answer === 'object' && answer !== null) {
    const names = answer as Record<string, unknown>;
    for (const [name, value] of Object.entries(names)) {
      respelt(value);
      const right = Object.hasOwn(RIGHT, name) && RIGHT[name];
      if (right && !Object.hasOwn(names, right)) {
        names[right] = value;
        delete names[name];
      }
    }
  }
  return answer;
}

/** The bank's id of a payment or standing order, wherever the bank has put it. */
export function orderId(order: Payment | StandingOrder): string | undefined {
  const { transactionIdentification, paymentIdentification, standingOrderIdentification } =
    order as Partial<Payment & StandingOrder>;
  const id =
    transactionIdentification ??
    (paymentIdentification ?? standingOrderIdentification)?.transactionIdentification;
  return id ?? undefined;
}
