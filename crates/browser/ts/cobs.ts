/** The rest of the standard: everything but accounts, balances and transactions, with types. */

import { type Calls, calls } from './cobs/calls.js';
import { decimalFaults } from './cobs/exact.js';
import { demand, type Need } from './cobs/gate.js';
import { type Limits, standingOrderFaults } from './cobs/limits.js';
import type {
  Batches,
  Cobs,
  CobsOptions,
  ConsentsOf,
  KeptOrder,
  Orders,
  PaymentSigning,
  Payments,
  StandingOrders,
} from './cobs/types.js';
import type { StandingOrderRequest } from './generated/cobs.js';
import type { BankConnection } from './index.js';

export type { Limits } from './cobs/limits.js';
export { orderId } from './cobs/spelling.js';
export type * from './cobs/types.js';

const READ: Need = { scopes: ['aisp'], since: '2.0' };
const PAY: Need = { scopes: ['pisp'], since: '2.0' };
const READ_LATER: Need = { ...READ, since: '5.0' };
const ORDER: Need = { ...PAY, since: '5.0' };
const EITHER: Need = { scopes: ['aisp', 'pisp'], since: '5.0' };

const SIGNED = { signInfo: 'object' };
const PLACED = { instructionStatus: 'string' };

/** The rest of the standard, through `connection`. Nothing is sent before it is used. */
export function cobs(connection: BankConnection, options: CobsOptions = {}): Cobs {
  const through = calls(connection);
  return {
    payments: payments(through),
    standingOrders: standingOrders(through, options.limits ?? 'cnb'),
    batches: batches(through),
    consents: consents(through),
    orders: orders(connection),
    authorizations: (query = {}) =>
      through.list(ORDER, ['authorizations'], { list: 'authorizations', needs: {}, query }),
    async balanceCheck(question, given) {
      demand(decimalFaults(question));
      const path = ['payments', 'balanceCheck'];
      const needs = { response: 'string' };
      return through.act(PAY, { method: 'POST', path, body: question, needs }, given);
    },
  };
}

function payments(through: Calls): Payments {
  const kind = 'payments';
  return {
    async initiate(payment, given) {
      demand(decimalFaults(payment));
      return through.place(PAY, kind, payment, SIGNED, given);
    },
    status: (id, given) => through.get(PAY, [kind, id, 'status'], PLACED, given),
    detail: (id, given) => through.get(PAY, [kind, id], {}, given),
    delete: (id, given) => through.act(PAY, { method: 'DELETE', path: [kind, id] }, given),
    signing: (id) => signing(through, PAY, kind, id),
    awaiting(account, query = {}) {
      const path = account === undefined ? [] : ['accounts', account];
      const needs = { paymentIdentification: 'object', amount: 'object' };
      return through.list(READ_LATER, [...path, kind, 'awaiting'], { list: kind, needs, query });
    },
  };
}

function standingOrders(through: Calls, limits: Limits): StandingOrders {
  const kind = 'standingorders';
  const needs = { standingOrderIdentification: 'object' };
  const check = (order: StandingOrderRequest) =>
    demand([...decimalFaults(order), ...standingOrderFaults(order, limits)]);
  return {
    list: (query = {}) => through.list(READ, [kind], { list: 'standingOrders', needs, query }),
    detail: (id, given) => through.get(EITHER, [kind, id], needs, given),
    async create(order, given) {
      check(order);
      return through.place(ORDER, kind, order, needs, given);
    },
    async change(id, order, given) {
      check(order);
      const path = [kind, id];
      return through.act(ORDER, { method: 'PUT', path, body: order, needs }, given);
    },
    delete: (id, given) => through.act(ORDER, { method: 'DELETE', path: [kind, id] }, given),
    status: (id, given) => through.get(ORDER, [kind, id, 'status'], PLACED, given),
    signing: (id) => signing(through, ORDER, kind, id),
  };
}

function batches(through: Calls): Batches {
  const kind = 'batchpayments';
  return {
    create: (batch, given) => through.place(ORDER, kind, batch, SIGNED, given),
    status: (id, given) => through.get(ORDER, [kind, id, 'status'], PLACED, given),
    delete(id, { signal, allInstructions } = {}) {
      const query = allInstructions ? { allInstructions: 'true' } : {};
      const act = { method: 'DELETE', path: [kind, id], query } as const;
      return through.act(ORDER, act, signal ? { signal } : {});
    },
    signing: (id) => signing(through, ORDER, kind, id),
  };
}

function signing(through: Calls, need: Need, kind: string, id: string): PaymentSigning {
  const at = (...signId: string[]) => [kind, id, 'sign', ...signId];
  return {
    start: (given) => through.act(need, { method: 'POST', path: at(), needs: SIGNED }, given),
    offer: (signId, given) => through.get(need, at(signId), SIGNED, given),
    begin: (signId, body, given) =>
      through.act(need, { method: 'POST', path: at(signId), body, needs: {} }, given),
    progress: (signId, body, given) =>
      through.act(need, { method: 'PUT', path: at(signId), body, needs: {} }, given),
  };
}

function consents(through: Calls): ConsentsOf {
  const path = ['consents'];
  return {
    list: (given) => through.get(EITHER, path, { consentId: 'string', consents: 'object' }, given),
    withdraw: (id, given) => through.act(EITHER, { method: 'DELETE', path: [...path, id] }, given),
  };
}

/** The broker's own; the bank is not asked. */
function orders(connection: BankConnection): Orders {
  const path = ['orders'];
  const needs = { key: 'string', outcome: 'string' };
  return {
    async list({ signal } = {}) {
      const given = { path, list: 'orders', needs, signal };
      return (await connection.call<{ orders: readonly KeptOrder[] }>(given)).orders;
    },
    get: (key, { signal } = {}) => connection.call({ path: [...path, key], needs, signal }),
    forget: (key, { signal } = {}) =>
      connection.call({ path: [...path, key], method: 'DELETE', signal }),
  };
}
