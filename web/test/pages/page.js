// An app of a few lines: keeps what the element tells, across the walk through the bank.

import { BankConnect, BankConnectError } from '/bankconnect/index.js';
import '/bankconnect/element.js';

const KEY = 'told';
const told = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
const element = document.querySelector('bank-connect');
const search = new URLSearchParams(location.hash.slice(1));

for (const [name, value] of search) {
  if (name.startsWith('set-')) element.setAttribute(name.slice(4), value);
}
element.appState = { cart: 7 };
for (const name of ['connected', 'failed', 'cancelled']) {
  element.addEventListener(`bankconnect:${name}`, ({ detail }) => {
    const { code, appState, rest, connection } = detail;
    told.push({ name, code, appState, rest, scopes: connection?.scopes });
    sessionStorage.setItem(KEY, JSON.stringify(told));
  });
}

window.told = told;
window.app = { BankConnect, BankConnectError, element };

// what no person has asked for: nothing was clicked yet
if (search.has('unasked')) {
  new BankConnect().connect({ provider: 'cnb' }).catch(({ code }) => {
    document.title = `refused: ${code}`;
  });
}
