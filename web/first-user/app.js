// The whole app: a button of the package, and a list of what it gives.

import { BankConnect } from 'bankconnect';
import 'bankconnect/element';

const list = document.querySelector('#accounts');

async function show(connection) {
  for await (const account of connection.accounts()) {
    const entry = document.createElement('li');
    entry.textContent = account.identification.iban;
    list.append(entry);
  }
}

document.querySelector('bank-connect').addEventListener('bankconnect:connected', (event) => {
  list.replaceChildren();
  show(event.detail.connection);
});

// what was connected before
for (const connection of await new BankConnect().connections()) {
  if (connection.status === 'connected') await show(connection);
}
