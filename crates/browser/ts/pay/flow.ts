/** A payment from order to end, and from wherever it was left to its end. */

import type { Link } from '../connection.js';
import type { Payment } from '../generated/cobs.js';
import type { KeptOrder } from '../generated/protocol.js';
import { BankConnectError, type BankConnection } from '../index.js';
import { draft } from '../order.js';
import { afterReturn, follow, isElsewhere } from './away.js';
import { Desk, failure, isPassing } from './desk.js';
import { MARK, type Mark, read } from './mark.js';
import { Sheet } from './sheet.js';
import { choose, SMS, walk } from './sign.js';
import type { PaymentOrder, PaymentResult, PayOptions, UnfinishedPayment } from './types.js';

/** What a page knows that the person has come back to. */
export interface Arrival {
  readonly mark: Mark;
  /** They have given up, or have not been where they were to be sent back from. */
  readonly error: boolean;
}

/** What the broker remembers of an order. */
type Order = KeptOrder & { readonly answer: Payment | null };

/** How long a signed payment is asked after whose status does not say so yet. */
const ACKNOWLEDGED_MS = 10_000;
/** How often an order is sent again under its key. */
const TRIES = 30;
/** Where it is tried whether the tab can remember a payment. */
const ROOM = `${MARK}-room`;

/**
 * Orders of this page that have been sent and have no end: the same order again, as after an error, goes
 * on under the same key, with the same body.
 */
const begun = new Map<string, { readonly key: string; readonly body: object }>();
/** Errors after which an order is over: the next is another one, even with the same words. */
const OVER: readonly unknown[] = ['bank_refused', 'outcome_unknown'];

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
  if (typeof order !== 'object' || !order) {
    throw failure('config', 'order is missing: pay({ from, to, amount, currency })');
  }
  // what cannot be JSON is no text either, and is told as that
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);
  const name = JSON.stringify([connection.id, order], plain);
  return once(name, async () => {
    if (navigator.userActivation?.hasBeenActive === false) {
      throw failure('config', 'call pay() from a click');
    }
    const { key, body } = begun.get(name) ?? written(order, options);
    return attended(new Desk(connection, link, options), key, async (desk, popup) => {
      options.onprogress?.('sending');
      begun.set(name, { key, body });
      return complete(new Sheet(desk, key, await send(desk, key, body)), popup);
    });
  });
}

/** What is sent of an order, under a key of its own. Errors: `invalid_order`. */
function written(order: PaymentOrder, { now }: PayOptions): { key: string; body: object } {
  const key = crypto.randomUUID();
  const { body, problems } = draft(order, key.replaceAll('-', ''), now?.() ?? new Date());
  if (problems.length === 0) return { key, body };
  const message = problems.map((problem) => problem.message).join('; ');
  throw failure('invalid_order', message, { fields: problems });
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

/** Goes on with what the broker remembers under a key, from wherever it is. */
export function resume(
  connection: BankConnection,
  link: Link,
  key: string,
  options: PayOptions = {},
  arrival?: Arrival,
): Promise<PaymentResult> {
  return once(key, async () =>
    attended(new Desk(connection, link, options, arrival?.mark), key, async (desk, popup) => {
      options.onprogress?.('confirming');
      const sheet = new Sheet(desk, key, await remembered(desk, key, arrival?.mark));
      if (arrival) sheet.signId = arrival.mark.signId || sheet.signId; // of step 0 the answer to the order says nothing
      const status = await sheet.status();
      if (status !== 'unsigned') {
        await sheet.scenarios().catch(() => {}); // tells who has ended it, where the bank still does
        return concluded(sheet);
      }
      if (!arrival) return complete(sheet, popup);
      const { error, mark } = arrival;
      const { left } = mark;
      await follow(sheet, afterReturn(error || left.length > 0));
      const canGoOn = left.length > 0 && (options.code || !left.includes(SMS));
      if (sheet.known === 'unsigned' && canGoOn) await walk(sheet, left, popup);
      return concluded(sheet);
    }),
  );
}

/**
 * The bank's answer to an order, as soon as the broker has it; where another tab has seen the end of it,
 * the payment as the bank has it now.
 */
async function remembered(desk: Desk, key: string, mark?: Mark): Promise<Payment> {
  for (;;) {
    const order = await known(desk, key);
    if (!order && mark) {
      const bare = { transactionIdentification: mark.payment } as Payment;
      const ask = () => desk.bank<Payment>('GET', [mark.payment]);
      // of a signed payment a bank may tell nothing but its status
      return desk
        .steadily(ask)
        .catch((thrown) => (isPassing(thrown) ? Promise.reject(thrown) : bare));
    }
    if (!order) throw failure('not_found', 'the broker does not remember this order');
    const { outcome, answer } = order;
    if (outcome === 'answered' && answer) return answer;
    if (outcome === 'refused') throw failure('bank_refused', 'the bank has refused this order');
    if (outcome !== 'in_flight') throw failure('outcome_unknown', "the bank's answer got lost");
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
  const { link, connection, options, appState } = desk;
  options.onprogress?.('confirming');
  const since = Date.now();
  let status = await sheet.status();
  const patience = () => (sheet.isBehind ? ACKNOWLEDGED_MS : (options.settleMs ?? 0));
  while (status === 'accepted' && Date.now() - since < patience()) {
    await desk.pause(1000);
    status = await sheet.status();
  }
  if (status !== 'unsigned') {
    forget(desk, key).catch(() => {}); // it forgets by itself, too
    const entry = desk.storage.getItem(MARK);
    const mark = entry && read(entry, new URL(location.href)).mark;
    if (mark && mark.key === key) desk.storage.removeItem(MARK);
  }
  const { id, instructionStatus, reason, state, signId } = sheet;
  const signInfo = { state, signId };
  return {
    id,
    key,
    connection: connection.id,
    status,
    instructionStatus,
    ...(typeof reason === 'string' && { reason }),
    signInfo,
    payment: { ...payment, instructionStatus, signInfo: { ...payment.signInfo, ...signInfo } },
    appState,
    resume: (given = { ...options, appState }) =>
      resume(connection, link, key, { appState, ...given }),
  };
}

/** The next order is another one, even with the same words. */
function over(key: string): void {
  for (const [name, order] of begun) if (order.key === key) begun.delete(name);
}

async function forget(desk: Desk, key: string): Promise<void> {
  over(key);
  await desk.orders('DELETE', key);
}

/** Opens the popup within the click, closes it at every end, and tells which payment has failed. */
async function attended(
  desk: Desk,
  key: string,
  work: (desk: Desk, popup: Window | null) => Promise<PaymentResult>,
): Promise<PaymentResult> {
  if (isElsewhere(window.top ?? window)) {
    throw failure('unsupported', "nothing is paid in another site's frame"); // B03
  }
  const { storage, appState } = desk;
  try {
    storage.setItem(ROOM, JSON.stringify({ appState }));
    storage.removeItem(ROOM);
  } catch (cause) {
    // before anything is entered, for without it nobody would find back from the bank
    throw failure('storage_unavailable', 'sessionStorage is blocked or full', { cause });
  }
  const popup = desk.options.mode === 'popup' ? desk.link.popup() : null;
  try {
    return await work(desk, popup);
  } catch (thrown) {
    const known = BankConnectError.is(thrown);
    const error = known ? thrown : failure('internal', 'the payment failed', { cause: thrown });
    if (OVER.includes(error.code)) over(key);
    throw Object.assign(error, { idempotencyKey: key });
  } finally {
    popup?.close();
  }
}
