// Both elements, as an app has them: set from the address, so that a test can ask for a state.

import { BankConnect, BankConnectError } from '/bankconnect/index.js';

const shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) shifts.push({ value, hadRecentInput });
}).observe({ type: 'layout-shift', buffered: true });

const search = new URLSearchParams(location.hash.slice(1));
const [list, button] = ['bank-connections', 'bank-connect'].map((name) =>
  document.querySelector(name),
);
for (const [name, value] of search) {
  if (name.startsWith('button-')) button.setAttribute(name.slice(7), value);
  if (name.startsWith('list-')) list.setAttribute(name.slice(5), value);
}
const told = [];
for (const name of ['connecting', 'connected', 'failed', 'cancelled', 'renew', 'disconnected']) {
  document.addEventListener(`bankconnect:${name}`, ({ target, detail }) =>
    told.push({ name, by: target.localName, code: detail?.code }),
  );
}
window.app = { BankConnect, BankConnectError, list, button, told, shifts };
await import('/bankconnect/element.js');
await import('/bankconnect/connections-element.js');
