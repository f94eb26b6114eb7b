// Small marks: whether a bank is a sandbox, and whether a connection can be read.

import type { BankConnection, Provider } from 'bankconnect';
import { h } from '../dom.ts';
import { t } from '../i18n.ts';
import { icon } from './icon.ts';

/** Stands for a bank's name that is still on its way: as wide as a usual one. */
export const UNREAD = '\u2007'.repeat(18);

/** Marks a sandbox; a bank with real money needs no mark. */
export function badge(environment: Provider['environment']): HTMLElement | null {
  return environment === 'sandbox' ? h('span', { class: 'badge sandbox' }, t().sandbox) : null;
}

export function statusMark(status: BankConnection['status']): HTMLElement {
  const fine = status === 'connected';
  return h(
    'span',
    { class: `status ${status}` },
    icon(fine ? 'check' : 'warning'),
    fine ? t().statusConnected : t().statusReconnect,
  );
}
