/** What the element says, in Czech and English, in plain words. */

import type { BankConnectErrorCode } from './error.js';

/** Every text of the element. `{0}` and `{1}` are filled in. */
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
  | 'login'
  | 'loginAt'
  | 'read'
  | 'pay'
  | 'support'
  | Failure,
  string
>;

/** What a person can do about a failure. */
type Failure = 'offline' | 'again' | 'bank' | 'wait' | 'storage' | 'place' | 'broken';

const FAILURES: Partial<Record<BankConnectErrorCode, Failure>> = {
  network: 'offline',
  timeout: 'offline',
  authorization_expired: 'again',
  state_mismatch: 'again',
  bank_unavailable: 'bank',
  rate_limited: 'wait',
  storage_unavailable: 'storage',
  unsupported: 'place',
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
  step: 'Step {0} of {1} is done. Please continue.',
  handedOver: 'Done. You can close this window.',
  cancelled: 'You did not give your consent. Nothing was connected.',
  closed: 'Cancelled. Nothing was connected.',
  sandbox: 'test',
  login: 'You log in at your bank, never here.',
  loginAt: 'You log in at your bank ({0}), never here.',
  read: 'This application can then read the accounts you choose, but not move money.',
  pay: 'This application can then prepare payments; you confirm each one at your bank.',
  support: 'Number for support: {0}',
  offline: 'The server does not answer. Please try again.',
  again: 'It took too long. Please start again.',
  bank: 'Your bank does not answer. Please try again later.',
  wait: 'Too many attempts. Please try again in a minute.',
  storage: 'Your browser blocks storage. Please allow it for this site.',
  place: 'It cannot be done here. Please open the page in a new window.',
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
  step: 'Krok {0} z {1} je hotov. Pokračujte, prosím.',
  handedOver: 'Hotovo. Toto okno můžete zavřít.',
  cancelled: 'Souhlas jste neudělili. Nic se nepřipojilo.',
  closed: 'Zrušeno. Nic se nepřipojilo.',
  sandbox: 'zkušební',
  login: 'Přihlásíte se ve své bance, nikdy zde.',
  loginAt: 'Přihlásíte se ve své bance ({0}), nikdy zde.',
  read: 'Aplikace pak smí číst účty, které vyberete, ale ne převádět peníze.',
  pay: 'Aplikace pak smí připravovat platby; každou potvrdíte ve své bance.',
  support: 'Číslo pro podporu: {0}',
  offline: 'Server neodpovídá. Zkuste to prosím znovu.',
  again: 'Trvalo to příliš dlouho. Začněte prosím znovu.',
  bank: 'Vaše banka neodpovídá. Zkuste to prosím později.',
  wait: 'Příliš mnoho pokusů. Zkuste to prosím za minutu.',
  storage: 'Prohlížeč blokuje úložiště. Povolte ho prosím pro tento web.',
  place: 'Tady to nejde. Otevřete prosím stránku v novém okně.',
  broken: 'Něco se pokazilo. Zkuste to prosím později.',
};

/** Texts for a language tag; English where there are none. */
export function texts(language: string): Texts {
  return /^cs\b/i.test(language) ? cs : en;
}

/** What to tell a person about a failure. */
export function failureText(text: Texts, code: BankConnectErrorCode): string {
  return text[FAILURES[code] ?? 'broken'];
}

/** A text with its gaps filled. */
export function filled(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, at) => String(values[at]));
}
