/** The way to what only those load who pay. */

import type { BankConnect } from './client.js';
import type { Link } from './connection.js';
import { failure } from './error.js';
import { clean, isCallback } from './landing.js';
import type { PaymentResult, PayOptions } from './pay/types.js';

/** The payment that this page load goes on with. */
let paid: Promise<PaymentResult | undefined> = Promise.resolve(undefined);

/** Errors: `network`. */
export async function loadPayments() {
  try {
    return await import('./pay.js');
  } catch (cause) {
    throw failure('network', 'the component could not be fetched', cause);
  }
}

/** Goes on with the payment that this tab remembers (`pay/mark.ts`), if it has come back from it. */
export function goOn(
  client: BankConnect,
  link: Link,
  url: URL,
  options: PayOptions,
): Promise<PaymentResult | undefined> {
  const entry = isCallback(url) ? null : remembered(link);
  const isBack = entry?.startsWith(`${url.origin}${url.pathname} `);
  if (!entry || (!isBack && entry.endsWith('"told":true}'))) return paid;
  if (isBack) clean(url); // at once, and only where this payment was waited for (B07)
  paid = loadPayments().then(({ land }) => land(client, link, [entry, url], options));
  return paid;
}

function remembered({ options }: Link): string | null {
  try {
    return (options.storage ?? sessionStorage).getItem('bankconnect-payment');
  } catch {
    return null; // where nothing can be remembered, nothing was
  }
}
