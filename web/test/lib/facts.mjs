// Facts of a page that a person would only feel: what moved, what is too small to press, how far the
// headings skip, how wide it is. Each answers the list of what is wrong.

/** Runs in the page before its scripts: keeps every layout shift that no press explains. */
function watchShifts() {
  const shifts = [];
  Object.defineProperty(window, '__shifts', { value: shifts });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      const moved = sources.map(({ node, previousRect, currentRect }) => {
        const element = node instanceof Element ? node : node?.parentElement;
        const rect = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join();
        const name = `${element?.localName}.${element?.className.baseVal ?? element?.className}`;
        return `${name} ${rect(previousRect)} -> ${rect(currentRect)}`;
      });
      shifts.push(`${value.toFixed(4)}: ${moved.join('; ')}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

export const watchingShifts = (context) => context.addInitScript(watchShifts);

/** What moved since the page was loaded. */
export async function shifts(page) {
  // two frames, so that what the last one moved is told as well
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  return page.evaluate(() => window.__shifts);
}

/** What can be pressed and is smaller than a finger: 44 px, or 24 px for a link within text. */
export function smallTargets(page) {
  return page.evaluate(() => {
    const able = 'a[href], button, input, select, summary, [role=row][tabindex]';
    const roots = [
      document,
      ...[...document.querySelectorAll('*')].flatMap((e) => e.shadowRoot ?? []),
    ];
    const all = roots.flatMap((root) => [...root.querySelectorAll(able)]);
    const shown = all.filter(
      (element) => element.checkVisibility() && !element.closest('.skip, [inert]'),
    );
    return shown.flatMap((element) => {
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      const inText =
        element.localName === 'a' && element.closest('p:not(.backlink), dd, li > span');
      const least = inText ? 24 : 44;
      if (box.width >= least - 0.5 && box.height >= least - 0.5) return [];
      const size = `${Math.round(box.width)} x ${Math.round(box.height)}`;
      return [
        `${element.localName}.${element.className} "${element.textContent.slice(0, 30)}" ${size}`,
      ];
    });
  });
}

/** Headings that skip a level, and a page without exactly one of the first. */
export function skippedHeadings(page) {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll('h1, h2, h3, h4')].filter((one) =>
      one.checkVisibility(),
    );
    const levels = all.map(({ localName }) => Number(localName[1]));
    const wrong = levels.flatMap((level, at) =>
      level > (levels[at - 1] ?? 0) + 1 ? [`${all[at].textContent} is h${level}`] : [],
    );
    const first = levels.filter((level) => level === 1).length;
    return first === 1 ? wrong : [...wrong, `${first} headings of the first level`];
  });
}

/** Pictures without a size of their own, which push text aside when they come. */
export function unsizedPictures(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('img, video, iframe')]
      .filter((one) => !one.hasAttribute('width') || !one.hasAttribute('height'))
      .map(({ outerHTML }) => outerHTML),
  );
}

/** What is wider than the window, if the page scrolls sideways. */
export function sideways(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    const wide = [...document.querySelectorAll('main *, header *')].filter(
      (one) => one.getBoundingClientRect().right > room + 0.5,
    );
    return wide.map((one) => `${one.localName}.${one.className.baseVal ?? one.className}`);
  });
}
