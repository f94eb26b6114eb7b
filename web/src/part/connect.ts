// The card that connects a bank: which one, what will be asked for, how its page opens, the button.

import type { Connection, Provider } from 'bankconnect';
import { asFailure, client, PURPOSES, type Purpose, purposeOf } from '../bank.ts';
import { h, put } from '../dom.ts';
import { locale, t } from '../i18n.ts';
import { freshPath, go } from '../router.ts';
import { badge, UNREAD } from './badge.ts';
import { failurePanel } from './failure.ts';

type Mode = 'redirect' | 'popup';
let mode: Mode = 'redirect';

/** Words and ways of a card. */
export interface Wanted {
  readonly purpose: Purpose;
  readonly title: string;
  /** Where the person goes on, from a window of the bank's or from the callback page. */
  readonly onwards?: string;
}

/** How the bank's page opens, as the person chose it last. */
export const chosenMode = (): Mode => mode;

/** The card while the providers are on their way: of the same size, with bars in their place. */
export function connectCardWaiting(wanted: Wanted): HTMLElement {
  const usual = option({ id: '', name: UNREAD, environment: 'sandbox' });
  const choice = choices(t().chooseBank, 'provider', [usual], '', () => {});
  const room = h('div', { class: 'button-room' }, h('span', { class: 'bar' }));
  return h(
    'section',
    { class: 'card connect-card skeleton-card', inert: true, 'aria-hidden': 'true' },
    h('h2', {}, wanted.title),
    choice,
    asked(wanted.purpose),
    modes(() => {}),
    room,
  );
}

/** The card, for the providers where a person logs in at the bank. */
export function connectCard(providers: readonly Provider[], wanted: Wanted): HTMLElement {
  const heading = h('h2', {}, wanted.title);
  const first = providers[0];
  if (!first)
    return h('section', { class: 'card connect-card' }, heading, h('p', {}, t().noProviders));
  const button = connectButton(first.id, wanted);
  button.append(t().press[wanted.purpose]); // not the element's words, which change with what is connected
  const problem = h('div', { class: 'problem' });
  showFailures(button, problem);
  const choice = choices(t().chooseBank, 'provider', providers.map(option), first.id, (id) => {
    button.setAttribute('provider', id);
  });
  return h(
    'section',
    { class: 'card connect-card', id: 'connect' },
    heading,
    choice,
    asked(wanted.purpose),
    modes((chosen) => button.setAttribute('mode', chosen)),
    button,
    problem,
  );
}

/** The button that brings an ended connection, or one about to end, to life again. */
export function connectAgain(connection: Readonly<Connection>, title: string): HTMLElement {
  const button = connectButton(connection.provider, { purpose: purposeOf(connection), title });
  button.append(title);
  return button;
}

/** The package's element, set to the language of the page. */
function connectButton(provider: string, { purpose, onwards }: Wanted): HTMLElement {
  const button = document.createElement('bank-connect');
  button.client = client();
  button.appState = onwards ? { onwards } : undefined;
  const attributes = {
    provider,
    scopes: PURPOSES[purpose].join(' '),
    mode,
    locale: locale(),
  };
  for (const [name, value] of Object.entries(attributes)) button.setAttribute(name, value);
  button.addEventListener('bankconnect:connected', ({ detail }) => {
    go(onwards ?? freshPath(detail.connection.id));
  });
  return button;
}

function showFailures(button: HTMLElement, slot: HTMLElement): void {
  button.addEventListener('bankconnect:connecting', () => put(slot));
  button.addEventListener('bankconnect:failed', ({ detail }) => {
    put(slot, failurePanel(asFailure(detail)));
  });
}

function option(provider: Pick<Provider, 'id' | 'name' | 'environment'>): readonly [string, Node] {
  return [
    provider.id,
    h('span', { class: 'option' }, h('span', {}, provider.name), badge(provider.environment)),
  ];
}

function asked(purpose: Purpose): HTMLElement {
  const items = PURPOSES[purpose]
    .flatMap((scope) => t().asked[scope] ?? [])
    .map((text) => h('li', {}, text));
  return h(
    'div',
    { class: 'asked' },
    h('h3', {}, t().whatIsAsked),
    h('ul', {}, ...items),
    h('p', { class: 'small' }, t().howLong[purpose]),
  );
}

/** The choice how the bank's page opens. */
export function modes(choose: (chosen: Mode) => void): HTMLElement {
  const words: readonly (readonly [Mode, Node])[] = [
    ['redirect', h('span', {}, t().modeRedirect)],
    ['popup', h('span', {}, t().modePopup)],
  ];
  const set = choices(t().howToOpen, 'mode', words, mode, (chosen) => {
    mode = chosen === 'popup' ? 'popup' : 'redirect';
    choose(mode);
  });
  set.classList.add('inline');
  return set;
}

function choices(
  legend: string,
  name: string,
  options: readonly (readonly [string, Node])[],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  const items = options.map(([value, label]) => {
    const input = h('input', { type: 'radio', name, value, onchange: () => choose(value) });
    input.checked = value === chosen;
    return h('label', { class: 'choice' }, input, label);
  });
  return h('fieldset', { class: 'choices' }, h('legend', {}, legend), ...items);
}
