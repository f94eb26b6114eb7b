// The card around the balance chart of one account: the period, loading, what went wrong.

import { asFailure } from '../bank.ts';
import type { Balances } from '../data/balance.ts';
import type { Ledger } from '../data/ledger.ts';
import { dayBefore, lastDay, type Point, series } from '../data/series.ts';
import { h } from '../dom.ts';
import { t } from '../i18n.ts';
import { replace } from '../page.ts';
import { skeleton } from '../view/view.ts';
import { failurePanel } from './failure.ts';
import { balanceFigure, periods, USUAL_PERIOD } from './figure.ts';

export function chartCard(balances: Balances, ledger: Ledger, signal: AbortSignal): HTMLElement {
  const slot = h('div', { class: 'chart-slot' });
  let wanted = USUAL_PERIOD;
  const show = async (): Promise<void> => {
    const days = wanted;
    if (!slot.querySelector('figure')) replace(slot, skeleton('chart', 1));
    slot.setAttribute('aria-busy', 'true');
    try {
      const points = await pointsOf(balances, ledger, days);
      if (signal.aborted || days !== wanted) return;
      replace(slot, balanceFigure(points, balances.booked?.currency ?? 'CZK'));
    } catch (thrown) {
      const retry = (): void => void show();
      if (!signal.aborted) replace(slot, failurePanel(asFailure(thrown), { retry }));
    }
    slot.removeAttribute('aria-busy');
  };
  const choose = (days: number): void => {
    wanted = days;
    void show();
  };
  void show();
  return h(
    'section',
    { class: 'card chart-card', 'aria-labelledby': 'chart-title' },
    h(
      'div',
      { class: 'chart-head' },
      h('h2', { id: 'chart-title' }, t().chartTitle),
      periods(wanted, choose),
    ),
    slot,
  );
}

async function pointsOf(
  balances: Balances,
  ledger: Ledger,
  days: number,
): Promise<readonly Point[]> {
  if (!balances.booked) return [];
  await ledger.reach(1);
  const to = lastDay(balances, ledger.entries);
  if (!to) return [];
  const from = dayBefore(to, days);
  await ledger.reachDay(from);
  const known = ledger.complete && ledger.since > from ? ledger.since : from;
  return series(balances.booked.thousandths, ledger.entries, known, to);
}
