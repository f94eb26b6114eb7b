// One permission in full: what is shared with whom, since when and until when, when it was last
// used and by whom; how to renew it and how to end it.

import type { Account, BankConnection, Receipt } from 'bankconnect';
import { purposeOf } from '../bank.ts';
import { daysLeft, endsSoon } from '../data/deadline.ts';
import { h } from '../dom.ts';
import { count, dayOf, moment, t, word } from '../i18n.ts';
import { connectionPath } from '../router.ts';
import { badge, statusMark } from './badge.ts';
import { connectAgain } from './connect.ts';
import { disconnectButton } from './disconnect.ts';
import { icon } from './icon.ts';
import { accountName, accountNumber } from './name.ts';
import { lastUse, until } from './shared.ts';

export interface Permission {
  readonly connection: BankConnection;
  /** A later one has taken its place, though it still lasts. */
  readonly former: boolean;
  /** `undefined` where the bank would not tell. */
  readonly accounts: readonly Account[] | undefined;
}

/** `ended` runs with the receipt. */
export function permissionCard(
  { connection, former, accounts }: Permission,
  ended: (receipt: Receipt) => void,
): HTMLElement {
  const words = t().permission;
  const reads = purposeOf(connection) === 'read';
  const rows: readonly (readonly [string, Node | string])[] = [
    [words.what, whatIsShared(connection)],
    ...(reads ? [[words.accounts, accountNames(connection, accounts)] as const] : []),
    [words.whom, words.whomText],
    [t().shared.since, moment(connection.connected_at)],
    [t().shared.until, deadline(connection)],
    [t().shared.lastUsed, lastRead(connection)],
  ];
  return h(
    'article',
    { class: 'card permission', 'data-connection': connection.id },
    h(
      'div',
      { class: 'connection-head' },
      icon('bank'),
      h('h2', {}, h('a', { href: connectionPath(connection.id) }, connection.provider_name)),
      badge(connection.environment),
      statusMark(connection.status),
    ),
    former ? superseded(connection) : notice(connection),
    h(
      'dl',
      { class: 'rows' },
      ...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
    disconnectButton(connection, ended),
  );
}

function accountNames(
  { status }: BankConnection,
  accounts: readonly Account[] | undefined,
): Node | string {
  if (status !== 'connected') return t().permission.noAccounts;
  if (!accounts) return t().permission.accountsUnread;
  const items = accounts.map((account) =>
    h('li', {}, accountName(account), ' ', h('span', { class: 'number' }, accountNumber(account))),
  );
  return h('ul', { class: 'shared-accounts' }, ...items);
}

function whatIsShared({ scopes }: BankConnection): HTMLElement {
  const lines = scopes.flatMap((scope) => t().permission.scopes[scope] ?? [scope]);
  return h(
    'ul',
    { class: 'plain-list' },
    ...lines.map((line) => h('li', {}, line)),
    !scopes.includes('pisp') && h('li', { class: 'small' }, t().permission.notPaid),
  );
}

function deadline(connection: BankConnection): string {
  const left = daysLeft(connection);
  if (connection.status !== 'connected' || left === undefined) return until(connection);
  return `${until(connection)} (${t().permission.left(count(left), word(left, t().dayWord))})`;
}

function lastRead(connection: BankConnection): string {
  return connection.last_used_at ? t().permission.lastBy(lastUse(connection)) : lastUse(connection);
}

function superseded(connection: BankConnection): HTMLElement {
  const text = t().permission.former(until(connection));
  return h('div', { class: 'notice calm' }, icon('info'), h('div', {}, h('p', {}, text)));
}

/** What the person should do about it, if anything. */
function notice(connection: BankConnection): HTMLElement | null {
  const { status, reason, reconnect_by } = connection;
  if (status === 'connected' && !endsSoon(connection)) return null;
  const left = daysLeft(connection) ?? 0;
  const text =
    status === 'connected'
      ? t().permission.soon(count(left), word(left, t().dayWord), dayOf(reconnect_by ?? ''))
      : t().reasons[reason ?? 'ended_by_bank'];
  const label = status === 'connected' ? t().permission.renew : t().connectAgain;
  return h(
    'div',
    { class: 'notice warn', 'data-act': 'renew' },
    icon('warning'),
    h('div', {}, h('p', {}, text), connectAgain(connection, label)),
  );
}
