// The card that connects a bank: which one, what will be asked for, how its page opens, the button.

import type { Provider } from 'bankconnect';
import { asFailure, client, SCOPES } from '../bank.ts';
import { h, put } from '../dom.ts';
import { locale, t } from '../i18n.ts';
import { freshPath, go } from '../router.ts';
import { badge, UNREAD } from './badge.ts';
import { failurePanel } from './failure.ts';

type Mode = 'redirect' | 'popup';
let mode: Mode = 'redirect';

/** The card while the providers are on their way: of the same size, with bars in their place. */
export function connectCardWaiting(another: boolean): HTMLElement {
  const usual = option({ id: '', name: UNREAD, environment: 'sandbox' });
  const choice = choices(t().chooseBank, 'provider', [usual], '', () => {});
  const room = h('div', { class: 'button-room' }, h('span', { class: 'bar' }));
  return h(
    'section',
    { class: 'card connect-card skeleton-card', inert: true, 'aria-hidden': 'true' },
    title(another),
    choice,
    asked(),
    modes(() => {}),
    room,
  );
}

/** The card, for the providers where a person logs in at the bank. */
export function connectCard(providers: readonly Provider[], another: boolean): HTMLElement {
  const heading = title(another);
  const first = providers[0];
  if (!first)
    return h('section', { class: 'card connect-card' }, heading, h('p', {}, t().noProviders));
  const button = connectButton(first.id);
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
    asked(),
    modes((chosen) => button.setAttribute('mode', chosen)),
    button,
    problem,
  );
}

/** The package's element, set to the language of the page. Also used to connect again. */
export function connectButton(provider: string, label = ''): HTMLElement {
  const button = document.createElement('bank-connect');
  if (label) button.append(label); // the element has its own words for a first connection
  button.client = client();
  const attributes = {
    provider,
    scopes: SCOPES.join(' '),
    mode,
    locale: locale(),
  };
  for (const [name, value] of Object.entries(attributes)) button.setAttribute(name, value);
  button.addEventListener('bankconnect:connected', ({ detail }) => {
    go(freshPath(detail.connection.id));
  });
  return button;
}

function showFailures(button: HTMLElement, slot: HTMLElement): void {
  button.addEventListener('bankconnect:connecting', () => put(slot));
  button.addEventListener('bankconnect:failed', ({ detail }) => {
    put(slot, failurePanel(asFailure(detail)));
  });
}

function title(another: boolean): HTMLElement {
  return h('h2', {}, another ? t().connectAnother : t().connectTitle);
}

function option(provider: Pick<Provider, 'id' | 'name' | 'environment'>): readonly [string, Node] {
  return [
    provider.id,
    h('span', { class: 'option' }, h('span', {}, provider.name), badge(provider.environment)),
  ];
}

function asked(): HTMLElement {
  const items = SCOPES.flatMap((scope) => t().asked[scope] ?? []).map((text) => h('li', {}, text));
  return h(
    'div',
    { class: 'asked' },
    h('h3', {}, t().whatIsAsked),
    h('ul', {}, ...items),
    h('p', { class: 'small' }, t().howLong),
  );
}

function modes(choose: (chosen: Mode) => void): HTMLElement {
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
