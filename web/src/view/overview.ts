// Everything together: what all accounts come to, how that went over time, what came in and went
// out by month, and where the money went.

import { asFailure } from '../bank.ts';
import { plain, type Sum, totals } from '../data/money.ts';
import { dayBefore, lastDay, type Point, series, together } from '../data/series.ts';
import { type Holding, ownNumbers, type Portfolio, portfolio } from '../data/shelf.ts';
import { months, parties, spent } from '../data/spending.ts';
import { h, put } from '../dom.ts';
import { longDay, money, t, word } from '../i18n.ts';
import { replace } from '../page.ts';
import { failurePanel } from '../part/failure.ts';
import { balanceFigure, periods, segments, USUAL_PERIOD } from '../part/figure.ts';
import { holdingsList, shown } from '../part/holdings.ts';
import { monthsFigure } from '../part/months.ts';
import { partyList } from '../part/parties.ts';
import { homePath } from '../router.ts';
import { load, skeleton, type View } from './view.ts';

const MOST_PARTIES = 8;

export function overviewView(signal: AbortSignal): View {
  const slot = h('div', {});
  void load({
    slot,
    signal,
    waiting: () => frame(skeleton('sums', 2), [], skeletons()),
    work: () => portfolio(signal),
    show: (found) => (found.holdings.length > 0 ? content(found, signal) : nothing(found)),
    failed: (notice) => h('div', { class: 'view' }, h('h1', {}, t().overviewTitle), notice),
    ways: { reconnect: homePath, home: homePath },
  });
  return { title: t().overviewTitle, node: h('div', { class: 'view overview' }, slot) };
}

interface Slots {
  readonly balance: HTMLElement;
  readonly months: HTMLElement;
  readonly parties: HTMLElement;
  readonly accounts: HTMLElement;
}

function skeletons(): Slots {
  return {
    balance: h('div', { class: 'chart-slot' }, skeleton('chart', 1)),
    months: h('div', { class: 'chart-slot' }, skeleton('chart', 1)),
    parties: h('div', { class: 'chart-slot' }, skeleton('payments', 7)),
    accounts: h('div', {}, skeleton('account-list', 3)),
  };
}

/** The same places while waiting and afterwards, so that nothing moves when the figures come. */
function frame(sums: Node, controls: readonly Node[], slots: Slots): HTMLElement {
  const card = (title: string, slot: Node): HTMLElement =>
    h('section', { class: 'card' }, h('h2', {}, title), slot);
  return h(
    'div',
    { class: 'view' },
    h(
      'header',
      { class: 'overview-head' },
      h('h1', {}, t().overviewTitle),
      h('div', { class: 'overview-controls' }, ...controls),
    ),
    sums,
    card(t().chartTitle, slots.balance),
    h(
      'div',
      { class: 'halves' },
      card(t().months.title, slots.months),
      card(t().partiesTitle, slots.parties),
    ),
    card(t().accountsTitle, slots.accounts),
  );
}

function nothing({ failures }: Portfolio): HTMLElement {
  const [failure] = failures;
  return h(
    'div',
    { class: 'view' },
    h('h1', {}, t().overviewTitle),
    failure
      ? failurePanel(asFailure(failure.thrown), { home: homePath, reconnect: homePath })
      : h(
          'div',
          { class: 'card empty-card' },
          h('p', { class: 'lead' }, t().overviewEmpty),
          h('p', {}, h('a', { class: 'button', href: homePath }, t().connectTitle)),
        ),
  );
}

function content(found: Portfolio, signal: AbortSignal): HTMLElement {
  const { holdings, failures } = found;
  const currencies = [...new Set(holdings.flatMap((one) => shown(one).currency ?? []))];
  const state = { days: USUAL_PERIOD, currency: currencies[0] ?? 'CZK' };
  const slots = skeletons();
  put(slots.accounts, holdingsList(holdings));
  const draw = (): void => void drawAll(found, state, slots, signal);
  const controls = [
    currencies.length > 1 &&
      segments(
        'currency',
        t().currency,
        currencies.map((code) => [code, code]),
        state.currency,
        (code) => {
          state.currency = code;
          draw();
        },
      ),
    periods(state.days, (days) => {
      state.days = days;
      draw();
    }),
  ].filter((control) => control !== false);
  draw();
  const node = frame(sums(holdings), controls, slots);
  for (const { connection, thrown } of failures) {
    const notice = failurePanel(asFailure(thrown), { reconnect: homePath });
    node
      .querySelector('header')
      ?.after(h('div', {}, h('p', { class: 'small' }, connection.provider_name), notice));
  }
  return node;
}

