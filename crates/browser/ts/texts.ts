/** What the element says, in Czech and English, in plain words. */

import type { BankConnectError, BankConnectErrorCode } from './error.js';

/** Every text of the element. `{0}` is filled in. */
export type Texts = Record<
  | 'connect'
  | 'choose'
  | 'cancel'
  | 'loading'
  | 'redirecting'
  | 'waiting'
  | 'exchanging'
  | 'connected'
  | 'step'
  | 'handedOver'
  | 'cancelled'
  | 'closed'
  | 'sandbox'
  | 'bankIs'
  | 'login'
  | 'read'
  | 'pay'
  | 'support'
  | Failure,
  string
>;

/** What a person can do about a failure. */
type Failure =
  | 'offline'
  | 'again'
  | 'foreign'
  | 'busy'
  | 'bank'
  | 'refused'
  | 'scope'
  | 'stopped'
  | 'wait'
  | 'storage'
  | 'place'
  | 'none'
  | 'broken';

const FAILURES: Partial<Record<BankConnectErrorCode, Failure>> = {
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

const en: Texts = {
  connect: 'Connect your bank',
  choose: 'Choose your bank',
  cancel: 'Cancel',
  loading: 'One moment…',
  redirecting: 'Opening your bank…',
  waiting: 'Continue in your bank’s window.',
  exchanging: 'Finishing the connection…',
  connected: 'Connected: {0}.',
  step: 'This step is done. Steps left: {0}. Please continue.',
  handedOver: 'Done. You can close this window.',
  cancelled: 'You did not give your consent. Nothing was connected.',
  closed: 'Cancelled. Nothing was connected.',
  sandbox: 'test',
  bankIs: 'Bank: {0}',
  login: 'You log in at your bank, never here.',
  read: 'This application can then read the accounts you choose, but not move money.',
  pay: 'This application can then prepare payments; you confirm each one at your bank.',
  support: 'Number for support: {0}',
  offline: 'The server does not answer. Please try again.',
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
};

const cs: Texts = {
  connect: 'Připojit banku',
  choose: 'Vyberte svou banku',
  cancel: 'Zrušit',
  loading: 'Okamžik…',
  redirecting: 'Otevíráme vaši banku…',
  waiting: 'Pokračujte v okně své banky.',
  exchanging: 'Dokončujeme připojení…',
  connected: 'Připojeno: {0}.',
  step: 'Tento krok je hotov. Zbývá kroků: {0}. Pokračujte, prosím.',
  handedOver: 'Hotovo. Toto okno můžete zavřít.',
  cancelled: 'Souhlas jste neudělili. Nic se nepřipojilo.',
  closed: 'Zrušeno. Nic se nepřipojilo.',
  sandbox: 'zkušební',
  bankIs: 'Banka: {0}',
  login: 'Přihlásíte se ve své bance, nikdy zde.',
  read: 'Aplikace pak smí číst účty, které vyberete, ale ne převádět peníze.',
  pay: 'Aplikace pak smí připravovat platby; každou potvrdíte ve své bance.',
  support: 'Číslo pro podporu: {0}',
  offline: 'Server neodpovídá. Zkuste to prosím znovu.',
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
};

/** Texts for a language tag; English where there are none. */
export function texts(language: string): Texts {
  return /^cs\b/i.test(language) ? cs : en;
}

/** What to tell a person about a failure. */
export function failureText(text: Texts, { code, requestId }: BankConnectError): string {
  const support = requestId ? ` ${filled(text.support, requestId)}` : '';
  return text[FAILURES[code] ?? 'broken'] + support;
}

/** A text with its gap filled. */
export function filled(text: string, value: string | number): string {
  return text.replace('{0}', () => String(value));
}
