// The picture of the start page: a bridge between the bank and this page, with a lock on the way.

import { svg } from '../dom.ts';

const ARCHES = [88, 148, 208, 268, 328];

export function viaduct(): SVGElement {
  const arches = ARCHES.map((x) => `M${x} 92V70a24 24 0 0 1 48 0v22`).join('');
  return svg(
    'svg',
    { viewBox: '0 0 464 100', class: 'viaduct', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { class: 'faint', d: 'M4 92h456' }),
    svg('path', { d: `M76 38h312M76 92V38M388 92V38${arches}` }),
    svg('path', { d: 'M14 46L40 30l26 16zM20 52v32M33 52v32M47 52v32M60 52v32M12 92v-6h56v6' }),
    svg('path', {
      d: 'M402 34h48a4 4 0 0 1 4 4v44a4 4 0 0 1-4 4h-48a4 4 0 0 1-4-4V38a4 4 0 0 1 4-4zM398 46h56M408 74l10-10 8 6 16-14',
    }),
    svg('path', {
      class: 'solid',
      d: 'M222 20h20a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-20a2 2 0 0 1-2-2V22a2 2 0 0 1 2-2z',
    }),
    svg('path', { d: 'M225 20v-5a7 7 0 0 1 14 0v5' }),
  );
}
