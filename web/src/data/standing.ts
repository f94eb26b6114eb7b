// The standing orders of all connections, and what can be done with them: read with a permission to read,
// entered and ended with one to pay, where the bank's version of the standard has that.

import type { Account, BankConnection, Provider, StandingOrder } from 'bankconnect';
import { type Cobs, cobs } from 'bankconnect/cobs';
import { canPay, canRead, client } from '../bank.ts';
import { accountName } from '../part/name.ts';
import { dayIn, nextDay, type Schedule, today } from './interval.ts';

/** How references of orders begin that are entered through this app. */
export const OURS = 'BCD';

/** How an order stands; `changing`: something of it waits for a signature. */
export type Standing = 'active' | 'unsigned' | 'changing';

/** One standing order. */
export interface Order {
  readonly id: string;
  readonly order: StandingOrder;
  readonly standing: Standing;
  readonly schedule: Schedule;
  readonly next: string | undefined;
  readonly bank: string;
  /** Name of the account that pays, where it can be read. */
  readonly account: string | undefined;
  /** Name of the payee's account, where it is the person's own. */
  readonly own: string | undefined;
  /** It was not entered through this app, so it cannot be ended through it either. */
  readonly foreign: boolean;
  /** The connection by which it can be ended or signed; only what was entered through this app can. */
  readonly payer: BankConnection | undefined;
  /** The signing that is waited for. */
  readonly sign: string | undefined;
}

/** A bank with its connections. */
export interface Bank {
  readonly provider: Provider | undefined;
  readonly name: string;
  readonly reader: BankConnection | undefined;
  readonly payer: BankConnection | undefined;
  /** The version of the standard has orders beyond the list. */
  readonly orders: boolean;
  readonly accounts: readonly Account[];
}

export interface Orders {
  readonly banks: readonly Bank[];
  readonly orders: readonly Order[];
  /** What banks have not told, and why. */
  readonly failures: readonly unknown[];
  readonly providers: readonly Provider[];
}

/** Errors: those of the list of connections; what a bank does not tell is in `failures`. */
export async function standingOrders(signal: AbortSignal): Promise<Orders> {
  const { banks, providers } = await connectedBanks(signal);
  const failures: unknown[] = [];
  const read = async (bank: Bank): Promise<readonly [Bank, readonly Order[]]> => {
    try {
      const whole = { ...bank, accounts: await accountsOf(bank, signal) };
      return [whole, await ordersOf(whole, signal)];
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      failures.push(thrown);
      return [bank, []];
    }
  };
  const found = await Promise.all(banks.map(read));
  const orders = found.flatMap(([, those]) => those);
  orders.sort((a, b) => rank(a).localeCompare(rank(b)));
  return { banks: found.map(([bank]) => bank), orders, failures, providers };
}

/** What waits for the person comes first, then by the next day. */
const rank = ({ standing, next }: Order): string =>
  `${standing === 'active' ? 1 : 0} ${next ?? '9999'}`;

/** The banks that can be read from or paid through, without their accounts. */
async function connectedBanks(signal: AbortSignal) {
  const [connections, providers] = await Promise.all([
    client().connections({ signal }),
    client().providers({ signal }),
  ]);
  const live = connections.filter((one) => canRead(one) || canPay(one));
  const banks = [...new Set(live.map(({ provider }) => provider))].map((id): Bank => {
    const own = live.filter((one) => one.provider === id).sort(latestFirst);
    const provider = providers.find((one) => one.id === id);
    return {
      provider,
      name: own[0]?.provider_name ?? id,
      reader: own.find(canRead),
      payer: own.find(canPay),
      orders: provider?.cobs_version !== '2.0',
      accounts: [],
    };
  });
  return { banks, providers };
}

/** The banks with their accounts, for the form. */
export async function payingBanks(
  signal: AbortSignal,
): Promise<Pick<Orders, 'banks' | 'providers'>> {
  const { banks, providers } = await connectedBanks(signal);
  const whole = banks.map(async (bank) => {
    const accounts = await accountsOf(bank, signal).catch(() => []); // a number can be typed as well
    return { ...bank, accounts };
  });
  return { banks: await Promise.all(whole), providers };
}

