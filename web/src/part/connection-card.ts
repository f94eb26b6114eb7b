// One connected bank in the overview: state, deadline, and the ways on.

import type { BankConnection } from 'bankconnect';
import { h } from '../dom.ts';
import { dayOf, t } from '../i18n.ts';
import { connectionPath } from '../router.ts';
import { badge, statusMark } from './badge.ts';
import { connectButton } from './connect.ts';
import { icon } from './icon.ts';
import { scopeWords, until } from './shared.ts';

export function connectionCard(connection: BankConnection): HTMLElement {
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

function facts(connection: BankConnection): HTMLElement {
  const words = t().shared;
  return h(
    'dl',
    { class: 'facts' },
    h('div', {}, h('dt', {}, words.can), h('dd', {}, scopeWords(connection.scopes))),
    h('div', {}, h('dt', {}, words.since), h('dd', {}, dayOf(connection.connected_at))),
    h('div', {}, h('dt', {}, words.until), h('dd', {}, until(connection))),
  );
}

function ways(connection: BankConnection, fine: boolean): Node[] {
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
  return fine ? [link] : [connectButton(connection.provider, t().connectAgain), link];
}
