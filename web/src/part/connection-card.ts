// One connected bank in the overview: state, deadline, and the ways on.

import type { Connection } from 'bankconnect';
import { PURPOSES, purposeOf } from '../bank.ts';
import { h } from '../dom.ts';
import { dayOf, t } from '../i18n.ts';
import { connectionPath, payPath } from '../router.ts';
import { badge, statusMark, UNREAD } from './badge.ts';
import { connectAgain } from './connect.ts';
import { icon } from './icon.ts';
import { scopeWords, until } from './shared.ts';

export function connectionCard(connection: Readonly<Connection>): HTMLElement {
  const fine = connection.status === 'connected';
  return h(
    'article',
    { class: 'card connection', 'data-connection': connection.id },
    h(
      'div',
      { class: 'connection-head' },
      icon('bank'),
      h('h2', {}, connection.provider_name),
      badge(connection.environment),
      statusMark(connection.status),
    ),
    facts(connection),
    !fine && connection.reason && h('p', {}, t().reasons[connection.reason]),
    h('div', { class: 'actions' }, ...ways(connection, fine)),
  );
}

/** The card of a bank that is still on its way: what a usual one takes, with nothing to read. */
export function connectionCardWaiting(): HTMLElement {
  const now = new Date().toISOString();
  const card = connectionCard({
    id: '',
    provider: '',
    provider_name: UNREAD,
    environment: 'sandbox',
    scopes: [...PURPOSES.read],
    status: 'connected',
    reason: null,
    connected_at: now,
    reconnect_by: now,
    last_used_at: null,
  });
  card.classList.add('skeleton-card');
  card.inert = true;
  card.setAttribute('aria-hidden', 'true');
  return card;
}

function facts(connection: Readonly<Connection>): HTMLElement {
  const words = t().shared;
  return h(
    'dl',
    { class: 'facts' },
    h(
      'div',
      {},
      h('dt', {}, purposeOf(connection) === 'pay' ? words.may : words.can),
      h('dd', {}, scopeWords(connection.scopes)),
    ),
    h('div', {}, h('dt', {}, words.since), h('dd', {}, dayOf(connection.connected_at))),
    h('div', {}, h('dt', {}, words.until), h('dd', {}, until(connection))),
  );
}

function ways(connection: Readonly<Connection>, fine: boolean): Node[] {
  if (fine && purposeOf(connection) === 'pay') return waysToPay(connection);
  const label = t().openOf(connection.provider_name);
  const link = h(
    'a',
    {
      class: fine ? 'button' : 'button quiet',
      href: connectionPath(connection.id),
      'aria-label': fine ? label : false,
    },
    fine ? t().open : t().sharing,
  );
  return fine ? [link] : [connectAgain(connection, t().connectAgain), link];
}

function waysToPay(connection: Readonly<Connection>): Node[] {
  const name = connection.provider_name;
  const pay = h('a', { class: 'button', href: payPath, 'aria-label': t().payFrom(name) }, t().pay);
  const shared = h(
    'a',
    {
      class: 'button quiet',
      href: connectionPath(connection.id),
      'aria-label': `${t().sharing}: ${name}`,
    },
    t().sharing,
  );
  return [pay, shared];
}
