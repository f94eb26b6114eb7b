// Which language the page speaks, and how it writes money, dates and counts in it.

import { cs } from './text/cs.ts';
import { en } from './text/en.ts';
import { type FailureTexts, failuresCs, failuresEn } from './text/failures.ts';

export type Texts = typeof en;
export type Locale = 'cs' | 'en';
export type Plurals = Texts['paymentWord'];

const STORED = 'bankconnect-demo.locale';
const ALL: Readonly<
  Record<Locale, { texts: Texts; failures: FailureTexts; tag: string; name: string }>
> = {
  cs: { texts: cs, failures: failuresCs, tag: regional('cs', 'CZ'), name: 'Čeština' },
  en: { texts: en, failures: failuresEn, tag: regional('en', 'GB'), name: 'English' },
};
export const LOCALES: readonly (readonly [Locale, string])[] = [
  ['cs', ALL.cs.name],
  ['en', ALL.en.name],
];

let current: Locale = preferred();

/** The words of the current language. */
export const t = (): Texts => ALL[current].texts;
/** What each failure code means in the current language. */
export const failures = (): FailureTexts => ALL[current].failures;
export const locale = (): Locale => current;

/** Marks the document with the current language. */
export function applyLocale(): void {
  document.documentElement.lang = current;
}

/** Changes the language and remembers the choice, where the browser lets us. */
export function chooseLocale(next: Locale): void {
  current = next;
  applyLocale();
  try {
    localStorage.setItem(STORED, next);
  } catch {
    // A browser without storage asks again next time.
  }
}

/** A decimal number, kept as text so that no digit of it is lost on the way. */
type Decimal = Intl.StringNumericLiteral;

/** An amount, as a decimal number, in its own currency with its sign. */
export function money(value: string, currency: string, signed = false): string {
  return format(
    `money ${currency} ${signed}`,
    () =>
      new Intl.NumberFormat(ALL[current].tag, {
        style: 'currency',
        currency,
        signDisplay: signed ? 'exceptZero' : 'auto',
      }),
  )
    .formatToParts(value as Decimal)
    .map(({ type, value: text }) => (type === 'minusSign' ? '\u2212' : text)) // the sign, not a hyphen
    .join('');
}

/** An amount short enough for the axis of a chart. */
export function shortMoney(value: number): string {
  return format(
    'short',
    () =>
      new Intl.NumberFormat(ALL[current].tag, { notation: 'compact', maximumFractionDigits: 1 }),
  ).format(value);
}

/** A count, with its thousands apart. */
export function count(value: number): string {
  return format('count', () => new Intl.NumberFormat(ALL[current].tag)).format(value);
}

/** A day in words, e.g. 5 January 2026. `day` is `YYYY-MM-DD`. */
export const longDay = (day: string): string =>
  dayIn('long', day, { day: 'numeric', month: 'long', year: 'numeric' });
/** A day with its weekday. */
export const weekDay = (day: string): string =>
  dayIn('week', day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
/** A day for the axis of a chart. */
export const shortDay = (day: string): string =>
  dayIn('short', day, { day: 'numeric', month: 'short' });
/** A month for the axis of a chart. */
export const shortMonth = (day: string): string =>
  dayIn('month', day, { month: 'short', year: '2-digit' });

/** A month in words. `month` is `YYYY-MM`. */
export const longMonth = (month: string): string =>
  dayIn('months', `${month}-01`, { month: 'long', year: 'numeric' });
/** A month in figures, for a narrow axis. `month` is `YYYY-MM`. */
export const briefMonth = (month: string): string =>
  dayIn('brief month', `${month}-01`, { month: 'numeric', year: '2-digit' });
/** A day in figures, for a column of a list. */
export const briefDay = (day: string): string =>
  dayIn('brief', day, { day: 'numeric', month: 'numeric', year: 'numeric' });

/** An instant (RFC 3339) as day and time of this device. */
export function moment(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.valueOf())
    ? instant
    : dates('moment', { dateStyle: 'long', timeStyle: 'short' }).format(at);
}

/** An instant (RFC 3339) as the day of this device. */
export function dayOf(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.valueOf()) ? instant : dates('day', { dateStyle: 'long' }).format(at);
}

/** The word that goes with a count. */
export function word(count: number, words: Plurals): string {
  const form = new Intl.PluralRules(ALL[current].tag).select(count);
  return form in words ? words[form as keyof Plurals] : words.other;
}

function dayIn(name: string, day: string, options: Intl.DateTimeFormatOptions): string {
  const at = new Date(`${day}T12:00:00Z`);
  return Number.isNaN(at.valueOf()) ? day : dates(name, { ...options, timeZone: 'UTC' }).format(at);
}

function dates(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return format(`date ${name}`, () => new Intl.DateTimeFormat(ALL[current].tag, options));
}

const made = new Map<string, unknown>();

/** Formatters are dear to make, so each is made once per language. */
function format<F>(name: string, make: () => F): F {
  const key = `${current} ${name}`;
  const known = made.get(key) as F | undefined;
  if (known) return known;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}

/** The language with the region that the browser has for it, as the elements of the package do. */
function regional(language: Locale, otherwise: string): string {
  const own = navigator.languages.find((tag) => tag.startsWith(`${language}-`));
  return own ?? `${language}-${otherwise}`;
}

function preferred(): Locale {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(STORED);
  } catch {
    // Fall through to the browser's own languages.
  }
  const wanted = [stored, ...navigator.languages].find((tag) => tag && /^(cs|sk|en)\b/.test(tag));
  return wanted && !wanted.startsWith('en') ? 'cs' : 'en';
}
