// Where the money went: the payees with the largest sums, each with a bar of its share.

import { decimal, drawn } from '../data/money.ts';
import type { Party } from '../data/spending.ts';
import { h } from '../dom.ts';
import { count, money, t, word } from '../i18n.ts';
import { paymentsPath } from '../router.ts';

export function partyList(parties: readonly Party[], currency: string): HTMLElement {
  const [largest] = parties;
  if (!largest) return h('p', { class: 'empty' }, t().partiesEmpty);
  const items = parties.map((party) => {
    const bar = h('span', { class: 'share', 'aria-hidden': 'true' });
    bar.style.inlineSize = `${Math.max(1, (100 * drawn(party.sum)) / drawn(largest.sum))}%`;
    const words = new URLSearchParams({ text: party.name, direction: 'out' });
    return h(
      'li',
      {},
      h(
        'a',
        { class: 'party', href: `${paymentsPath}?${words}` },
        h('span', { class: 'party-name' }, party.name),
        h('span', { class: 'amount' }, money(decimal(party.sum), currency)),
        h(
          'span',
          { class: 'small' },
          `${count(party.count)} ${word(party.count, t().paymentWord)}`,
        ),
        h('span', { class: 'track' }, bar),
      ),
    );
  });
  return h('ol', { class: 'parties' }, ...items);
}
