/** The one error class: what went wrong is in `code`, never in the class or the text. */

import type { Code } from './generated/protocol.js';

/** Codes of the broker: what to do next, see each in the README. */
export type BrokerErrorCode = Code;

/** Every code; the list only grows. */
export type BankConnectErrorCode =
  | BrokerErrorCode
  | 'config'
  | 'not_offered'
  | 'invalid_order'
  | 'unsupported'
  | 'storage_unavailable'
  | 'in_progress'
  | 'closed'
  | 'untrusted_url'
  | 'state_mismatch'
  | 'network'
  | 'timeout'
  | 'invalid_response';

/** What is wrong with an order, for programs. */
export interface FieldFault {
  /** Path of the field, e.g. `standingOrder.execution.interval`. */
  readonly field: string;
  /** The rule it breaks, e.g. `required`. */
  readonly rule: string;
}

/** What a failure is made of; the WebAssembly component rejects with it. */
export interface FailureDetail {
  code: BankConnectErrorCode;
  message: string;
  retryable: boolean;
  status?: number;
  requestId?: string;
  bankCodes?: readonly string[];
  retryAfter?: number;
  fields?: readonly FieldFault[];
}

const BRAND = Symbol.for('bankconnect.error');

/** A failed call. `message` is English for logs; texts for people are made from `code`. */
export class BankConnectError extends Error {
  override readonly name = 'BankConnectError';
  /** What went wrong. */
  readonly code: BankConnectErrorCode;
  /** The same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** HTTP status, where the broker answered. */
  readonly status?: number;
  /** Id of the call in the operator's log. */
  readonly requestId?: string;
  /** Codes of the bank's own answer, with `bank_refused`. */
  readonly bankCodes?: readonly string[];
  /** Seconds to wait. */
  readonly retryAfter?: number;
  /** Every fault of the order, with `invalid_order`. */
  declare readonly fields?: readonly FieldFault[];
  /** Key of the order that failed: the same call with it is never carried out twice. */
  declare readonly idempotencyKey?: string;

  constructor(detail: FailureDetail, options?: ErrorOptions) {
    const { message, ...rest } = detail;
    super(message, options);
    this.code = rest.code;
    this.retryable = rest.retryable;
    Object.assign(this, rest);
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** True for this class, also when the page has two copies of the package. */
  static is(error: unknown): error is BankConnectError {
    return typeof error === 'object' && error !== null && BRAND in error;
  }
}

/** A failure of the shell itself. @internal */
export function failure(
  code: BankConnectErrorCode,
  message: string,
  cause?: unknown,
): BankConnectError {
  return new BankConnectError({ code, message, retryable: code === 'network' }, { cause });
}

/** Anything thrown, as the one error class. A trap of the component is `internal`. @internal */
export function typed(thrown: unknown): BankConnectError {
  if (BankConnectError.is(thrown)) return thrown;
  if (typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error)) {
    const { asked = '', ...detail } = thrown as FailureDetail & { asked?: string };
    // without a connection, an account or a query
    if (asked) detail.message += ` (${asked.replace(/(.connections.).*/, '$1…')})`;
    return new BankConnectError(detail);
  }
  return failure('internal', 'the component failed', thrown);
}
