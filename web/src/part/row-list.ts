// A list of any length: only the rows that can be seen are on the page. It scrolls with the page,
// is walked with the keyboard, and tells screen readers how many rows there are.

import { h, put } from '../dom.ts';
import { keepScroll, keptScroll } from '../router.ts';

/** Rows beyond the window on either side, so that quick scrolling meets no gap. */
const SPARE = 6;
/** Milliseconds of stillness before the place is remembered; browsers limit how often. */
const STILL = 200;

export interface RowListOptions {
  readonly label: string;
  /** Names of the columns; the first row of the grid. */
  readonly columns: readonly string[];
  /** The cells of a row. */
  readonly cells: (index: number) => readonly HTMLElement[];
  /** More names for the row's class. */
  readonly mark: (index: number) => string;
  /** The person pressed a row. */
  readonly open: (index: number) => void;
  readonly signal: AbortSignal;
}

export class RowList {
  readonly node: HTMLElement;
  readonly #options: RowListOptions;
  readonly #body: HTMLElement;
  readonly #rows = new Map<number, HTMLElement>();
  #count = 0;
  #active = 0;
  #height = 68;
  #planned = false;
  /** Where the page was scrolled when the person left; until the list is long enough. */
  #wanted = keptScroll();
  #still: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RowListOptions) {
    this.#options = options;
    this.#body = h('div', { class: 'grid-body', role: 'rowgroup' });
    const head = options.columns.map((name) => h('span', { role: 'columnheader' }, name));
    this.node = h(
      'div',
      { class: 'grid-list', role: 'grid', 'aria-label': options.label, 'aria-readonly': 'true' },
      h(
        'div',
        { role: 'rowgroup' },
        h('div', { class: 'grid-head', role: 'row', 'aria-rowindex': 1 }, ...head),
      ),
      this.#body,
    );
    this.#listen(options.signal);
  }

  /** Shows so many rows. `anew`: other rows than before, not just more of them. */
  show(count: number, anew: boolean): void {
    this.#count = count;
    this.#active = Math.min(this.#active, Math.max(0, count - 1));
    this.node.setAttribute('aria-rowcount', String(count + 1));
    if (anew) {
      put(this.#body);
      this.#rows.clear();
      this.#active = 0;
    }
    this.#stretch();
    this.#render();
    this.#comeBack();
  }

  #listen(signal: AbortSignal): void {
    const plan = (): void => this.#plan();
    addEventListener('scroll', plan, { passive: true, signal });
    addEventListener('resize', plan, { signal });
    addEventListener(
      'wheel',
      () => {
        this.#wanted = 0; // the person goes where they want
      },
      { passive: true, signal },
    );
    signal.addEventListener('abort', () => clearTimeout(this.#still));
    this.node.addEventListener('keydown', (event) => this.#key(event));
    this.#body.addEventListener('click', ({ target }) => {
      const index = this.#indexOf(target);
      if (index === undefined) return;
      this.#activate(index);
      this.#options.open(index);
    });
    this.#body.addEventListener('focusin', ({ target }) => {
      const index = this.#indexOf(target);
      if (index !== undefined) this.#activate(index);
    });
  }

  #plan(): void {
    clearTimeout(this.#still);
    this.#still = setTimeout(() => {
      if (!this.#options.signal.aborted && this.#wanted === 0) keepScroll(scrollY);
    }, STILL);
    if (this.#planned) return;
    this.#planned = true;
    requestAnimationFrame(() => {
      this.#planned = false;
      if (!this.#options.signal.aborted) this.#render();
    });
  }

  /** The rows between the window's edges, and the one that has the focus. */
  #render(): void {
    const top = this.#body.getBoundingClientRect().top;
    // some are always there: who reads with a screen reader need not scroll to find them
    const clamp = (index: number, low: number, high: number): number =>
      Math.max(Math.min(index, high), Math.min(low, high), 0);
    const end = this.#count - 1;
    const first = clamp(Math.floor(-top / this.#height) - SPARE, 0, end - SPARE);
    const last = clamp(Math.ceil((innerHeight - top) / this.#height) + SPARE, SPARE, end);
    const focused = this.#indexOf(document.activeElement);
    for (const [index, row] of this.#rows) {
      const near = index >= first && index <= last;
      if (near || index === focused) continue;
      row.remove();
      this.#rows.delete(index);
    }
    for (let index = first; index <= last && index < this.#count; index += 1) {
      if (!this.#rows.has(index)) this.#place(index);
    }
    this.#measure();
    // one row can always be reached by Tab
    const nearest = Math.min(Math.max(this.#active, first + SPARE), last - SPARE);
    this.#activate(this.#rows.has(this.#active) ? this.#active : Math.max(first, nearest));
  }

  #place(index: number): void {
    const row = h(
      'div',
      {
        class: `payment ${this.#options.mark(index)}`,
        role: 'row',
        tabindex: index === this.#active ? 0 : -1,
        'aria-rowindex': index + 2,
        'data-index': index,
      },
      ...this.#options.cells(index),
    );
    row.style.top = `${index * this.#height}px`;
    this.#rows.set(index, row);
    // in order, so that a screen reader that reads on meets them in order
    let after: Element | null = this.#body.lastElementChild;
    while (after && Number(after.getAttribute('data-index')) > index)
      after = after.previousElementSibling;
    if (after) after.after(row);
    else this.#body.prepend(row);
  }

  /** The height of a row follows the size of the text, so it is looked up, not known. */
  #measure(): void {
    const [row] = this.#rows.values();
    const height = row?.offsetHeight ?? 0;
    if (height === 0 || height === this.#height) return;
    this.#height = height;
    for (const [index, other] of this.#rows) other.style.top = `${index * height}px`;
    this.#stretch();
    this.#render();
  }

  #stretch(): void {
    this.#body.style.height = `${this.#count * this.#height}px`;
  }

  #comeBack(): void {
    if (this.#wanted === 0 || document.documentElement.scrollHeight < this.#wanted + innerHeight)
      return;
    scrollTo({ top: this.#wanted, behavior: 'instant' });
    this.#wanted = 0;
    this.#render();
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(innerHeight / this.#height) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: this.#count - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      this.#focus(Math.min(this.#count - 1, Math.max(0, next)));
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#options.open(this.#active);
    }
  }

  /** Brings a row between the edges of the window and puts the focus on it. */
  #focus(index: number): void {
    this.#activate(index);
    const top = this.#body.getBoundingClientRect().top + index * this.#height;
    const low = innerHeight - this.#height * 1.5;
    const high = this.#height;
    const by = top < high ? top - high : top > low ? top - low : 0;
    if (by !== 0) scrollBy({ top: by, behavior: 'instant' });
    this.#render();
    this.#rows.get(index)?.focus({ preventScroll: true });
  }

  #activate(index: number): void {
    this.#rows.get(this.#active)?.setAttribute('tabindex', '-1');
    this.#active = index;
    this.#rows.get(index)?.setAttribute('tabindex', '0');
  }

  #indexOf(target: EventTarget | null): number | undefined {
    const row = target instanceof Element ? target.closest('[data-index]') : null;
    return row && this.#body.contains(row) ? Number(row.getAttribute('data-index')) : undefined;
  }
}