const latestFirst = (a: BankConnection, b: BankConnection): number =>
  b.connected_at.localeCompare(a.connected_at);

async function accountsOf({ reader }: Bank, signal: AbortSignal): Promise<readonly Account[]> {
  return reader ? reader.accounts({ signal }).all() : [];
}

async function ordersOf(bank: Bank, signal: AbortSignal): Promise<readonly Order[]> {
  const read = bank.reader && cobs(bank.reader);
  const pay = bank.orders && bank.payer ? cobs(bank.payer) : undefined;
  const [listed, waiting] = await Promise.all([
    read?.standingOrders.list({ signal }).all() ?? [],
    pay ? waitingOnes(pay, signal) : [],
  ]);
  const detailed = bank.orders ? read : undefined;
  const inForce = listed.map((entry) => told(bank, detailed, entry, waiting, signal));
  const known = new Set(listed.map(idOf));
  const entered = waiting
    .filter(({ id }) => !known.has(id))
    .map(async ({ id, sign }) => {
      const order = await pay?.standingOrders.detail(id, { signal });
      return order && made(bank, order, { standing: 'unsigned', sign });
    });
  return (await Promise.all([...inForce, ...entered])).filter((one) => one !== undefined);
}

interface Waiting {
  readonly id: string;
  readonly sign: string;
}

/** Ids of the orders that wait for a signature. */
async function waitingOnes(pay: Cobs, signal: AbortSignal): Promise<readonly Waiting[]> {
  const all = await pay.authorizations({ signal }).all();
  return all.flatMap(({ type, transactionIdentification: id, signInfo }) =>
    type?.toUpperCase() === 'STANDINGORDER' && id ? [{ id, sign: signInfo?.signId ?? '' }] : [],
  );
}

/** An entry of the list, with all that the bank tells of it where it can be asked. */
async function told(
  bank: Bank,
  read: Cobs | undefined,
  entry: StandingOrder,
  waiting: readonly Waiting[],
  signal: AbortSignal,
): Promise<Order> {
  const id = idOf(entry);
  // what the bank does not tell is left out; the list has the rest
  const order = (await read?.standingOrders.detail(id, { signal }).catch(() => entry)) ?? entry;
  const sign = waiting.find((one) => one.id === id)?.sign;
  // what the list says holds, what only the order itself says is added
  return made(
    bank,
    { ...order, ...entry, standingOrder: { ...entry.standingOrder, ...order.standingOrder } },
    { standing: sign === undefined ? 'active' : 'changing', sign },
  );
}

function made(
  bank: Bank,
  order: StandingOrder,
  { standing, sign }: { standing: Standing; sign: string | undefined },
): Order {
  const { execution, validity } = order.standingOrder ?? {};
  const schedule = {
    interval: execution?.interval ?? undefined,
    due: Number(execution?.intervalDue) || undefined,
    first: dayIn(order.requestedExecutionDate),
    last: dayIn(validity?.lastExecutionDate),
  };
  const nameOf = (iban: string | null | undefined): string | undefined => {
    const found = iban && bank.accounts.find(({ identification }) => identification.iban === iban);
    return found ? accountName(found) : undefined;
  };
  const ours = order.standingOrderIdentification.instructionIdentification?.startsWith(OURS);
  return {
    id: idOf(order),
    order,
    standing,
    schedule,
    next: nextDay(schedule, today()),
    bank: bank.name,
    account: nameOf(order.debtorAccount?.identification?.iban),
    own: nameOf(order.creditorAccount?.identification?.iban),
    payer: ours ? bank.payer : undefined,
    foreign: !ours && bank.orders && bank.payer !== undefined,
    sign: sign || undefined,
  };
}

const idOf = ({ standingOrderIdentification: ids }: StandingOrder): string =>
  ids.transactionIdentification ?? '';