/** What there is in each currency. */
function sums(holdings: readonly Holding[]): HTMLElement {
  const all = totals(holdings.map(shown), 1);
  const tile = (sum: Sum): HTMLElement => {
    const of = holdings.filter((one) => shown(one).currency === sum.currency);
    const kind = shown(of[0] as Holding).kind ?? 'booked';
    return h(
      'div',
      { class: 'sum', 'data-currency': sum.currency },
      h('dt', {}, t().total(sum.currency)),
      h('dd', { class: 'amount' }, money(plain(sum), sum.currency)),
      h('dd', { class: 'small' }, `${of.length} ${word(of.length, t().accountWord)}, ${t()[kind]}`),
    );
  };
  return h('dl', { class: 'sums' }, ...all.map(tile));
}

async function drawAll(
  { holdings }: Portfolio,
  state: { readonly days: number; readonly currency: string },
  slots: Slots,
  signal: AbortSignal,
): Promise<void> {
  const { days, currency } = state;
  const stale = (): boolean => signal.aborted || days !== state.days || currency !== state.currency;
  const chosen = holdings.filter((one) => shown(one).currency === currency);
  const places = [slots.balance, slots.months, slots.parties];
  for (const place of places) place.setAttribute('aria-busy', 'true');
  try {
    const { from, to, monthly } = await readBack(chosen, days);
    if (stale()) return;
    replace(slots.balance, balanceFigure(course(chosen, from, to), currency));
    const own = ownNumbers(holdings);
    const entries = chosen.flatMap(({ ledger }) => ledger.entries);
    replace(
      slots.months,
      monthsFigure(months(spent(entries, monthly, own), monthly, to), currency),
    );
    const top = parties(spent(entries, from, own), MOST_PARTIES, ({ kind }) => t().kinds[kind]);
    replace(
      slots.parties,
      h('div', {}, h('p', { class: 'small' }, t().since(longDay(from))), partyList(top, currency)),
    );
  } catch (thrown) {
    if (stale()) return;
    const retry = (): void => void drawAll({ holdings } as Portfolio, state, slots, signal);
    replace(slots.balance, failurePanel(asFailure(thrown), { retry }));
    put(slots.months);
    put(slots.parties);
  }
  for (const place of places) place.removeAttribute('aria-busy');
}

/** Reads every account as far back as is shown. Out: the period that all accounts have. */
async function readBack(
  holdings: readonly Holding[],
  days: number,
): Promise<{ from: string; to: string; monthly: string }> {
  await Promise.all(holdings.map(({ ledger }) => ledger.reach(1)));
  const to =
    holdings.reduce((newest, { balances, ledger }) => {
      const day = (balances && lastDay(balances, ledger.entries)) ?? '';
      return day > newest ? day : newest;
    }, '') || new Date().toISOString().slice(0, 10);
  const from = dayBefore(to, days);
  const monthly = `${from.slice(0, 7)}-01`;
  await Promise.all(holdings.map(({ ledger }) => ledger.reachDay(monthly)));
  const latest = (wanted: string): string =>
    holdings.reduce(
      (day, { ledger }) => (ledger.complete && ledger.since > day ? ledger.since : day),
      wanted,
    );
  return { from: latest(from), to, monthly: latest(monthly) };
}

/** Accounts without a booked balance have no course, so then there is none of all. */
function course(holdings: readonly Holding[], from: string, to: string): readonly Point[] {
  if (holdings.some(({ balances }) => !balances?.booked)) return [];
  return together(
    holdings.map(({ balances, ledger }) =>
      series(balances?.booked?.thousandths ?? 0n, ledger.entries, from, to),
    ),
  );
}
