/** What a check finds: what is wrong, and what is sent in other characters. */

import { isSwift, toSwift } from './swift.js';
import type { OrderProblem, OrderRule } from './types.js';

const SAY: Readonly<Record<OrderRule, string>> = {
  required: 'is missing',
  iban_form: 'is no IBAN',
  iban_length: 'must have 24 characters',
  iban_checksum: 'has wrong check digits',
  iban_country: 'must be a Czech IBAN',
  account_form: 'is no account number with a bank code',
  account_checksum: 'has an account number that no Czech bank gives',
  same_account: 'is the account that pays',
  bic_form: 'is no BIC',
  amount_form: 'must be a decimal number as text, with a dot',
  amount_decimals: 'has more than two decimals',
  amount_range: 'is too small or too large for this kind of payment',
  currency_form: 'must be a code of ISO 4217',
  date_form: 'must be a day, YYYY-MM-DD',
  date_past: 'is in the past',
  unknown_word: 'is none of the words of the standard',
  unknown_field: 'is no field of an order',
  text_form: 'must be text in quotes',
  payee_form: 'must be { iban } or { account }',
  symbol_form: 'must have one to ten digits',
  country_form: 'must be a code of ISO 3166',
  characters: 'has characters that banks do not pass on',
  too_long: 'is too long',
  not_for_kind: 'does not go with this kind of payment',
};

/** Collects what a check finds. An empty text counts as none. */
export class Notes {
  readonly problems: OrderProblem[] = [];
  readonly changes: { field: string; sent: string }[] = [];

  refuse(field: string, rule: OrderRule): undefined {
    // what is of no use is not missing, too
    const isOf = (one: OrderProblem) => `${field}.`.startsWith(`${one.field}.`);
    if (rule === 'required' && this.problems.some(isOf)) return;
    this.problems.push({ field, rule, message: `${field} ${SAY[rule]}` });
  }

  /** Nothing but these fields. */
  known(path: string, given: object, fields: object): void {
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(fields, name)) this.refuse(`${path}${name}`, 'unknown_field');
    }
  }

  /** What is given, without what is neither text nor a part of an order: an app may have no types. */
  texts<T extends object>(given: T, path = ''): T {
    const kept = Object.entries(given).filter(([name, value]) => {
      const isRight = value === null || /^(undefined|string|object)$/.test(typeof value);
      if (name === 'to' && typeof value !== 'object') this.refuse(name, 'payee_form');
      else if (!isRight) this.refuse(`${path}${name}`, 'text_form');
      else return true;
      return false;
    });
    const within = ([name, value]: [string, unknown]) => {
      const isPart = typeof value === 'object' && value && !Array.isArray(value);
      return [name, isPart ? this.texts(value, `${path}${name}.`) : value];
    };
    return Object.fromEntries(kept.map(within)) as T;
  }

  /** A text that must be there. */
  need<T>(field: string, value: T | undefined): T | undefined {
    return value || this.refuse(field, 'required');
  }

  /** A text that must look so. */
  match(
    field: string,
    value: string | undefined,
    pattern: RegExp,
    rule: OrderRule,
  ): string | undefined {
    return !value || pattern.test(value) ? value || undefined : this.refuse(field, rule);
  }

  /** A text of at most `most` characters, in those of SWIFT; `typed` is what the person wrote of it. */
  text(field: string, value: string | undefined, most: number, typed = value): string | undefined {
    if (!value) return undefined;
    const sent = toSwift(value);
    if (!isSwift(sent)) return this.refuse(field, 'characters');
    if (sent.length > most) return this.refuse(field, 'too_long');
    if (sent !== typed) this.changes.push({ field, sent });
    return sent;
  }
}

/** The object, unless every member is `undefined`. */
export function some<T extends object>(members: T): T | undefined {
  return Object.values(members).some((member) => member !== undefined) ? members : undefined;
}
