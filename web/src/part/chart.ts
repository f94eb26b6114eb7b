// The balance chart: a stepped line, because a balance jumps when a payment is booked.

import { drawn } from '../data/money.ts';
import { linear, ticks } from '../data/scale.ts';
import type { Point } from '../data/series.ts';
import { h, put, svg } from '../dom.ts';
import { longDay, shortDay, shortMoney, shortMonth } from '../i18n.ts';

type Written = (thousandths: bigint) => string;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly bottom: number;
  readonly x: (index: number) => number;
  readonly y: (amount: number) => number;
  readonly levels: readonly number[];
}

const HEIGHT = 240;
const TOP = 16;
const FOOT = 28;
const RIGHT = 10;

/** The picture, redrawn whenever its width changes; `summary` is what it says in words. */
export function drawChart(
  points: readonly Point[],
  written: Written,
  summary: string,
): HTMLElement {
  const picture = svg('svg', {
    role: 'img',
    'aria-label': summary,
    class: 'chart-picture',
    height: HEIGHT,
  });
  const readout = h('p', { class: 'readout', 'aria-hidden': 'true' }, '\u00a0');
  const box = h('div', { class: 'chart-box' }, readout, picture);
  let width = 0;
  const observer = new ResizeObserver(([entry]) => {
    if (!box.isConnected) observer.disconnect(); // told once more when it is taken off the page
    const now = Math.round(entry?.contentRect.width ?? 0);
    if (now === width || now === 0) return;
    width = now;
    draw(picture, readout, points, written, width);
  });
  observer.observe(box);
  return box;
}

function draw(
  picture: SVGElement,
  readout: HTMLElement,
  points: readonly Point[],
  written: Written,
  width: number,
): void {
  const frame = layOut(points, width);
  picture.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  const marker = pointMarker();
  put(
    picture,
    ...grid(frame),
    ...days(points, frame),
    area(points, frame),
    line(points, frame),
    marker.node,
    ...end(points, frame),
  );
  const point = (event: PointerEvent): void => {
    const share =
      (event.clientX - picture.getBoundingClientRect().left - frame.left) /
      (width - RIGHT - frame.left);
    const index = Math.round(Math.min(1, Math.max(0, share)) * (points.length - 1));
    const here = points[index];
    if (!here) return;
    marker.move(frame.x(index), frame.y(drawn(here.balance)));
    readout.textContent = `${longDay(here.day)}: ${written(here.balance)}`;
  };
  picture.onpointermove = point;
  picture.onpointerdown = point;
  picture.onpointerleave = () => {
    marker.hide();
    readout.textContent = '\u00a0';
  };
}

function layOut(points: readonly Point[], width: number): Frame {
  const values = points.map((point) => drawn(point.balance));
  const low = Math.min(...values);
  const high = Math.max(...values);
  const levels = ticks(low > 0 && low < high / 2 ? 0 : low, high, 4);
  const left = 8 + 7.2 * Math.max(...levels.map((level) => shortMoney(level).length));
  const bottom = HEIGHT - FOOT;
  return {
    width,
    height: HEIGHT,
    left,
    bottom,
    levels,
    x: linear([0, points.length - 1], [left, width - RIGHT]),
    y: linear([levels[0] ?? low, levels.at(-1) ?? high], [bottom, TOP]),
  };
}

function grid(frame: Frame): SVGElement[] {
  return frame.levels.flatMap((level) => {
    const y = frame.y(level);
    const zero = level === 0 ? 'grid zero' : 'grid';
    return [
      svg('line', { class: zero, x1: frame.left, x2: frame.width - RIGHT, y1: y, y2: y }),
      svg(
        'text',
        { class: 'tick', x: frame.left - 8, y: y + 4, 'text-anchor': 'end' },
        shortMoney(level),
      ),
    ];
  });
}

function days(points: readonly Point[], frame: Frame): SVGElement[] {
  const room = Math.max(2, Math.floor((frame.width - frame.left) / 84));
  const monthly = points.length > 120;
  const marks = points.flatMap(({ day }, index) =>
    !monthly || day.endsWith('-01') ? [index] : [],
  );
  const every = Math.max(1, Math.ceil(marks.length / room));
  return marks
    .filter((_, order) => order % every === Math.floor(every / 2))
    .map((index) => {
      const day = points[index]?.day ?? '';
      const text = monthly ? shortMonth(day) : shortDay(day);
      return svg(
        'text',
        { class: 'tick', x: frame.x(index), y: HEIGHT - 8, 'text-anchor': 'middle' },
        text,
      );
    });
}

function steps(points: readonly Point[], frame: Frame): string {
  return points
    .map(
      ({ balance }, index) =>
        `${index === 0 ? 'M' : `H${frame.x(index).toFixed(1)}L`}${frame.x(index).toFixed(1)} ${frame.y(drawn(balance)).toFixed(1)}`,
    )
    .join('');
}

function line(points: readonly Point[], frame: Frame): SVGElement {
  return svg('path', { class: 'chart-line', d: steps(points, frame) });
}

/** A tint that fades towards the foot, because the axis need not begin at zero. */
function area(points: readonly Point[], frame: Frame): SVGElement {
  const ground = Math.min(frame.bottom, frame.y(0)).toFixed(1);
  const d = `${steps(points, frame)}V${ground}H${frame.x(0).toFixed(1)}Z`;
  const stop = (offset: number, opacity: number): SVGElement =>
    svg('stop', { class: 'chart-tint', offset, 'stop-opacity': opacity });
  const fade = svg(
    'linearGradient',
    { id: 'chart-fade', x1: 0, y1: 0, x2: 0, y2: 1 },
    stop(0, 0.26),
    stop(1, 0.02),
  );
  return svg('g', {}, svg('defs', {}, fade), svg('path', { fill: 'url(#chart-fade)', d }));
}

function end(points: readonly Point[], frame: Frame): SVGElement[] {
  const last = points.at(-1);
  if (!last) return [];
  return [
    svg('circle', {
      class: 'chart-end',
      cx: frame.x(points.length - 1),
      cy: frame.y(drawn(last.balance)),
      r: 4.5,
    }),
  ];
}

function pointMarker(): {
  node: SVGElement;
  move: (x: number, y: number) => void;
  hide: () => void;
} {
  const rule = svg('line', { class: 'pointer-rule', y1: TOP, y2: HEIGHT - FOOT });
  const dot = svg('circle', { class: 'chart-end', r: 4 });
  const node = svg('g', { class: 'pointer', visibility: 'hidden' }, rule, dot);
  const move = (x: number, y: number): void => {
    for (const [part, name] of [
      [rule, 'x1'],
      [rule, 'x2'],
      [dot, 'cx'],
    ] as const)
      part.setAttribute(name, String(x));
    dot.setAttribute('cy', String(y));
    node.setAttribute('visibility', 'visible');
  };
  return { node, move, hide: () => node.setAttribute('visibility', 'hidden') };
}
