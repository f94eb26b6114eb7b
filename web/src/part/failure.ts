// What went wrong, in plain words, with the ways out that make sense for it.

import type { BankConnectError } from 'bankconnect';
import { h } from '../dom.ts';
import { failures, t, word } from '../i18n.ts';
import { icon } from './icon.ts';

export interface Ways {
  /** Does the same again. */
  readonly retry?: () => void;
  /** Where a new connection can be started; always offered where it is the only way. */
  readonly reconnect?: string;
  /** Where to go otherwise. */
  readonly home?: string;
}

const CALM = new Set(['cancelled', 'closed', 'not_connected', 'reconnect', 'scope_missing']);
const RECONNECT = new Set(['reconnect', 'not_connected', 'scope_missing', 'authorization_expired']);

/** A panel about a failure; `undefined` is a mistake of this page. */
export function failurePanel(failure: BankConnectError | undefined, ways: Ways = {}): HTMLElement {
  const code = failure?.code ?? 'internal';
  const texts = failures()[code] ?? failures().internal;
  const calm = CALM.has(code);
  return h(
    'div',
    { class: calm ? 'notice calm' : 'notice', role: 'alert', 'data-code': code },
    icon(calm ? 'info' : 'warning'),
    h(
      'div',
      {},
      h('p', { class: 'notice-title' }, texts.title),
      h('p', {}, texts.text, ' ', texts.todo),
      failure?.retryAfter !== undefined && h('p', {}, wait(failure.retryAfter)),
      code !== 'cancelled' && small(code, failure), // nothing went wrong, so nothing to report
      actions(code, failure, ways),
    ),
  );
}

function wait(seconds: number): string {
  return t().waiting(seconds, word(seconds, t().secondWord));
}

function small(code: string, failure: BankConnectError | undefined): HTMLElement {
  const codes = [code, ...(failure?.bankCodes ?? [])].join(', ');
  const request = failure?.requestId;
  return h(
    'p',
    { class: 'small' },
    `${t().errorCode}: `,
    h('code', {}, codes),
    request ? ` · ${t().errorRequest}: ` : null,
    request ? h('code', {}, request) : null,
  );
}

function actions(
  code: string,
  failure: BankConnectError | undefined,
  ways: Ways,
): HTMLElement | null {
  const { retry, reconnect, home } = ways;
  const again = retry && (failure?.retryable || code === 'rate_limited' || code === 'internal');
  const connect = reconnect && (RECONNECT.has(code) || (!retry && !home));
  if (!again && !connect && !home) return null;
  return h(
    'div',
    { class: 'actions' },
    again && h('button', { type: 'button', class: 'button', onclick: retry }, t().tryAgain),
    connect && h('a', { class: 'button', href: reconnect }, t().connectAgain),
    home && h('a', { class: 'button quiet', href: home }, t().back),
  );
}
