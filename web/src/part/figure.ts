// What surrounds a chart: the words that say the same, and the table with the same data.

import { decimal, extremes } from '../data/money.ts';
import type { Point } from '../data/series.ts';
import { h } from '../dom.ts';
import { longDay, money, t } from '../i18n.ts';
import { drawChart } from './chart.ts';

const PERIODS = [30, 90, 365];
export const USUAL_PERIOD = 90;

/** The choice of a period in days. */
export function periods(chosen: number, choose: (days: number) => void): HTMLElement {
  const options = PERIODS.map((days): Segment => [String(days), t().chartDays[days] ?? `${days}`]);
  return segments('period', t().chartRange, options, String(chosen), (days) =>
    choose(Number(days)),
  );
}

type Segment = readonly [string, string];

/** A few choices side by side, of which one is taken. */
export function segments(
  name: string,
  legend: string,
  options: readonly Segment[],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement {
  const items = options.map(([value, label]) => {
    const input = h('input', { type: 'radio', name, value, onchange: () => choose(value) });
    input.checked = value === chosen;
    return h('label', {}, input, h('span', {}, label));
  });
  return h(
    'fieldset',
    { class: 'segments' },
    h('legend', { class: 'unseen' }, legend),
    h('div', {}, ...items),
  );
}

/** The course of a balance; nothing to draw below two days. */
export function balanceFigure(points: readonly Point[], currency: string): HTMLElement {
  const written = (thousandths: bigint): string => money(decimal(thousandths), currency);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last) return h('p', { class: 'empty' }, t().chartEmpty);
  const [low, high] = extremes(points.map((point) => point.balance)).map(written);
  const summary = t().chartSummary({
    from: longDay(first.day),
    to: longDay(last.day),
    first: written(first.balance),
    last: written(last.balance),
    low: low ?? '',
    high: high ?? '',
  });
  const rows = points
    .toReversed()
    .map(({ day, balance, change }) => [
      longDay(day),
      change === 0n ? '–' : written(change),
      written(balance),
    ]);
  return h(
    'figure',
    {
      class: 'chart',
      'data-last': decimal(last.balance),
      'data-last-day': last.day,
      'data-days': points.length,
    },
    drawChart(points, written, summary),
    h('figcaption', {}, extreme(t().low, low ?? ''), extreme(t().high, high ?? '')),
    sameAsTable(t().chartTitle, [t().chartDay, t().chartChange, t().chartBalance], rows),
  );
}

function extreme(label: string, value: string): HTMLElement {
  return h('span', {}, `${label} `, h('strong', {}, value));
}

/** The same figures for those who would rather read them, or can only read them. */
export function sameAsTable(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLElement {
  const cells = ([first = '', ...others]: readonly string[]): HTMLElement =>
    h('tr', {}, h('th', { scope: 'row' }, first), ...others.map((text) => h('td', {}, text)));
  const table = h('table', {});
  const scroll = h('div', { class: 'scroll', tabindex: 0, role: 'region' }, table);
  scroll.setAttribute('aria-label', `${title}: ${t().chartTable}`);
  const fill = (): void => {
    if (table.firstChild) return; // a year of days is only built for those who look
    const head = columns.map((name) => h('th', { scope: 'col' }, name));
    table.append(h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows.map(cells)));
  };
  return h(
    'details',
    { class: 'chart-table', ontoggle: fill },
    h('summary', {}, t().chartTable),
    scroll,
  );
}
