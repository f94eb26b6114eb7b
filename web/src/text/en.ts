// English words of the page. Czech must have the same keys: its type is taken from here.

export const en = {
  language: 'Language',
  title: 'bankconnect demo',
  skip: 'Skip to content',
  home: 'Overview',
  back: 'Back to overview',
  backTo: (name: string) => `Back to ${name}`,
  footer: 'A demonstration with a simulated bank. No real money, no data of real people.',
  footerPrivacy:
    'This page loads nothing from anyone else. In this browser it keeps your language and how many banks are connected.',
  loading: 'Loading…',

  hero: 'See your bank accounts in one place',
  lead: 'Connect your bank and this page shows your balances and payments. You log in at the bank itself, and you can end it whenever you like.',
  promises: [
    [
      'Your password stays at the bank',
      'You log in on the bank’s own page. This page never sees what you type there.',
    ],
    ['Looking only', 'Nothing can be paid or changed. You choose the accounts that are shown.'],
    ['You end it with one click', 'The bank’s permission is withdrawn and you get a receipt.'],
  ] as readonly (readonly [string, string])[],

  connectTitle: 'Connect your bank',
  connectAnother: 'Connect another bank',
  chooseBank: 'Your bank',
  whatIsAsked: 'What you will be asked to allow',
  asked: {
    aisp: [
      'the list of the accounts you choose',
      'their balances',
      'their incoming and outgoing payments',
    ],
    pisp: ['preparing payments, each of which you confirm at the bank'],
  } as Readonly<Record<string, readonly string[]>>,
  howLong: 'For 180 days at most. After that, or earlier if you say so, nothing can be read.',
  howToOpen: 'Open the bank’s page',
  modeRedirect: 'in this window',
  modePopup: 'in a separate window',
  noProviders: 'No bank is offered at the moment.',

  sandboxTitle: 'Sandbox for developers',
  sandboxLead:
    'The bank’s sandbox hands out prepared tokens by name. There is no login and no real account behind them.',
  sandboxToken: 'Prepared token',
  sandboxCertificate: 'Certificate',
  sandboxDefault: 'the bank’s default',
  sandboxConnect: 'Connect the sandbox',
  sandboxBusy: 'Connecting…',
  sandbox: 'sandbox',

  connectionsTitle: 'Your connected banks',
  connectedToast: (name: string) => `${name} is connected.`,
  open: 'Accounts and payments',
  openOf: (name: string) => `Accounts and payments at ${name}`,
  sharing: 'What is shared',
  statusConnected: 'Connected',
  statusReconnect: 'Connect again',
  reasons: {
    consent_expired:
      'The time you allowed has run out. Nothing can be read until you connect again.',
    access_expired:
      'The bank gave access for a short time only, and it has run out. Nothing can be read until you connect again.',
    ended_by_bank:
      'The permission was ended at the bank. Nothing can be read until you connect again.',
    lost_rotation:
      'An answer of the bank got lost, and with it the access. Nothing can be read until you connect again.',
  },
  reconnectTitle: 'This connection has ended',

  shared: {
    bank: 'Bank',
    can: 'What can be read',
    cannot: 'What cannot be done',
    nothingPaid: 'Paying, changing or closing anything',
    since: 'Since',
    until: 'Until',
    untilNoEnd: 'until you end it',
    untilEnded: 'ended at the bank',
    untilPassed: (date: string) => `ended ${date}`,
    lastUsed: 'Last read',
    never: 'not yet',
    where: 'Where the permission is kept',
    whereText: 'On the server of this app, sealed. Not in this browser.',
  },
  scopes: {
    aisp: 'Accounts, balances and payments',
    pisp: 'Preparing payments',
  } as Readonly<Record<string, string>>,
  noScopes: 'Nothing',

  disconnect: 'Disconnect',
  disconnectOf: (name: string) => `Disconnect ${name}`,
  disconnectAsk: (name: string) => `End the connection to ${name}?`,
  disconnectText:
    'From this moment nothing more can be read. The bank’s permission is withdrawn too. You can connect again at any time.',
  disconnectYes: 'Yes, disconnect',
  disconnectNo: 'Keep it',
  disconnecting: 'Disconnecting…',

  receiptTitle: 'Receipt',
  receiptHead: (name: string) => `${name} is disconnected`,
  receiptWhen: 'Ended',
  receiptId: 'Connection',
  receiptBank: 'At the bank',
  atBank: {
    revoked: 'The bank has confirmed that its permission is withdrawn.',
    pending:
      'The bank has not answered yet. We keep asking until it confirms. Nothing can be read meanwhile.',
    not_offered: 'The bank offers no way to withdraw. The access keys were destroyed here.',
    shared:
      'The permission stays at the bank, because another connection of yours uses the same one.',
  },
  receiptPrint: 'Print the receipt',

  accountsTitle: 'Accounts',
  accountsEmpty: 'You shared no account of this bank. Connect it again to choose some.',
  accountUnnamed: 'Account',
  available: 'available',
  booked: 'booked',
  balanceMissing: 'balance not available',
  total: (currency: string) => `Together in ${currency}`,

  chartTitle: 'Balance over time',
  chartRange: 'Period',
  chartDays: { 30: '30 days', 90: '90 days', 365: '1 year' } as Readonly<Record<number, string>>,
  chartSummary: (c: {
    from: string;
    to: string;
    first: string;
    last: string;
    low: string;
    high: string;
  }) =>
    `Booked balance from ${c.from} to ${c.to}: ${c.first} at the start, ${c.last} at the end, lowest ${c.low}, highest ${c.high}.`,
  chartTable: 'The same as a table',
  chartDay: 'Day',
  chartBalance: 'Booked balance at the end of the day',
  chartChange: 'Change',
  chartEmpty: 'There is not enough to draw a chart yet.',
  low: 'Lowest',
  high: 'Highest',

  paymentsTitle: 'Payments',
  paymentsEmpty: 'No payments on this account yet.',
  more: 'Show older payments',
  moreLoading: 'Loading older payments…',
  shown: (n: number, word: string) => `${n} ${word} shown`,
  paymentWord: { one: 'payment', few: 'payments', many: 'payments', other: 'payments' },
  accountWord: { one: 'account', few: 'accounts', many: 'accounts', other: 'accounts' },
  allShown: 'That is all the bank has sent.',
  today: 'Today',
  yesterday: 'Yesterday',
  paidOut: 'paid',
  received: 'received',
  pending: 'waiting to be booked',
  kinds: {
    domestic: 'Payment',
    domesticIn: 'Incoming payment',
    standing: 'Standing order',
    sipo: 'SIPO payment',
    foreign: 'Foreign payment',
    sepa: 'SEPA payment',
    debit: 'Direct debit',
    cashIn: 'Cash deposit',
    cashOut: 'Cash withdrawal',
    atm: 'Cash machine',
    card: 'Card payment',
    fee: 'Bank fee',
    returned: 'Returned payment',
    loan: 'Loan',
    interest: 'Interest',
    other: 'Bank operation',
  },
  vs: (value: string) => `VS ${value}`,
  message: 'Message',

  errorCode: 'Code',
  errorRequest: 'Request',
  tryAgain: 'Try again',
  connectAgain: 'Connect again',
  callbackTitle: 'Back from the bank',
  callbackBusy: 'Finishing the connection…',
  callbackClose: 'Done. You can close this window.',
  callbackNothing: 'There is nothing to finish here.',
  waiting: (seconds: number, word: string) => `You can try again in ${seconds} ${word}.`,
  secondWord: { one: 'second', few: 'seconds', many: 'seconds', other: 'seconds' },
};
