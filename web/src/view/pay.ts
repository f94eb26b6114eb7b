// Paying: the package's element, or the way to the permission that it needs.

import { BankConnectError, type BankConnection, type Provider } from 'bankconnect';
import { canPay, client } from '../bank.ts';
import { forget } from '../data/away.ts';
import { clearShelf } from '../data/shelf.ts';
import { h } from '../dom.ts';
import { locale, t } from '../i18n.ts';
import { chosenMode, modes } from '../part/connect.ts';
import { connectToPay } from '../part/pay-permission.ts';
import { homePath, payPath, query } from '../router.ts';
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
        ? payCard()
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
  const payers = connections.filter(canPay);
  if (payers.length > 0) await fetchElement();
  return { payers, providers };
}

/** Only those fetch it who may pay. */
async function fetchElement(): Promise<void> {
  try {
    await import('bankconnect/pay-element');
  } catch (cause) {
    const failure = { code: 'network', message: 'not fetched', retryable: true } as const;
    throw new BankConnectError(failure, { cause });
  }
}

/** The element, set to the language of the page; a link may say who is paid. */
function payCard(): HTMLElement {
  const element = document.createElement('bank-pay');
  element.client = client();
  element.setAttribute('locale', locale());
  element.setAttribute('mode', chosenMode());
  const [to, name] = [query().get('to'), query().get('name')];
  if (to) {
    const account = /^[A-Z]{2}\d/.test(to) ? { iban: to } : { account: to };
    element.order = { to: name ? { ...account, name } : account };
  }
  element.addEventListener('bankconnect:paying', forget); // what was left before is over
  element.addEventListener('bankconnect:paid', clearShelf);
  const choice = modes((mode) => element.setAttribute('mode', mode));
  return h(
    'section',
    { class: 'card pay-card', 'aria-label': t().pay },
    element,
    h('div', { class: 'pay-mode' }, choice),
  );
}
