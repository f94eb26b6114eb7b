// What the types of <bank-pay> allow, and what they refuse; checked by `npm run check`, never run.

import type { PaymentOrder, PaymentResult } from 'bankconnect';
import { BankPayElement } from 'bankconnect/pay-element';

declare const element: BankPayElement;

// known by its tag
export const found: BankPayElement | null = document.querySelector('bank-pay');

element.order = { to: { account: '19-2000145399/0800' }, amount: '150.50' };
element.order = undefined;
// @ts-expect-error a number is not exact
element.order = { amount: 150.5 };
// @ts-expect-error no such field
element.order = { payee: 'CZ75' };
element.redirectUrl = new URL('https://app.example/callback');
element.texts = { pay: 'Donate' };
// @ts-expect-error no such text
element.texts = { donate: 'Donate' };
BankPayElement.addLanguage('de', { pay: 'Bezahlen' });

element.addEventListener('bankconnect:paying', ({ detail }) => {
  const order: PaymentOrder = detail;
  // @ts-expect-error it has no end yet
  detail.status;
  return order;
});
document.addEventListener('bankconnect:unpaid', ({ detail }) => {
  const result: PaymentResult = detail;
  return result.resume();
});
