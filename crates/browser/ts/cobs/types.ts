/** What `cobs()` gives: a group of calls for each resource of the standard, and what they take. */

import type { Abortable, Paging, Reading, TransactionQuery } from '../connection.js';
import type {
  AwaitingPayment,
  BalanceCheck,
  BalanceCheckRequest,
  Batch,
  BatchRequest,
  Consents,
  OrderStatus,
  Payment,
  PaymentRequest,
  PendingAuthorization,
  SigningBeginRequest,
  SigningBegun,
  SigningEndRequest,
  SigningOffer,
  SigningProgress,
  StandingOrder,
  StandingOrderDeletion,
  StandingOrderRequest,
  StandingOrderStatus,
} from '../generated/cobs.js';
import type { Limits } from './limits.js';

/** How the client behaves. */
export interface CobsOptions {
  /**
   * Whose limits a standing order is checked against before it is sent: those that the Czech National
   * Bank publishes (default), or only the standard's own.
   */
  limits?: Limits;
}

/** How an order is placed. */
export interface Placing extends Abortable {
  /**
   * 16 to 64 of `A-Z a-z 0-9 - _`; a new UUID if missing. An order that failed carries it as
   * `error.idempotencyKey`: the same call with the same key gets the answer that was lost, and never
   * places the order twice.
   */
  idempotencyKey?: string;
}

/** How a batch is deleted. */
export interface BatchDeletion extends Abortable {
  /** Its payments too. */
  allInstructions?: boolean;
}

/** The rest of the standard, through one connection. */
export interface Cobs {
  readonly payments: Payments;
  readonly standingOrders: StandingOrders;
  readonly batches: Batches;
  readonly consents: ConsentsOf;
  readonly orders: Orders;
  /** What waits for this person's signature (5.0; `pisp`). */
  authorizations(options?: Abortable): Reading<PendingAuthorization>;
  /** Whether there is enough money for a payment (`pisp`). */
  balanceCheck(question: BalanceCheckRequest, options?: Abortable): Promise<BalanceCheck>;
}

/** Single payments (`pisp`). */
export interface Payments {
  /** Places a payment; it is carried out once it is signed. */
  initiate(payment: PaymentRequest, options?: Placing): Promise<Payment>;
  /** Where a payment stands. */
  status(paymentId: string, options?: Abortable): Promise<OrderStatus>;
  /** A payment that waits for its signature. */
  detail(paymentId: string, options?: Abortable): Promise<Payment>;
  /** Takes back a payment that waits for its signature. */
  delete(paymentId: string, options?: Abortable): Promise<void>;
  /** The steps of its signing. */
  signing(paymentId: string): PaymentSigning;
  /** Signed payments that have not left yet, of one account or of all (5.0; `aisp`). */
  awaiting(accountId?: string, query?: Paging): Reading<AwaitingPayment>;
}

/** Standing orders (5.0; `pisp`). */
export interface StandingOrders {
  /** Those in force (2.0 as well; `aisp`). Dates and currency narrow it down in 2.0 only. */
  list(query?: TransactionQuery): Reading<StandingOrder>;
  /** One of them (`pisp` or `aisp`). */
  detail(orderId: string, options?: Abortable): Promise<StandingOrder>;
  /** Places a standing order; it is in force once it is signed. */
  create(order: StandingOrderRequest, options?: Placing): Promise<StandingOrder>;
  /** Changes one; one in force once the change is signed. */
  change(orderId: string, order: StandingOrderRequest, options?: Abortable): Promise<StandingOrder>;
  /** Ends one; one in force once that is signed. */
  delete(orderId: string, options?: Abortable): Promise<StandingOrderDeletion | undefined>;
  /** Where one stands, and what it has paid. */
  status(orderId: string, options?: Abortable): Promise<StandingOrderStatus>;
  /** The steps of its signing. */
  signing(orderId: string): Signing;
}

/** Payments bound to be signed at once (5.0; `pisp`). */
export interface Batches {
  /** Binds payments that wait for their signatures. */
  create(batch: BatchRequest, options?: Placing): Promise<Batch>;
  /** Where a batch stands, and its payments. */
  status(batchId: string, options?: Abortable): Promise<Batch>;
  /** Takes back a batch that waits for its signature. */
  delete(batchId: string, options?: BatchDeletion): Promise<void>;
  /** The steps of its signing. */
  signing(batchId: string): Signing;
}

/** The person's consent, as the bank keeps it (5.0; `aisp` or `pisp`). */
export interface ConsentsOf {
  /** What it opens. */
  list(options?: Abortable): Promise<Consents>;
  /** Withdraws it at the bank. To end a connection, `disconnect()` is the way. */
  withdraw(consentId: string, options?: Abortable): Promise<void>;
}

/** Signing an order, step by step. */
export interface Signing {
  /** What can be chosen. */
  offer(signId: string, options?: Abortable): Promise<SigningOffer>;
  /** Begins a method: the page to open, or a code is sent. */
  begin(signId: string, method: SigningBeginRequest, options?: Abortable): Promise<SigningBegun>;
  /** Ends a method by the code, or asks how far it is. */
  progress(
    signId: string,
    method: SigningEndRequest,
    options?: Abortable,
  ): Promise<SigningProgress>;
}

/** Signing a payment. */
export interface PaymentSigning extends Signing {
  /** Where the initiation gave no `signId`: asks for one. */
  start(options?: Abortable): Promise<SigningOffer>;
}

/** What the broker keeps of the orders of this connection, for 7 days. */
export interface Orders {
  /** The newest first. */
  list(options?: Abortable): Promise<readonly KeptOrder[]>;
  /** The one with this key. */
  get(key: string, options?: Abortable): Promise<KeptOrder>;
  /** Forgets one that is not in flight. */
  forget(key: string, options?: Abortable): Promise<void>;
}

/** An order as the broker keeps it. */
export interface KeptOrder {
  /** Its idempotency key. */
  readonly key: string;
  /** What was called, e.g. `/my/payments`. */
  readonly path: string;
  /** When (RFC 3339). */
  readonly begun_at: string;
  /** `unknown`: the bank's answer got lost; look at the bank before ordering anew. */
  readonly outcome: 'in_flight' | 'answered' | 'refused' | 'unknown';
  /** The bank's answer. */
  readonly answer: unknown;
}
