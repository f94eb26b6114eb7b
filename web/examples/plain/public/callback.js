// Where the bank sends people back to: finishes what was begun, and goes on to the page.

import { BankConnect } from '/bankconnect/index.js';
import { ENDS, explain } from '/words.js';

const client = new BankConnect();
const status = document.getElementById('status');
const again = document.getElementById('again');

async function finish() {
  again.hidden = true;
  try {
    const [connected, paid] = await Promise.all([client.handleRedirect(), client.handlePayment()]);
    if (connected) location.replace('/');
    else status.textContent = paid ? ENDS[paid.status] : 'There is nothing left to do here.';
  } catch (error) {
    status.textContent = explain(error);
    again.hidden = !error.retryable;
  }
}

again.addEventListener('click', finish);
finish();
