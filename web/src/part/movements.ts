// A list of movements that can be searched: the form, what was found, the rows, how far it is read.

import { asFailure } from '../bank.ts';
import type { Ledger } from '../data/ledger.ts';
import { decimal, size } from '../data/money.ts';
import { EVERYTHING, type Filter, filters, type Result, search } from '../data/search.ts';
import { h, put } from '../dom.ts';
import { count, longDay, money, t, word } from '../i18n.ts';
import { announce } from '../page.ts';
import { query, requery } from '../router.ts';
import { skeleton } from '../view/view.ts';
import { failurePanel } from './failure.ts';
import { filterForm } from './filters.ts';
import { openPayment, paymentCells } from './payment-row.ts';
import { RowList } from './row-list.ts';

/** Milliseconds between two looks at what has been read meanwhile. */
const PACE = 250;

/**
 * The card of one account's movements, or of several accounts' together, where the heading of the
 * view says already what they are.
 */
export function movementsCard(ledgers: readonly Ledger[], signal: AbortSignal): HTMLElement {
  const several = ledgers.length > 1;
  let filter = asked();
  let found: Result = { entries: [], flows: [] };
  const list = new RowList({
    label: t().paymentsTitle,
    columns: [t().column.day, t().column.who, t().column.amount],
    cells: (index) => {
      const entry = found.entries[index];
      return entry ? paymentCells(entry, several) : [];
    },
    mark: (index) => (found.entries[index]?.booked === false ? 'pending' : ''),
    open: (index) => {
      const entry = found.entries[index];
      if (entry) openPayment(entry, card);
    },
    signal,
  });
  const said = h('p', { class: 'found' }, '\u00a0');
  const progress = h('p', { class: 'progress small' }, '\u00a0');
  const problem = h('div', { class: 'problem' });
  const place = h('div', { class: 'rows-place' }, skeleton('payments', 8));

  const look = new Looking(signal, async (stop, anew) => {
    const done = ledgers.every(({ complete }) => complete); // what is read meanwhile is looked at next
    const result = await search(
      ledgers.map(({ entries }) => entries),
      frontier(ledgers),
      filter,
      stop,
    );
    if (!result) return;
    found = result;
    progress.textContent = reading(ledgers, done);
    const words = foundWords(result);
    put(said, ...words.map((text) => h('span', {}, text)));
    if (result.entries.length === 0) empty(done);
    else if (list.node.parentNode !== place) put(place, list.node);
    list.show(result.entries.length, anew);
    card.setAttribute('data-found', String(result.entries.length));
    if (anew || done) announce(words.join(''));
    if (done) card.setAttribute('data-complete', '');
  });

  const form = filterForm(filter, accountsOf(ledgers), (next) => {
    filter = next;
    requery({ ...next });
    look.anew();
  });
  const nothing = (wanted: Filter): HTMLElement => {
    const all = wanted.text === '' && filters(wanted) === 0;
    const clear = h(
      'button',
      { type: 'button', class: 'button quiet', onclick: form.clear },
      t().filter.clear,
    );
    return h(
      'div',
      { class: 'empty' },
      h('p', {}, all ? t().paymentsEmpty : t().filter.nothing),
      all ? null : clear,
    );
  };
  const empty = (done: boolean): void => {
    if (done) put(place, nothing(filter));
    else if (!place.querySelector('.skeleton')) put(place, skeleton('payments', 8));
  };
  const read = (): void => {
    put(problem);
    for (const ledger of ledgers) {
      ledger.readAll(signal).catch((thrown) => {
        if (!signal.aborted) put(problem, failurePanel(asFailure(thrown), { retry: read }));
      });
    }
  };
  for (const ledger of ledgers) ledger.listen(() => look.soon(), signal);
  const card = h(
    'section',
    {
      class: several ? 'card payments several' : 'card payments',
      'aria-labelledby': 'payments-title',
    },
    h('h2', { id: 'payments-title', class: several && 'unseen' }, t().paymentsTitle),
    form.node,
    h('div', { class: 'found-line' }, said, progress),
    problem,
    place,
  );
  look.anew();
  read();
  return card;
}

/** One look at a time, not too often while the bank sends; a new question stops an old answer. */
class Looking {
  #stop = new AbortController();
  #next: ReturnType<typeof setTimeout> | undefined;
  #anew = false;
  #busy = false;
  readonly #work: (stop: AbortSignal, anew: boolean) => Promise<void>;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal, work: (stop: AbortSignal, anew: boolean) => Promise<void>) {
    this.#work = work;
    this.#signal = signal;
    signal.addEventListener('abort', () => {
      this.#stop.abort();
      clearTimeout(this.#next);
    });
  }

  /** The person asks for something else. */
  anew(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#anew = true;
    void this.#run();
  }

  /** There is more to look at. */
  soon(): void {
    if (this.#next !== undefined || this.#signal.aborted) return;
    this.#next = setTimeout(() => {
      this.#next = undefined;
      if (this.#busy) this.soon();
      else void this.#run();
    }, PACE);
  }

  async #run(): Promise<void> {
    const stop = this.#stop;
    this.#busy = true;
    await this.#work(stop.signal, this.#anew);
    if (stop !== this.#stop) return;
    this.#busy = false;
    this.#anew = false;
  }
}

/** Of several accounts only what is newer than anything still to come is in its final place. */
function frontier(ledgers: readonly Ledger[]): string {
  if (ledgers.length < 2) return '';
  const open = ledgers.filter(({ complete }) => !complete);
  return open.reduce((newest, { entries }) => {
    const day = entries.at(-1)?.day ?? '9999';
    return day > newest ? day : newest;
  }, '');
}

function reading(ledgers: readonly Ledger[], done: boolean): string {
  const read = ledgers.reduce((all, { entries }) => all + entries.length, 0);
  const words = word(read, t().paymentWord);
  if (done) return t().readAll(count(read), words);
  const oldest = frontier(ledgers) || ledgers[0]?.entries.at(-1)?.day;
  return oldest && oldest !== '9999'
    ? t().readingBack(count(read), words, longDay(oldest))
    : t().loading;
}

/** How many, and what they come to in each currency. */
function foundWords({ entries, flows }: Result): readonly string[] {
  const sums = flows.map(({ currency, ...flow }) => {
    const came = money(decimal(flow.in), currency);
    return ` · ${t().flow(came, money(decimal(size(flow.out)), currency))}`;
  });
  return [`${count(entries.length)} ${word(entries.length, t().paymentWord)}`, ...sums];
}

function accountsOf(ledgers: readonly Ledger[]): readonly (readonly [string, string])[] {
  return ledgers.map(({ source }) => [source.account, `${source.name}, ${source.bank}`]);
}

/** The words and filters in the address. */
function asked(): Filter {
  const values = query();
  const names = Object.keys(EVERYTHING) as (keyof Filter)[];
  return {
    ...EVERYTHING,
    ...Object.fromEntries(names.map((name) => [name, values.get(name) ?? ''])),
  };
}
