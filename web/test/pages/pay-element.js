// The element as an app has it, set from the fragment: `lang`, `dir`, `order` (JSON), `stops`, `provider`, and
// `pay-…` for attributes. The tab remembers the fragment, since the bank comes back without it.

import { BankConnect } from '/bankconnect/index.js';

if (location.hash) sessionStorage.setItem('fragment', location.hash.slice(1));
const search = new URLSearchParams(sessionStorage.getItem('fragment') ?? '');
document.documentElement.lang = search.get('lang') ?? 'en';
document.documentElement.dir = search.get('dir') ?? 'ltr';
const element = document.querySelector('bank-pay');
for (const [name, value] of search) {
  if (name.startsWith('pay-')) element.setAttribute(name.slice(4), value);
}
if (search.has('order')) element.order = JSON.parse(search.get('order'));

const kept = () => JSON.parse(sessionStorage.getItem('told') ?? '[]');
const app = { element, kept, stops: search.has('stops') };
for (const name of ['paying', 'paid', 'unpaid', 'failed', 'cancelled']) {
  document.addEventListener(`bankconnect:${name}`, (event) => {
    const { detail } = event;
    if (name === 'paying' && app.stops) event.preventDefault();
    const { status, code, amount, to } = detail;
    sessionStorage.setItem('told', JSON.stringify([...kept(), { name, status, code, amount, to }]));
  });
}
window.app = app;

const client = new BankConnect();
const provider = search.get('provider') ?? 'cnb';
for (const [id, scope] of [
  ['connect', 'pisp'],
  ['read', 'aisp'],
]) {
  const button = document.querySelector(`#${id}`);
  button.onclick = () => client.connect({ provider, scopes: [scope] });
}
await client.handleRedirect();
element.client = client;
app.client = client;
await import('/bankconnect/pay-element.js');
document.querySelector('#ready').textContent = 'ready';
