/**
 * Dates in words. The clock of the device only chooses words here; what has ended is decided by
 * the broker (requirement B24).
 */

import type { Connection } from './generated/protocol.js';

const BRITISH = 'en-GB';

const DAY = 86_400_000;

/** Milliseconds before the end of a connection from which on a person is asked to renew it. */
const SOON = 14 * DAY;

/** How dates are written: in sentences, or where there is little room. */
type Style = 'long' | 'medium';

/**
 * The tag, with the region that the browser has for it where it says none: dates and amounts differ
 * by it. English of no place is British, as the banks are European; so is what is no tag.
 */
export function known(language: string): string {
  try {
    const tags = [language, ...navigator.languages, BRITISH];
    const [own, ...others] = Intl.getCanonicalLocales(tags) as [string, ...string[]];
    return others.find((tag) => tag.startsWith(`${own}-`)) ?? own;
  } catch {
    return BRITISH;
  }
}

/** A day as people write it. */
export function day(language: string, time: string | number, dateStyle: Style = 'long'): string {
  return new Date(time).toLocaleDateString(known(language), { dateStyle });
}

/** The day so many days from now. */
export function dayIn(language: string, days: number, style?: Style): string {
  return day(language, Date.now() + days * DAY, style);
}

/** True where the person should connect again: it has ended or soon will. */
export function isDue({ status, reconnect_by: end }: Connection): boolean {
  return status === 'reconnect' || (end !== null && Date.parse(end) - Date.now() < SOON);
}

/** How long ago it was; under a minute, or by a clock that is wrong, "this minute". */
export function ago(language: string, time: string): string {
  // in here, so that a module without it does not carry it
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 365 * DAY],
    ['month', 30 * DAY],
    ['day', DAY],
    ['hour', DAY / 24],
    ['minute', DAY / 1440],
  ];
  const past = Math.max(0, Date.now() - Date.parse(time));
  const [unit, length] = steps.find(([, length]) => past >= length) ?? ['minute', DAY]; // this minute
  const words = new Intl.RelativeTimeFormat(known(language), { numeric: 'auto' });
  return words.format(-Math.floor(past / length), unit);
}
