// The days of a standing order: which day or month of its interval is due, and which day comes next. What a
// bank moves from a holiday to a workday is for the bank to say.

import type { Interval } from 'bankconnect';

const DAY = 86_400_000;
/** Months from one payment to the next. */
const MONTHS: Readonly<Record<string, number>> = {
  MONTHLY: 1,
  BI_MONTHLY: 2,
  QUARTERLY: 3,
  HALFYEARLY: 6,
  YEARLY: 12,
};

/** Intervals that a new order can have: those that the Czech National Bank takes. */
export const INTERVALS = ['MONTHLY', 'WEEKLY', 'QUARTERLY', 'HALFYEARLY', 'YEARLY'] as const;

/** What is known of the days of an order; days are `YYYY-MM-DD`. */
export interface Schedule {
  readonly interval: string | undefined;
  /** Day of the week or of the month, or month of the interval. */
  readonly due: number | undefined;
  /** The first or the next day. */
  readonly first: string | undefined;
  readonly last: string | undefined;
}

/** Which day or month of the interval a first day stands for; `undefined` where no order can begin. */
export function dueOf(interval: Interval, first: string): number | undefined {
  const date = at(first);
  const weekday = date.getUTCDay();
  if (interval === 'WEEKLY') return weekday >= 1 && weekday <= 5 ? weekday : undefined;
  if (date.getUTCDate() > 28) return undefined; // not every month has it
  if (interval === 'MONTHLY') return date.getUTCDate();
  return (date.getUTCMonth() % (MONTHS[interval] ?? 12)) + 1;
}

/**
 * The next day on which it is due, or its month (`YYYY-MM`) where the bank does not tell the day; `undefined`
 * where it says too little or it is over.
 */
export function nextDay(schedule: Schedule, today: string): string | undefined {
  const next = soonest(schedule, today);
  return next && schedule.last && next > schedule.last ? undefined : next;
}

function soonest({ interval, due, first }: Schedule, today: string): string | undefined {
  if (first && first >= today) return first;
  if (interval === 'DAILY') return today;
  if (interval === 'WEEKLY' && due) {
    const days = (due - at(today).getUTCDay() + 7) % 7;
    return text(new Date(at(today).getTime() + days * DAY));
  }
  const step = MONTHS[interval ?? ''];
  if (!step) return undefined;
  if (!first && interval === 'MONTHLY' && due) return inMonths(firstOf(today), due, 1, today);
  if (!first) return due ? dueMonth(step, due, today) : undefined;
  const day = interval === 'MONTHLY' && due ? due : Number(first.slice(8));
  return inMonths(first, day, step, today);
}

/** The next month that is due; unknown while one is, for its payment may have been made. */
function dueMonth(step: number, due: number, today: string): string | undefined {
  const start = at(firstOf(today));
  for (let months = 0; months <= step; months += 1) {
    const month = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1));
    const isDue = (month.getUTCMonth() % step) + 1 === due;
    if (isDue) return months === 0 ? undefined : text(month).slice(0, 7);
  }
  return undefined;
}

/** The first such day of every so many months, from the month of `from`, that is not past. */
function inMonths(from: string, day: number, step: number, today: string): string {
  const start = at(from);
  for (let months = 0; ; months += step) {
    const [year, month] = [start.getUTCFullYear(), start.getUTCMonth() + months];
    const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const found = text(new Date(Date.UTC(year, month, Math.min(day, length))));
    if (found >= today && found >= from) return found;
  }
}

const firstOf = (day: string): string => `${day.slice(0, 8)}01`;
const at = (day: string): Date => new Date(`${day}T00:00:00Z`);
const text = (date: Date): string => date.toISOString().slice(0, 10);

/** The day of what a bank writes as a day or a moment, if it is one. */
export function dayIn(written: string | null | undefined): string | undefined {
  const day = written?.slice(0, 10) ?? '';
  return /^\d{4}-\d\d-\d\d$/.test(day) && Date.parse(day) ? day : undefined;
}

/** Today where the bank is. */
export const today = (): string =>
  new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Prague' }).format(new Date());
