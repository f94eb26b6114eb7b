// The few small pictures of the page, drawn with strokes in the colour of the text beside them.

import { svg } from '../dom.ts';

const PATHS = {
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.500v2',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.200a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6',
  unlink:
    'M9 15l-2 2a3.5 3.5 0 0 1-5-5l3-3M15 9l2-2a3.5 3.5 0 0 1 5 5l-3 3M9 5V2.500M5 6.500L3.5 5M15 19v2.500M19 17.500L20.5 19',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5M12 7.800v.2',
  warning: 'M12 4L2.5 20h19zM12 10v5M12 17.300v.2',
  check: 'M4.5 12.500l5 5 10-11',
  back: 'M14.5 5l-7 7 7 7',
  next: 'M9.5 5l7 7-7 7',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.500 15.500l5 5',
  bank: 'M3 9.500L12 4l9 5.500zM5.5 10v7M10 10v7M14 10v7M18.5 10v7M3 20h18',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture that says nothing the text beside it does not say. */
export function icon(name: IconName): SVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: `icon icon-${name}`, 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: PATHS[name] }),
  );
}
