/** How an attempt ended, in plain words, with what to do next; loaded when one has ended. */

import type { BankConnectError, BankConnectErrorCode } from './error.js';
import { filled } from './languages.js';
import type { ConnectResult } from './parameters.js';
import type { OutcomeKey, OutcomeWords } from './texts.js';

/** What it is said with. */
export type OutcomeTexts = Record<OutcomeKey | 'offline', string>;

const WORDS: Partial<Record<BankConnectErrorCode, keyof OutcomeTexts>> = {
  cancelled: 'cancelled',
  closed: 'closed',
  network: 'offline',
  timeout: 'offline',
  authorization_expired: 'again',
  state_mismatch: 'foreign',
  in_progress: 'busy',
  bank_unavailable: 'bank',
  bank_refused: 'refused',
  scope_missing: 'scope',
  refused: 'stopped',
  untrusted_url: 'stopped',
  rate_limited: 'wait',
  storage_unavailable: 'storage',
  unsupported: 'place',
  config: 'none',
};

/** The words of this part. */
export const words: OutcomeWords = {
  en: {
    connected: 'Connected: {0}.',
    step: 'This step is done. Steps left: {0}. Please continue.',
    handedOver: 'Done. You can close this window.',
    retry: 'Try again',
    cancelled: 'You did not give your consent. Nothing was connected.',
    closed: 'Cancelled. Nothing was connected.',
    support: 'Number for support: {0}',
    again: 'It took too long. Please start again.',
    foreign: 'This return belongs to no attempt in this window. Please start again.',
    busy: 'Another connection is under way. Finish it first.',
    bank: 'Your bank does not answer. Please try again later.',
    refused: 'Your bank said no. Trying again will not help.',
    scope: 'You did not allow this at your bank.',
    stopped: 'Stopped for your safety. Nothing was connected.',
    wait: 'Too many attempts. Please try again in a minute.',
    storage: 'Your browser blocks storage. Please allow it for this site.',
    place: 'It cannot be done here. Please open the page in a new window.',
    none: 'No bank can be connected here at the moment.',
    broken: 'Something went wrong. Please try again later.',
  },
  cs: {
    connected: 'Připojeno: {0}.',
    step: 'Tento krok je hotov. Zbývá kroků: {0}. Pokračujte, prosím.',
    handedOver: 'Hotovo. Toto okno můžete zavřít.',
    retry: 'Zkusit znovu',
    cancelled: 'Souhlas jste neudělili. Nic se nepřipojilo.',
    closed: 'Zrušeno. Nic se nepřipojilo.',
    support: 'Číslo pro podporu: {0}',
    again: 'Trvalo to příliš dlouho. Začněte prosím znovu.',
    foreign: 'Tento návrat nepatří k ničemu, co začalo v tomto okně. Začněte prosím znovu.',
    busy: 'Probíhá jiné připojování. Nejdřív ho dokončete.',
    bank: 'Vaše banka neodpovídá. Zkuste to prosím později.',
    refused: 'Vaše banka řekla ne. Opakování nepomůže.',
    scope: 'Toto jste ve své bance nedovolili.',
    stopped: 'Zastaveno pro vaši bezpečnost. Nic se nepřipojilo.',
    wait: 'Příliš mnoho pokusů. Zkuste to prosím za minutu.',
    storage: 'Prohlížeč blokuje úložiště. Povolte ho prosím pro tento web.',
    place: 'Tady to nejde. Otevřete prosím stránku v novém okně.',
    none: 'Teď tu nelze připojit žádnou banku.',
    broken: 'Něco se pokazilo. Zkuste to prosím později.',
  },
};

/** Failures that only the developers of the page can mend. */
const THEIRS: readonly BankConnectErrorCode[] = ['config', 'invalid_response'];
/** Of which the console has been told; an element may draw one twice. */
const told = new WeakSet<BankConnectError>();

/** What to say: as a status, as an error, on a control that tries again. */
export type Outcome = [status: string, error?: string, retry?: string];

/** How it ended. `null`: this window has handed its result over and may be closed. */
export function outcome(
  text: OutcomeTexts,
  ended: ConnectResult | BankConnectError | null,
): Outcome {
  if (!ended) return [text.handedOver];
  if ('rest' in ended) {
    const { rest, connection } = ended;
    const left = rest.length;
    return [left ? filled(text.step, left) : filled(text.connected, connection.provider_name)];
  }
  const { code, requestId, retryable } = ended;
  const words = text[WORDS[code] ?? 'broken'];
  if (THEIRS.includes(code) && !told.has(ended)) console.error(`bankconnect: ${ended.message}`);
  told.add(ended);
  if (code === 'cancelled' || code === 'closed') return [words];
  const support = requestId ? ` ${filled(text.support, requestId)}` : '';
  return ['', words + support, retryable ? text.retry : ''];
}
