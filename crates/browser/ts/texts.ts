/** What `<bank-connect>` says, in Czech and English, in plain words. */

import { Languages } from './languages.js';

/** What is said from the button to the bank. */
type Base =
  | 'connect'
  | 'cancel'
  | 'loading'
  | 'redirecting'
  | 'waiting'
  | 'exchanging'
  | 'bankIs'
  | 'until'
  | 'login'
  | 'read'
  | 'pay'
  | 'both'
  | 'offline';

/** What `picker.ts` brings. */
type Picker = 'choose' | 'chooseToken' | 'search' | 'found' | 'nothing' | 'sandbox';

/** What `outcomes.ts` brings. */
export type OutcomeKey =
  | 'connected'
  | 'step'
  | 'handedOver'
  | 'retry'
  | 'cancelled'
  | 'closed'
  | 'support'
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

/** What `renewal.ts` brings. */
type Renewal =
  | 'renew'
  | 'ends'
  | 'ended'
  | 'anew'
  | 'aisp'
  | 'pisp'
  | 'another'
  | 'more'
  | 'have'
  | 'held';

/** Every text of `<bank-connect>`. `{0}` is filled in. */
export type Texts = Record<Base | Picker | Renewal | OutcomeKey, string>;

/** Some texts in several languages. */
export type Words<K extends keyof Texts> = Record<'en' | 'cs', Record<K, string>>;
export type PickerWords = Words<Picker>;
export type RenewalWords = Words<Renewal>;
export type OutcomeWords = Words<OutcomeKey>;

const base: Words<Base> = {
  en: {
    connect: 'Connect your bank',
    cancel: 'Cancel',
    loading: 'One moment…',
    redirecting: 'Opening your bank…',
    waiting: 'Continue in your bank’s window.',
    exchanging: 'Finishing the connection…',
    bankIs: 'Bank: {0}',
    until: 'Access until {0} at the latest',
    login: 'You log in at your bank, never here.',
    read: 'This application can then read the accounts you choose, but not move money.',
    pay: 'This application can then prepare payments; you confirm each one at your bank.',
    both: 'This application can then read the accounts you choose and prepare payments; you confirm each one at your bank.',
    offline: 'The server does not answer. Please try again.',
  },
  cs: {
    connect: 'Připojit banku',
    cancel: 'Zrušit',
    loading: 'Okamžik…',
    redirecting: 'Otevíráme vaši banku…',
    waiting: 'Pokračujte v okně své banky.',
    exchanging: 'Dokončujeme připojení…',
    bankIs: 'Banka: {0}',
    until: 'Přístup nejdéle do {0}',
    login: 'Přihlásíte se ve své bance, nikdy zde.',
    read: 'Aplikace pak smí číst účty, které vyberete, ale ne převádět peníze.',
    pay: 'Aplikace pak smí připravovat platby; každou potvrdíte ve své bance.',
    both: 'Aplikace pak smí číst účty, které vyberete, a připravovat platby; každou potvrdíte ve své bance.',
    offline: 'Server neodpovídá. Zkuste to prosím znovu.',
  },
};

/** The texts of all elements of the page. */
export const languages = new Languages<Texts>(base);
