// The way to the permission to pay, where none of the connections has it.

import type { Provider } from 'bankconnect';
import { h } from '../dom.ts';
import { payTexts } from '../text/pay.ts';
import { connectCard } from './connect.ts';

/** `onwards`: where the person goes on afterwards; `lead`: why it is needed. */
export function connectToPay(
  providers: readonly Provider[],
  { onwards, lead }: { readonly onwards: string; readonly lead: string },
): HTMLElement {
  const login = providers.filter(({ connect }) => connect === 'authorization');
  const wanted = { purpose: 'pay', title: payTexts().connectTitle, onwards } as const;
  return h('div', { class: 'pay-permission' }, h('p', {}, lead), connectCard(login, wanted));
}
