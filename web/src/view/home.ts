// The overview: what this is, the banks already connected, and the way to connect one.

import type { BankConnection, Provider } from 'bankconnect';
import { client, expect, expected } from '../bank.ts';
import { h } from '../dom.ts';
import { t } from '../i18n.ts';
import { connectCard, connectCardWaiting, type Wanted } from '../part/connect.ts';
import { connectionCard, connectionCardWaiting } from '../part/connection-card.ts';
import { icon } from '../part/icon.ts';
import { sandboxCard } from '../part/sandbox.ts';
import { viaduct } from '../part/viaduct.ts';
import { load, type View } from './view.ts';

interface Start {
  readonly connections: readonly BankConnection[];
  readonly providers: readonly Provider[];
}

export function homeView(signal: AbortSignal): View {
  const slot = h('div', { class: 'home' });
  void load({
    slot,
    signal,
    waiting,
    work: () => start(signal),
    show: (found) => content(found, signal),
    failed: (notice) => beside(hero(), h('div', {}, notice)),
  });
  return { title: t().home, node: slot };
}

async function start(signal: AbortSignal): Promise<Start> {
  const [connections, providers] = await Promise.all([
    client().connections({ signal }),
    client().providers({ signal }),
  ]);
  expect(connections.length);
  return { connections, providers };
}

/** What was here last time, so that nothing is pushed aside when the answer comes. */
function waiting(): Node {
  const count = expected();
  const all = document.createDocumentFragment();
  if (count > 0) all.append(connected(Array.from({ length: count }, connectionCardWaiting)));
  all.append(beside(count > 0 ? connectIntro() : hero(), connectCardWaiting(wanted(count > 0))));
  return all;
}

function content({ connections, providers }: Start, signal: AbortSignal): Node {
  const login = providers.filter((provider) => provider.connect === 'authorization');
  const prepared = providers.filter((provider) => provider.connect === 'prepared_token');
  const all = document.createDocumentFragment();
  if (connections.length > 0) all.append(connected(connections.map(connectionCard)));
  const intro = connections.length > 0 ? connectIntro() : hero();
  all.append(beside(intro, connectCard(login, wanted(connections.length > 0))));
  for (const provider of prepared) all.append(sandboxCard(provider, signal));
  return all;
}

function wanted(another: boolean): Wanted {
  return { purpose: 'read', title: another ? t().connectAnother : t().connectTitle };
}

function connected(cards: readonly HTMLElement[]): HTMLElement {
  return h(
    'section',
    { class: 'connected' },
    h('h1', {}, t().connectionsTitle),
    h('ul', { class: 'cards' }, ...cards.map((card) => h('li', {}, card))),
  );
}

function hero(): HTMLElement {
  return h(
    'section',
    { class: 'hero' },
    h('h1', {}, t().hero),
    h('p', { class: 'lead' }, t().lead),
    viaduct(),
  );
}

function connectIntro(): HTMLElement {
  return h('section', { class: 'hero' }, h('p', { class: 'lead' }, t().lead));
}

/** The card stands beside the words; on small screens before the promises. */
function beside(intro: Node, card: Node): HTMLElement {
  return h('div', { class: 'split' }, intro, card, promises());
}

function promises(): HTMLElement {
  const icons = ['lock', 'eye', 'unlink'] as const;
  const items = t().promises.map(([title, text], index) =>
    h(
      'li',
      {},
      icon(icons[index] ?? 'info'),
      h('div', {}, h('strong', {}, title), h('span', {}, text)),
    ),
  );
  return h('ul', { class: 'promises' }, ...items);
}
