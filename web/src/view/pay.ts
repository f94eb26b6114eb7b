// Paying: the package's form, or the way to the permission that it needs.

import type { BankConnection, Provider } from 'bankconnect';
import { canPay, client } from '../bank.ts';
import { h } from '../dom.ts';
import { t } from '../i18n.ts';
import { connectToPay } from '../part/pay-permission.ts';
import { homePath, payPath } from '../router.ts';
import { payTexts } from '../text/pay.ts';
import { load, skeleton, type View } from './view.ts';

export function payView(signal: AbortSignal): View {
  const words = payTexts();
  const slot = h('div', { class: 'pay-slot' });
  void load({
    slot,
    signal,
    waiting: () => h('div', { class: 'card' }, skeleton('payments', 8)),
    work: () => read(signal),
    show: ({ payers, providers }) =>
      payers.length > 0
        ? h('div', {})
        : connectToPay(providers, { onwards: payPath, lead: words.connectLead }),
    ways: { home: homePath, reconnect: homePath },
  });
  const node = h(
    'div',
    { class: 'view narrow-view' },
    h('h1', {}, t().pay),
    h('p', { class: 'lead' }, words.lead),
    slot,
  );
  return { title: t().pay, node };
}

interface Start {
  readonly payers: readonly BankConnection[];
  readonly providers: readonly Provider[];
}

async function read(signal: AbortSignal): Promise<Start> {
  const [connections, providers] = await Promise.all([
    client().connections({ signal }),
    client().providers({ signal }),
  ]);
  return { payers: connections.filter(canPay), providers };
}
