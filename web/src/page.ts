// The frame around every view: header with the language switch, footer, live region, focus.

import { h, put, svg } from './dom.ts';
import { applyLocale, chooseLocale, LOCALES, locale, t } from './i18n.ts';
import {
  homePath,
  overviewPath,
  parse,
  paymentsPath,
  payPath,
  permissionsPath,
  standingPath,
} from './router.ts';

const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
};

export const main = (): HTMLElement => byId('main');

/** A view was opened whose heading is still on its way. */
let headingWanted = false;

/**
 * Draws header and footer in the current language. `changed` runs after the person changes it;
 * `ways` are the ways to the views, which the callback page does not have.
 */
export function drawFrame(changed: () => void, ways = false): void {
  applyLocale();
  put(byId('top'), brand(), ways && places(), languages(changed));
  const foot = document.getElementById('foot');
  if (foot) put(foot, h('p', {}, t().footer), h('p', {}, t().footerPrivacy));
  const skip = document.getElementById('skip');
  if (!skip) return;
  skip.textContent = t().skip;
  skip.onclick = (event) => {
    event.preventDefault(); // the fragment belongs to the router
    focusHeading();
  };
}

/** Puts a view on the page. `moved` is true when the person came from another view. */
export function mount(view: HTMLElement, title: string, moved: boolean): void {
  document.title = `${title} · bankconnect`;
  put(main(), view);
  headingWanted = moved;
  if (moved) window.scrollTo(0, 0);
  contentArrived();
}

/** Content has come after the skeleton: if the person moved here, the heading gets the focus. */
export function contentArrived(): void {
  if (!headingWanted || !main().querySelector('h1')) return;
  headingWanted = false;
  const elsewhere = document.activeElement && document.activeElement !== document.body;
  if (!elsewhere) focusHeading();
}

/**
 * Changes what a place holds. If that takes away what the person works with (a pressed "try
 * again"), the focus goes to the place's heading or to the place, not back to the top of the page.
 */
export function replace(place: HTMLElement, ...content: readonly Node[]): void {
  const inside = place.contains(document.activeElement);
  put(place, ...content);
  if (!inside) return;
  const next = place.querySelector('h1') ?? place;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
}

/** Puts the focus where a reader should go on: the heading of the view. */
export function focusHeading(): void {
  const heading = main().querySelector('h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Says something to screen readers without moving the focus. */
export function announce(text: string): void {
  const live = byId('live');
  live.textContent = live.textContent === text ? `${text}\u00a0` : text;
}

function brand(): HTMLElement {
  const mark = svg(
    'svg',
    { viewBox: '0 0 32 32', class: 'mark', 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { width: 32, height: 32, rx: 8, class: 'mark-ground' }),
    svg('path', { d: 'M5 22c0-6 4.5-10 11-10s11 4 11 10', class: 'mark-arch' }),
    svg('path', { d: 'M5 22h22M11 13.8V22M16 12v10M21 13.8V22', class: 'mark-line' }),
  );
  return h(
    'a',
    { class: 'brand', href: '/#/' },
    mark,
    h('span', {}, 'bankconnect'),
    h('span', { class: 'tag' }, 'demo'),
  );
}

const PLACES = [
  ['home', homePath],
  ['overview', overviewPath],
  ['payments', paymentsPath],
  ['pay', payPath],
  ['standing', standingPath],
  ['permissions', permissionsPath],
] as const;

function places(): HTMLElement {
  const links = PLACES.map(([name, path]) =>
    h('li', {}, h('a', { href: path, 'data-place': name }, t().places[name])),
  );
  return h('nav', { class: 'places', 'aria-label': t().placesTitle }, h('ul', {}, ...links));
}

/** Marks the way to the view that is open. */
export function markPlace(): void {
  const [at] = parse(location.hash).at.split('-'); // a view below another one is part of it
  for (const link of byId('top').querySelectorAll('[data-place]')) {
    if (link.getAttribute('data-place') === at) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function languages(changed: () => void): HTMLElement {
  const buttons = LOCALES.map(([code, name]) =>
    h(
      'button',
      {
        type: 'button',
        lang: code,
        'data-locale': code,
        'aria-pressed': String(code === locale()),
        onclick: () => {
          chooseLocale(code);
          changed();
          byId('top').querySelector<HTMLElement>(`[data-locale=${code}]`)?.focus();
        },
      },
      name,
    ),
  );
  return h('div', { class: 'languages', role: 'group', 'aria-label': t().language }, ...buttons);
}
