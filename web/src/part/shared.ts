// The panel "what is shared": with whom, what, since when, until when, when last, and the way out.

import type { BankConnection, Connection, Receipt } from 'bankconnect';
import { h } from '../dom.ts';
import { dayOf, moment, t } from '../i18n.ts';
import { badge, statusMark } from './badge.ts';
import { disconnectButton } from './disconnect.ts';

/** `ended` runs with the receipt once the person has disconnected. */
export function sharedPanel(
  connection: BankConnection,
  ended: (receipt: Receipt) => void,
): HTMLElement {
  const words = t().shared;
  const rows: readonly (readonly [string, Node | string])[] = [
    [words.bank, h('span', {}, connection.provider_name, ' ', badge(connection.environment))],
    [connection.scopes.includes('pisp') ? words.may : words.can, scopeWords(connection.scopes)],
    [words.cannot, words.nothingPaid],
    [words.since, moment(connection.connected_at)],
    [words.until, until(connection)],
    [words.lastUsed, h('span', { class: 'last-use' }, lastUse(connection))],
    [words.where, words.whereText],
  ];
  const paying = connection.scopes.includes('pisp');
  const shown = rows.filter(([name]) => !(paying && name === words.cannot));
  return h(
    'section',
    { class: 'card shared', 'aria-labelledby': 'shared-title' },
    h(
      'div',
      { class: 'shared-head' },
      h('h2', { id: 'shared-title' }, t().sharing),
      statusMark(connection.status),
    ),
    h(
      'dl',
      { class: 'rows' },
      ...shown.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
    disconnectButton(connection, ended),
  );
}

/** Writes the time of the last reading anew. */
export function showLastUse(panel: Element, connection: BankConnection): void {
  const line = panel.querySelector('.last-use');
  if (line) line.textContent = lastUse(connection);
}

/** When it was last read. */
export function lastUse({ last_used_at }: BankConnection): string {
  return last_used_at ? moment(last_used_at) : t().shared.never;
}

/** What the scopes allow, in words. */
export function scopeWords(scopes: readonly string[]): string {
  return scopes.map((scope) => t().scopes[scope] ?? scope).join(', ') || t().noScopes;
}

/** Until when data can be read. */
export function until({ reconnect_by, status, reason }: Readonly<Connection>): string {
  if (reason === 'ended_by_bank' || reason === 'lost_rotation') return t().shared.untilEnded;
  if (reconnect_by === null) return t().shared.untilNoEnd;
  return status === 'connected' ? dayOf(reconnect_by) : t().shared.untilPassed(dayOf(reconnect_by));
}
