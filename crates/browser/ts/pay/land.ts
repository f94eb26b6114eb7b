/** A payment whose signing took this tab to the bank, when the person is back. */

import type { Link } from '../connection.js';
import {
  type BankConnect,
  type BankConnectError,
  BankConnection,
  type Connection,
} from '../index.js';
import { resume } from './flow.js';
import { MARK, type Mark, read, written } from './mark.js';
import type { PaymentResult, PayOptions } from './types.js';

/** How long a popup's page waits for the page that opened it, in milliseconds. */
const OFFER_MS = 2000;
/** How long it then waits to be closed. */
const CLOSED_MS = 1000;

let landed: Promise<PaymentResult | undefined> | undefined;

/**
 * Goes on with a payment whose signing took this tab to the bank; `undefined` when the page that opened
 * this popup goes on with it. See `BankConnect.handlePayment`.
 */
export function land(
  client: BankConnect,
  link: Link,
  [entry, url]: readonly [string, URL],
  options: PayOptions,
): Promise<PaymentResult | undefined> {
  const storage = link.options.storage ?? sessionStorage;
  if (storage.getItem(MARK) !== entry && landed) return landed;
  storage.removeItem(MARK);
  const { back, mark, isBack } = read(entry, url);
  const error = !isBack || url.searchParams.has('error');
  const work = async () => {
    if (mark.popup && (await handOver(mark.key, error))) {
      // the other page closes it, unless the bank has cut the link between them
      await new Promise((left) => setTimeout(left, CLOSED_MS));
      window.close(); // `handedover` is for where closing is not allowed
      client.dispatchEvent(new CustomEvent('handedover', { detail: null }));
      return undefined;
    }
    const connection = new BankConnection(mark as Connection & Mark, link);
    const result = await resume(connection, link, mark.key, options, { mark, error });
    if (result.status === 'unsigned') storage.setItem(MARK, written(back, { ...mark, told: true }));
    return result;
  };
  landed = work().catch((thrown: BankConnectError) => {
    if (thrown.retryable) storage.setItem(MARK, entry); // for the next call
    throw thrown;
  });
  return landed;
}

/** Tells the page that opened this popup that the person is back; false when nobody heard it. */
async function handOver(key: string, error: boolean): Promise<boolean> {
  const channel = new BroadcastChannel(`${MARK}:${key}`);
  const heard = await new Promise<boolean>((settle) => {
    channel.onmessage = () => settle(true);
    setTimeout(settle, OFFER_MS, false);
    channel.postMessage(error ? 'error' : 'back');
  });
  channel.close();
  return heard;
}
