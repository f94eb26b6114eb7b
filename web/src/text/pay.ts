// Words about a payment: what became of it, and why.

import type { PaymentResult } from 'bankconnect';
import { locale } from '../i18n.ts';

type Ending = readonly [title: string, text: string];

export interface PayTexts {
  readonly lead: string;
  readonly connectTitle: string;
  readonly connectLead: string;
  readonly loading: string;
  readonly busy: string;
  readonly endings: Readonly<Record<PaymentResult['status'], Ending>>;
  /** By the bank's code; of others the code itself is told. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly onDay: (day: string) => string;
  readonly otherReason: (code: string) => string;
  readonly amount: string;
  readonly to: string;
  readonly from: string;
  readonly day: string;
  readonly reference: string;
  readonly sign: string;
  readonly signBusy: string;
  readonly another: string;
  readonly retry: string;
  readonly movements: string;
}

const en: PayTexts = {
  lead: 'You prepare the payment here and sign it at your bank. Without your signature no money moves.',
  connectTitle: 'Connect your bank for payments',
  connectLead:
    'Reading an account and paying from it are two permissions. None of your banks has the one to pay yet.',
  loading: 'The form is loading…',
  busy: 'Asking the bank what became of the payment…',
  endings: {
    settled: ['Paid', 'You have signed the payment and the money has left your account.'],
    accepted: [
      'The bank has taken the payment',
      'You have signed it. The bank will send the money.',
    ],
    rejected: ['The bank refused the payment', 'No money has left your account.'],
    cancelled: [
      'You did not sign the payment',
      'Nothing was paid. If it was a mistake, enter it anew.',
    ],
    expired: [
      'The time to sign has run out',
      'Nothing was paid. If you still want it, enter it anew.',
    ],
    unsigned: [
      'The payment waits for your signature',
      'The bank has it, but you have not signed it yet. Until you do, nothing is paid.',
    ],
  },
  reasons: {
    AM04: 'There is not enough money on the account.',
    AM14: 'The amount is above the limit of the account.',
    AC04: 'The payee’s account is closed.',
    AC06: 'The account is blocked.',
    AG01: 'The account does not allow this kind of payment.',
    TM01: 'It came too late for that day.',
    DS02: 'It was taken back before it was signed.',
    DS03: 'You have not confirmed it.',
  },
  onDay: (day) => `You have signed it. The bank will send the money on ${day}.`,
  otherReason: (code) => `The bank gives the reason ${code}.`,
  amount: 'Amount',
  to: 'To',
  from: 'From',
  day: 'Day of payment',
  reference: 'Number at the bank',
  sign: 'Sign now',
  signBusy: 'On the way to the bank…',
  another: 'Pay something else',
  retry: 'Enter it anew',
  movements: 'All payments',
};

const cs: PayTexts = {
  lead: 'Platbu připravíte tady a podepíšete ji ve své bance. Bez vašeho podpisu se peníze nepohnou.',
  connectTitle: 'Připojte banku k placení',
  connectLead:
    'Číst účet a platit z něj jsou dva různé souhlasy. Ten k placení zatím žádná z vašich bank nemá.',
  loading: 'Formulář se načítá…',
  busy: 'Ptám se banky, jak platba dopadla…',
  endings: {
    settled: ['Zaplaceno', 'Platbu jste podepsali a peníze odešly z vašeho účtu.'],
    accepted: ['Banka platbu přijala', 'Podepsali jste ji. Peníze banka odešle.'],
    rejected: ['Banka platbu odmítla', 'Z účtu nic neodešlo.'],
    cancelled: [
      'Platbu jste nepodepsali',
      'Nic se nezaplatilo. Pokud to byl omyl, zadejte ji znovu.',
    ],
    expired: [
      'Čas na podpis vypršel',
      'Nic se nezaplatilo. Pokud o platbu stojíte, zadejte ji znovu.',
    ],
    unsigned: [
      'Platba čeká na váš podpis',
      'Banka ji má, ale ještě jste ji nepodepsali. Do té doby se nic nezaplatí.',
    ],
  },
  reasons: {
    AM04: 'Na účtu není dost peněz.',
    AM14: 'Částka je vyšší než limit účtu.',
    AC04: 'Účet příjemce je zrušený.',
    AC06: 'Účet je zablokovaný.',
    AG01: 'Účet takovou platbu neumožňuje.',
    TM01: 'Na ten den už bylo pozdě.',
    DS02: 'Byla vzata zpět dřív, než ji někdo podepsal.',
    DS03: 'Nepotvrdili jste ji.',
  },
  onDay: (day) => `Podepsali jste ji. Peníze banka odešle ${day}.`,
  otherReason: (code) => `Banka uvádí důvod ${code}.`,
  amount: 'Částka',
  to: 'Komu',
  from: 'Z účtu',
  day: 'Den platby',
  reference: 'Číslo u banky',
  sign: 'Podepsat teď',
  signBusy: 'Jdeme do banky…',
  another: 'Zaplatit něco dalšího',
  retry: 'Zadat znovu',
  movements: 'Všechny platby',
};

/** The words in the language of the page. */
export const payTexts = (): PayTexts => ({ cs, en })[locale()];
