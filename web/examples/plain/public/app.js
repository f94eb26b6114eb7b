// The page: what is connected, and a payment.

import '/bankconnect/element.js';
import { BankConnect } from '/bankconnect/index.js';
import { orderText } from '/bankconnect/order-texts.js';
import { ENDS, explain, money } from '/words.js';

const find = (id) => document.getElementById(id);
const form = find('order');
const client = new BankConnect();
/** The connection that may pay. */
let payer;

/** Shows what is connected, and the button for what is not. */
async function show() {
  const connections = await client.connections();
  const having = (scope) =>
    connections.find((one) => one.status === 'connected' && one.scopes.includes(scope));
  const reader = having('aisp');
  payer = having('pisp');
  find('connect').hidden = Boolean(reader);
  find('first').hidden = Boolean(reader);
  find('allow').hidden = !reader || Boolean(payer);
  if (reader) await showAccounts(reader);
  if (payer) await showUnfinished();
  form.hidden = !reader || !payer;
}

async function showAccounts(reader) {
  const accounts = await reader.accounts().all();
  const entries = accounts.map(async (account) => {
    const balances = await reader.balances(account.id).all();
    const free = balances.find(({ type }) => type?.codeOrProprietary?.code === 'CLAV');
    const balance = free ?? balances[0];
    const sign = balance?.creditDebitIndicator === 'DBIT' ? '-' : '';
    const sum = balance ? money(balance.amount, sign) : '';
    return item(nameOf(account), sum);
  });
  find('list').replaceChildren(...(await Promise.all(entries)));
  const options = accounts
    .filter(({ identification }) => identification.iban)
    .map((account) => new Option(nameOf(account), account.identification.iban));
  form.elements.from.replaceChildren(...options);
}

/** What a closed tab has left, with a button to go on. It loads the code of payments as well. */
async function showUnfinished() {
  const payments = await payer.payments();
  const entries = payments.map((one) => {
    const amount = one.payment?.amount?.instructedAmount;
    const go = button('Go on', () => one.resume().then(tell));
    const forget = button('Forget it', () => one.forget().then(showUnfinished));
    return item('A payment is not finished', amount ? money(amount) : '', go, forget);
  });
  find('unfinished').replaceChildren(...entries);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const { from, to, amount, message } = Object.fromEntries(new FormData(form));
  const isIban = /^\s*[A-Z]{2}\d/i.test(to);
  const order = {
    from,
    to: isIban ? { iban: to } : { account: to },
    amount: amount.trim().replace(',', '.'),
    currency: 'CZK',
    message,
  };
  attempt(() => payer.pay(order).then(tell)); // by redirect the page is left, see callback.js
});

/** Says at each field what is wrong with it, in the language of the page. */
function showFaults(faults) {
  for (const fault of faults) {
    const input = form.elements[fault.field.split('.')[0]];
    input?.setCustomValidity(orderText(fault, document.documentElement.lang));
  }
  form.reportValidity();
}

form.addEventListener('input', () => {
  for (const input of form.elements) input.setCustomValidity('');
});

async function attempt(work) {
  say('');
  try {
    await work();
  } catch (error) {
    if (error.code === 'invalid_order') showFaults(error.fields);
    else say(explain(error));
  }
}

function tell(result) {
  say(ENDS[result.status]);
  return showUnfinished();
}

function say(text) {
  find('status').textContent = text;
}

function nameOf({ nameI18N, identification }) {
  return [nameI18N, identification.iban ?? identification.other].filter(Boolean).join(', ');
}

function item(...content) {
  const entry = document.createElement('li');
  for (const part of content) {
    const piece = document.createElement('span');
    piece.append(part);
    entry.append(piece, ' ');
  }
  return entry;
}

function button(label, work) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', () => attempt(work));
  return made;
}

for (const element of document.querySelectorAll('bank-connect')) {
  element.client = client;
  // with mode="popup"; by redirect it is the callback page that comes back here
  element.addEventListener('bankconnect:connected', () => attempt(show));
}
// at the start, and when the back button brings the page back as it was
addEventListener('pageshow', () => attempt(show));
