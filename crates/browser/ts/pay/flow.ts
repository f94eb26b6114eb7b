/** A payment from order to end, and from wherever it was left to its end. */

import type { Link } from '../connection.js';
import type { Payment } from '../generated/cobs.js';
import type { KeptOrder } from '../generated/protocol.js';
import { type BankConnect, BankConnectError, BankConnection, type Connection } from '../index.js';
import { draft } from '../order.js';
import { afterReturn, follow, isElsewhere, shut } from './away.js';
import { Desk, failure, isPassing } from './desk.js';
import { MARK, type Mark, read } from './mark.js';
import { Sheet } from './sheet.js';
import { choose, SMS, walk } from './sign.js';
import type { PaymentOrder, PaymentResult, PayOptions, UnfinishedPayment } from './types.js';

/** What the broker remembers of an order. */
type Order = KeptOrder & { readonly answer: Payment | null };

/** How long a popup's page waits for the page that opened it, in milliseconds. */
const OFFER_MS = 2000;
/** How long a signed payment is asked after whose status does not say so yet. */
const ACKNOWLEDGED_MS = 10_000;
/** How often an order is sent again under its key. */
const TRIES = 30;

/** Payments under way on this page, by order and by key: a second click joins the first. */
const underWay = new Map<string, Promise<PaymentResult>>();

function once(name: string, work: () => Promise<PaymentResult>): Promise<PaymentResult> {
  const found = underWay.get(name) ?? work().finally(() => underWay.delete(name));
  underWay.set(name, found);
  return found;
}

/** Sends an order and signs it. See `BankConnection.pay`. */
export function pay(
  connection: BankConnection,
  link: Link,
  order: PaymentOrder,
  options: PayOptions = {},
): Promise<PaymentResult> {
  return once(JSON.stringify([connection.id, order]), async () => {
    if (navigator.userActivation?.hasBeenActive === false) {
      throw failure('config', 'call pay() from a click');
    }
    if (isElsewhere(window.top ?? window)) {
      throw failure('unsupported', "nothing is paid in another site's frame"); // B03
    }
    const key = crypto.randomUUID();
    const reference = key.replaceAll('-', '');
    const { body, problems } = draft(order, reference, options.now?.() ?? new Date());
    if (problems.length > 0) {
      const message = problems.map((problem) => problem.message).join('; ');
      throw failure('invalid_order', message, { fields: problems });
    }
    return attended(new Desk(connection, link, options), key, async (desk, popup) => {
      options.onprogress?.('sending');
      return complete(new Sheet(desk, key, await send(desk, key, body)), popup);
    });
  });
}

