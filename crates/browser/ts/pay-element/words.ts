/** How a payment ended, in words: the bank's reasons, and what failed on the way. */

import type { BankConnectError, BankConnectErrorCode } from '../error.js';
import { filled } from '../languages.js';
import { languages, type PayTexts } from './texts.js';

/** Failures that mean something else here than while connecting. */
const OWN: Partial<Record<BankConnectErrorCode, keyof PayTexts>> = {
  outcome_unknown: 'lost',
  invalid_order: 'invalid',
  reconnect: 'over',
  not_connected: 'over',
};

/** The bank's code in words, or itself; what a bank writes in words stays as it is. */
export function reasonOf(text: PayTexts, codes: readonly (string | undefined)[]): string {
  const [first] = codes.filter(Boolean);
  const words = text as Partial<Record<string, string>>;
  const known = codes.map((code) => /^[A-Z_\d]+$/.test(code ?? '') && words[code ?? '']);
  return known.find(Boolean) || (first ? filled(text.bankCode, first) : '');
}

/** What failed, and what to call the control that goes on. `said` is asked for once the words are there. */
export async function failureWords(
  error: BankConnectError,
  said: () => PayTexts,
): Promise<{ words: string; retry: string }> {
  const part = await import('../outcomes.js').catch(() => undefined);
  if (part) languages.under(part.words);
  const text = said();
  const own = OWN[error.code];
  if (own) return { words: text[own], retry: text.back };
  const reason = error.code === 'bank_refused' ? reasonOf(text, error.bankCodes ?? []) : '';
  const refused = [text.refused, reason && filled(text.reason, reason)].filter(Boolean).join(' ');
  const given = part?.outcome({ ...text, refused }, error) ?? ['', text.offline];
  const [calm = '', loud = '', retry = ''] = given;
  return { words: loud || calm, retry: retry || text.back };
}
