/** Bodies of orders as JSON text, in which decimal strings become numbers of the same digits. */

import type { FieldFault } from '../error.js';

/** Keys behind which a decimal number stands; the component knows the same (`decimal.rs`). */
const KEYS = ['value', 'totalAmount', 'exchangeRate'];
const DECIMAL = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?';
const WHOLE = new RegExp(`^${DECIMAL}$`);
// only a key has quotation marks that are not escaped, and a colon behind them
const WRITTEN = new RegExp(`(?<!\\\\)("(?:${KEYS.join('|')})":)"(${DECIMAL})"`, 'g');

/** The body to send. */
export function toJson(body: object): string {
  return JSON.stringify(body).replace(WRITTEN, '$1$2');
}

/** Amounts that are no decimal strings, wherever they stand in `body`. */
export function decimalFaults(body: unknown, path = ''): FieldFault[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    const field = path + name;
    if (!KEYS.includes(name)) return decimalFaults(value, `${field}.`);
    return typeof value === 'string' && WHOLE.test(value) ? [] : [{ field, rule: 'decimal' }];
  });
}
