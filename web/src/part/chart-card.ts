// The card around the balance chart: the period, loading, the words, the table with the same data.

import { asFailure } from '../bank.ts';
import type { Balances } from '../data/balance.ts';
import type { Ledger } from '../data/ledger.ts';
import { dayBefore, lastDay, type Point, series } from '../data/series.ts';
import { h } from '../dom.ts';
import { longDay, money, t } from '../i18n.ts';
import { replace } from '../page.ts';
import { skeleton } from '../view/view.ts';
import { drawChart } from './chart.ts';
import { failurePanel } from './failure.ts';

const PERIODS = [30, 90, 365];

export function chartCard(balances: Balances, ledger: Ledger, signal: AbortSignal): HTMLElement {
  const slot = h('div', { class: 'chart-slot' });
  let wanted = 90;
  const show = async (): Promise<void> => {
    const days = wanted;
    if (!slot.querySelector('figure')) replace(slot, skeleton('chart', 1));
    slot.setAttribute('aria-busy', 'true');
    try {
      const points = await pointsOf(balances, ledger, days);
      if (signal.aborted || days !== wanted) return;
      const empty = (): Node => h('p', { class: 'empty' }, t().chartEmpty);
      replace(slot, points.length > 1 ? figure(points, balances) : empty());
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
  return series(
    balances.booked.thousandths,
    ledger.entries,
    known,
    lastDay(balances, ledger.entries) ?? to,
  );
}

function periods(chosen: number, choose: (days: number) => void): HTMLElement {
  const items = PERIODS.map((days) => {
    const input = h('input', {
      type: 'radio',
      name: 'period',
      value: days,
      onchange: () => choose(days),
    });
    input.checked = days === chosen;
    return h('label', {}, input, h('span', {}, t().chartDays[days] ?? String(days)));
  });
  return h(
    'fieldset',
    { class: 'segments' },
    h('legend', { class: 'unseen' }, t().chartRange),
    ...items,
  );
}

function figure(points: readonly Point[], balances: Balances): HTMLElement {
  const currency = balances.booked?.currency ?? 'CZK';
  const written = (thousandths: number): string => money(thousandths / 1000, currency);
  const values = points.map((point) => point.balance);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return h('p', {}, t().chartEmpty);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const summary = t().chartSummary({
    from: longDay(first.day),
    to: longDay(last.day),
    first: written(first.balance),
    last: written(last.balance),
    low: written(low),
    high: written(high),
  });
  return h(
    'figure',
    {
      class: 'chart',
      'data-last': last.balance / 1000,
      'data-last-day': last.day,
      'data-days': points.length,
    },
    drawChart(points, written, summary),
    h('figcaption', {}, extreme(t().low, written(low)), extreme(t().high, written(high))),
    table(points, written),
  );
}

function extreme(label: string, value: string): HTMLElement {
  return h('span', {}, `${label} `, h('strong', {}, value));
}

function table(points: readonly Point[], written: (thousandths: number) => string): HTMLElement {
  const rows = points
    .toReversed()
    .map(({ day, balance, change }) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, longDay(day)),
        h('td', {}, change === 0 ? '–' : written(change)),
        h('td', {}, written(balance)),
      ),
    );
  const head = [t().chartDay, t().chartChange, t().chartBalance].map((name) =>
    h('th', { scope: 'col' }, name),
  );
  return h(
    'details',
    { class: 'chart-table' },
    h('summary', {}, t().chartTable),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t().chartTable },
      h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows)),
    ),
  );
}
