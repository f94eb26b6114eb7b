// What an account is called.

import type { Account } from 'bankconnect';
import { spaced } from '../data/entry.ts';
import { t } from '../i18n.ts';

export function accountName(account: Account): string {
  return account.nameI18N?.trim() || account.productI18N?.trim() || t().accountUnnamed;
}

/** Its number as it is printed; empty where the bank gave none. */
export function accountNumber({ identification }: Account): string {
  return identification.iban ? spaced(identification.iban) : (identification.other ?? '');
}