/** Payments of this browser that have not come to an end. See `BankConnection.payments`. */
export async function payments(
  connection: BankConnection,
  link: Link,
  options: { signal?: AbortSignal } = {},
): Promise<readonly UnfinishedPayment[]> {
  const desk = new Desk(connection, link, options);
  const { orders } = await desk.orders<{ orders: Order[] }>('GET');
  const phases = { in_flight: 'sending', answered: 'unsigned', unknown: 'unknown' } as const;
  return orders.flatMap(({ key, path, begun_at: begunAt, outcome, answer: payment }) => {
    if (outcome === 'refused' || !path.endsWith('/my/payments')) return [];
    return {
      key,
      phase: phases[outcome],
      begunAt,
      payment,
      resume: (given?: PayOptions) => resume(connection, link, key, given),
      forget: () => forget(desk, key),
    };
  });
}

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
  const { mark, isBack } = read(entry, url);
  const error = !isBack || url.searchParams.has('error');
  const work = async () => {
    if (mark.popup && (await handOver(mark.key, error))) {
      window.close(); // `handedover` is for where closing is not allowed
      client.dispatchEvent(new CustomEvent('handedover', { detail: null }));
      return undefined;
    }
    const connection = new BankConnection(mark as Connection & Mark, link);
    return resume(connection, link, mark.key, options, { left: mark.left, error });
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

/** Goes on with what the broker remembers under a key, from wherever it is. */
function resume(
  connection: BankConnection,
  link: Link,
  key: string,
  options: PayOptions = {},
  arrival?: { left: readonly string[]; error: boolean },
): Promise<PaymentResult> {
  return once(key, () =>
    attended(new Desk(connection, link, options), key, async (desk, popup) => {
      options.onprogress?.('confirming');
      const sheet = new Sheet(desk, key, await remembered(desk, key));
      const status = await sheet.status();
      if (status !== 'unsigned') {
        await sheet.scenarios().catch(() => {}); // tells who has ended it, where the bank still does
        return concluded(sheet);
      }
      if (!arrival) return complete(sheet, popup);
      const { left, error } = arrival;
      await follow(sheet, afterReturn(error || left.length > 0));
      const canGoOn = left.length > 0 && (options.code || !left.includes(SMS));
      if (sheet.known === 'unsigned' && canGoOn) await walk(sheet, left, popup);
      return concluded(sheet);
    }),
  );
}

/** The bank's answer to an order, as soon as the broker has it. */
async function remembered(desk: Desk, key: string): Promise<Payment> {
  for (;;) {
    const { outcome, answer } = await desk.orders<Order>('GET', key);
    if (outcome === 'answered' && answer) return answer;
    if (outcome === 'refused') throw failure('bank_refused', 'the bank has refused this order');
    if (outcome === 'unknown') throw failure('outcome_unknown', "the bank's answer got lost");
    await desk.pause(1000);
  }
}

/**
 * Sends an order until there is an answer: always under its one key, so that there is one payment
 * whatever gets lost.
 */
async function send(desk: Desk, key: string, body: object): Promise<Payment> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await desk.bank<Payment>('POST', [], body, key);
    } catch (thrown) {
      if (!isPassing(thrown) || left === 0) throw thrown;
      const { code, retryAfter = 1 } = thrown;
      if (code === 'bank_unavailable' && left < TRIES - 2) throw thrown; // it got nothing
      const order = code === 'rate_limited' ? undefined : await known(desk, key);
      if (order?.outcome === 'answered' && order.answer) return order.answer;
      if (order?.outcome === 'unknown')
        throw failure('outcome_unknown', "the bank's answer got lost");
      await desk.pause(retryAfter * 1000);
    }
  }
}

/** What the broker remembers under a key, if anything. */
function known(desk: Desk, key: string): Promise<Order | undefined> {
  return desk.orders<Order>('GET', key).catch((thrown: BankConnectError) => {
    if (thrown.code === 'not_found') return undefined;
    throw thrown;
  });
}

/** Signs a payment that waits for it. */
async function complete(sheet: Sheet, popup: Window | null): Promise<PaymentResult> {
  const { options } = sheet.desk;
  if (sheet.known === 'unsigned') {
    options.onprogress?.('signing');
    const scenarios = await sheet.scenarios();
    if (sheet.known === 'unsigned') await walk(sheet, choose(scenarios, options), popup);
  }
  return concluded(sheet);
}

/** Where the payment has come to. What has come to an end the broker may forget. */
async function concluded(sheet: Sheet): Promise<PaymentResult> {
  const { desk, key, payment } = sheet;
  const { link, connection, options } = desk;
  options.onprogress?.('confirming');
  const since = Date.now();
  let status = await sheet.status();
  const patience = () => (sheet.isBehind ? ACKNOWLEDGED_MS : (options.settleMs ?? 0));
  while (status === 'accepted' && Date.now() - since < patience()) {
    await desk.pause(1000);
    status = await sheet.status();
  }
  if (status !== 'unsigned') forget(desk, key).catch(() => {}); // it forgets by itself, too
  const { id, instructionStatus, reason, state, signId } = sheet;
  return {
    id,
    key,
    connection: connection.id,
    status,
    instructionStatus,
    ...(typeof reason === 'string' && { reason }),
    signInfo: { state, signId },
    payment,
    resume: (given = options) => resume(connection, link, key, given),
  };
}

async function forget(desk: Desk, key: string): Promise<void> {
  await desk.orders('DELETE', key);
}

/** Opens the popup within the click, closes it at every end, and tells which payment has failed. */
async function attended(
  desk: Desk,
  key: string,
  work: (desk: Desk, popup: Window | null) => Promise<PaymentResult>,
): Promise<PaymentResult> {
  const popup = desk.options.mode === 'popup' ? desk.link.popup() : null;
  try {
    return await work(desk, popup);
  } catch (thrown) {
    const known = BankConnectError.is(thrown);
    const error = known ? thrown : failure('internal', 'the payment failed', { cause: thrown });
    throw Object.assign(error, { idempotencyKey: key });
  } finally {
    if (popup) shut(popup);
  }
}
