// What came in and went out by month: two bars each, and the same as a table.

import { decimal, drawn } from '../data/money.ts';
import { linear, ticks } from '../data/scale.ts';
import type { Month } from '../data/spending.ts';
import { h, put, svg } from '../dom.ts';
import { briefMonth, longMonth, money, shortMoney, t } from '../i18n.ts';
import { sameAsTable } from './figure.ts';

const HEIGHT = 240;
const TOP = 12;
const FOOT = 28;
const RIGHT = 4;
const WIDEST = 22;

export function monthsFigure(months: readonly Month[], currency: string): HTMLElement {
  const written = (value: bigint): string => money(decimal(value), currency);
  const words = t().months;
  const summary = months
    .map((one) => words.line(longMonth(one.month), written(one.in), written(one.out)))
    .join(' ');
  const picture = svg('svg', {
    role: 'img',
    'aria-label': summary,
    class: 'chart-picture',
    height: HEIGHT,
  });
  const box = h('div', { class: 'chart-box' }, picture);
  watchWidth(box, (width) => draw(picture, months, width));
  const rows = months
    .toReversed()
    .map((one) => [longMonth(one.month), written(one.in), written(one.out)]);
  return h(
    'figure',
    { class: 'chart months', 'data-months': months.length },
    h(
      'figcaption',
      { class: 'legend' },
      h('span', { class: 'key in' }, words.in),
      h('span', { class: 'key out' }, words.out),
    ),
    box,
    sameAsTable(words.title, [words.month, words.in, words.out], rows),
  );
}

/** Calls back with the width of a box, whenever it changes while it is on the page. */
export function watchWidth(box: HTMLElement, changed: (width: number) => void): void {
  let known = 0;
  const observer = new ResizeObserver(([entry]) => {
    if (!box.isConnected) observer.disconnect(); // told once more when it is taken off the page
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width === known || width === 0) return;
    known = width;
    changed(width);
  });
  observer.observe(box);
}

function draw(picture: SVGElement, months: readonly Month[], width: number): void {
  picture.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  const most = Math.max(1, ...months.flatMap((one) => [drawn(one.in), drawn(one.out)]));
  const levels = ticks(0, most, 4);
  const left = 8 + 7.2 * Math.max(...levels.map((level) => shortMoney(level).length));
  const y = linear([0, levels.at(-1) ?? most], [HEIGHT - FOOT, TOP]);
  const step = (width - RIGHT - left) / months.length;
  const bar = Math.min(WIDEST, Math.max(3, step * 0.34));
  const every = Math.ceil(44 / step);
  const bars = months.flatMap((one, index) => {
    const middle = left + step * (index + 0.5);
    return [
      column('bar-in', middle - bar - 1, bar, y(drawn(one.in))),
      column('bar-out', middle + 1, bar, y(drawn(one.out))),
      // counted from the newest, which is always named
      (months.length - 1 - index) % every === 0 &&
        tick(middle, HEIGHT - 8, 'middle', briefMonth(one.month)),
    ];
  });
  const grid = levels.flatMap((level) => [
    svg('line', {
      class: level === 0 ? 'grid zero' : 'grid',
      x1: left,
      x2: width - RIGHT,
      y1: y(level),
      y2: y(level),
    }),
    tick(left - 8, y(level) + 4, 'end', shortMoney(level)),
  ]);
  put(picture, ...grid, ...bars);
}

function column(name: string, x: number, width: number, top: number): SVGElement {
  const height = Math.max(0, HEIGHT - FOOT - top);
  const radius = Math.min(3, width / 2, height);
  return svg('path', {
    class: name,
    d: `M${x.toFixed(1)} ${HEIGHT - FOOT}v${(radius - height).toFixed(1)}q0 ${-radius} ${radius} ${-radius}h${(width - 2 * radius).toFixed(1)}q${radius} 0 ${radius} ${radius}v${(height - radius).toFixed(1)}z`,
  });
}

function tick(x: number, y: number, anchor: string, text: string): SVGElement {
  return svg('text', { class: 'tick', x, y, 'text-anchor': anchor }, text);
}
