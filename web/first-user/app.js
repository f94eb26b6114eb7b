// The whole app: a button of the package, and a list of what it gives.

import 'bankconnect/element';

const list = document.querySelector('#accounts');

document.querySelector('bank-connect').addEventListener('bankconnect:connected', async (event) => {
  for await (const account of event.detail.connection.accounts()) {
    const entry = document.createElement('li');
    entry.textContent = account.identification.iban;
    list.append(entry);
  }
});
