// The permission dashboard: every bank that may be read from, and what has ended.

import type { BankConnection } from 'bankconnect';
import { canRead, client } from '../bank.ts';
import { endsSoon, replaced } from '../data/deadline.ts';
import { type Ended, endedOnes, forgetEnded } from '../data/ended.ts';
import { h } from '../dom.ts';
import { dayOf, t } from '../i18n.ts';
import { focusHeading } from '../page.ts';
import { type Permission, permissionCard } from '../part/permission.ts';
import { scopeWords } from '../part/shared.ts';
import { homePath } from '../router.ts';
import { showReceipt } from './receipt.ts';
import { load, skeleton, type View } from './view.ts';

export function permissionsView(signal: AbortSignal): View {
  const slot = h('div', {});
  void load({
    slot,
    signal,
    waiting: () => skeleton('account-list', 4),
    work: () => read(signal),
    show: content,
    ways: { home: homePath, reconnect: homePath },
  });
  const node = h(
    'div',
    { class: 'view' },
    h('h1', {}, t().permissionsTitle),
    h('p', { class: 'lead' }, t().permissionsLead),
    slot,
  );
  return { title: t().permissionsTitle, node };
}

/** Every permission with its accounts; those of a bank that does not answer are left out. */
async function read(signal: AbortSignal): Promise<readonly Permission[]> {
  const all = await client().connections({ signal });
  const former = new Set(all.flatMap((one) => replaced(all, one)).map(({ id }) => id));
  const one = async (connection: BankConnection): Promise<Permission> => {
    const live = canRead(connection);
    const accounts = live
      ? await connection
          .accounts({ signal })
          .all()
          .catch(() => undefined)
      : [];
    return { connection, former: former.has(connection.id), accounts };
  };
  return Promise.all(all.map(one));
}

function content(permissions: readonly Permission[]): Node {
  // what needs the person comes first
  const urgent = ({ connection }: Permission): number =>
    connection.status !== 'connected' ? 0 : endsSoon(connection) ? 1 : 2;
  const cards = [...permissions]
    .sort((a, b) => urgent(a) - urgent(b))
    .map((permission) =>
      permissionCard(permission, (receipt) =>
        showReceipt(receipt, permission.connection.provider_name),
      ),
    );
  return h(
    'div',
    { class: 'view' },
    cards.length > 0
      ? h('div', { class: 'permissions' }, ...cards)
      : h(
          'div',
          { class: 'card empty-card' },
          h('p', { class: 'lead' }, t().permissionsEmpty),
          h('p', {}, h('a', { class: 'button', href: homePath }, t().connectTitle)),
        ),
    history(endedOnes()),
  );
}

function history(ended: readonly Ended[]): HTMLElement | null {
  if (ended.length === 0) return null;
  const words = t().ended;
  const section = h('section', { class: 'card history', 'aria-labelledby': 'history-title' });
  const clear = (): void => {
    forgetEnded();
    section.remove();
    focusHeading();
  };
  const rows = ended.map((one) =>
    h(
      'li',
      {},
      h('strong', {}, one.bank),
      h('span', {}, scopeWords(one.scopes)),
      h('span', {}, words.period(dayOf(one.since), dayOf(one.ended))),
      h('span', { class: 'small' }, t().atBank[one.at_bank]),
    ),
  );
  section.append(
    h('h2', { id: 'history-title' }, words.title),
    h('p', { class: 'small' }, words.where),
    h('ul', {}, ...rows),
    h(
      'button',
      { type: 'button', class: 'button quiet', 'data-act': 'forget', onclick: clear },
      words.forget,
    ),
  );
  return section;
}
