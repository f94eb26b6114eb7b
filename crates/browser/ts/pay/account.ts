/** Account numbers: IBAN (ISO 13616), its Czech part (Decree 169/2011 Coll.), BIC (ISO 9362). */

import type { OrderRule } from './types.js';

/** From the last digit to the first these end in 1, 2, 4, 8, 5, 10, …: one table for both parts. */
const WEIGHTS = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1];

/** An IBAN without the spaces that people write into it, in capitals. */
export function compact(iban: string): string {
  return iban.replace(/\s/g, '').toUpperCase();
}

/** The rule that a compact IBAN breaks. */
export function brokenIban(iban: string): OrderRule | undefined {
  const czech = iban.startsWith('CZ');
  if (!(czech ? /^CZ\d+$/ : /^[A-Z]{2}\d\d[A-Z\d]{1,30}$/).test(iban)) return 'iban_form';
  if (czech && iban.length !== 24) return 'iban_length';
  if (rest97(iban) !== 1) return 'iban_checksum';
  const sound = !czech || (isSound(iban.slice(8, 14)) && isSound(iban.slice(14)));
  return sound ? undefined : 'account_checksum';
}

/** The IBAN of a Czech account written `prefix-base/bank`; `undefined` for anything else. */
export function ibanOf(account: string): string | undefined {
  const [, prefix = '', base, bank] = /^(?:(\d{2,6})-)?(\d{2,10})\/(\d{4})$/.exec(account) ?? [];
  if (!base) return undefined;
  const digits = `${bank}${prefix.padStart(6, '0')}${base.padStart(10, '0')}`;
  return `CZ${String(98 - rest97(`CZ00${digits}`)).padStart(2, '0')}${digits}`;
}

/** `[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?` */
export function isBic(bic: string): boolean {
  return /^[A-Z]{6}[A-Z2-9][A-NP-Z\d]([A-Z\d]{3})?$/.test(bic);
}

function rest97(iban: string): number {
  let rest = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    rest = Number(`${rest}${Number.parseInt(sign, 36)}`) % 97;
  }
  return rest;
}

/** Whether the weighted sum of a part's digits can be divided by 11. */
function isSound(part: string): boolean {
  const weigh = (sum: number, digit: string, at: number) =>
    sum + Number(digit) * (WEIGHTS[at] ?? 0);
  return [...part.padStart(10, '0')].reduce(weigh, 0) % 11 === 0;
}
