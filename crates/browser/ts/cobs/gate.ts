/** Refuses what cannot succeed before it is sent: by scope, by the standard's version, by limits. */

import type { Provider } from '../generated/protocol.js';
import {
  BankConnectError,
  type BankConnectErrorCode,
  type BankConnection,
  type FieldFault,
} from '../index.js';

/** What a call needs. */
export interface Need {
  /** One of these. */
  readonly scopes: readonly string[];
  /** The first version of the standard that has it. */
  readonly since: '2.0' | '5.0';
}

/** Waits until it is known that a call can be made; throws `scope_missing` or `not_offered`. */
export type Gate = (need: Need) => Promise<Provider | undefined>;

/** The provider is asked for once; a failure to learn of it is forgotten. */
export function gate(connection: BankConnection): Gate {
  let asked: Promise<Provider | undefined> | undefined;
  const provider = () => {
    asked ??= connection
      .ask<readonly Provider[]>((core, options) => core.providers(options, {}))
      .then((all) => all.find(({ id }) => id === connection.provider));
    asked.catch(() => {
      asked = undefined;
    });
    return asked;
  };
  return async ({ scopes, since }) => {
    const found = await provider();
    // what a prepared token covers is for the sandbox to say
    const prepared = found?.connect === 'prepared_token';
    if (!prepared && !scopes.some((scope) => connection.scopes.includes(scope))) {
      throw refusal('scope_missing', `the consent does not cover ${scopes.join(' or ')}`);
    }
    if (since === '5.0' && found?.cobs_version === '2.0') {
      throw refusal('not_offered', `${found.name} speaks COBS 2.0, which does not have this`);
    }
    return found;
  };
}

/** Throws `invalid_order` if there are faults. */
export function demand(faults: readonly FieldFault[]): void {
  if (faults.length === 0) return;
  const words = faults.map(({ field, rule }) => `${field} (${RULES[rule] ?? rule})`);
  throw refusal('invalid_order', `not sent: ${words.join(', ')}`, faults);
}

const RULES: Readonly<Record<string, string>> = {
  decimal: 'has to be a decimal string such as "150.50"',
  required: 'is missing',
  forbidden: 'must be left out',
  range: 'does not lie in the interval',
  cnb: 'lies outside the limits of the Czech National Bank; see the option `limits`',
};

export function refusal(
  code: BankConnectErrorCode,
  message: string,
  fields?: readonly FieldFault[],
): BankConnectError {
  return new BankConnectError({ code, message, retryable: false, ...(fields && { fields }) });
}
