// The app of pay.html. What has happened is kept across the walk through the bank.

import { BankConnect, BankConnectError } from '/bankconnect/index.js';

const find = (id) => document.querySelector(`#${id}`);
const client = new BankConnect();
const app = {
  client,
  order: undefined,
  /** For `pay` and `resume`; functions cannot come from a test. */
  options: {},
  code: undefined,
  asked: [],
  stop: new AbortController(),
};
window.app = app;

const kept = (name) => JSON.parse(sessionStorage.getItem(name) ?? '[]');

function keep(name, value) {
  sessionStorage.setItem(name, JSON.stringify([...kept(name), value]));
}

function options() {
  const code = app.code && {
    code: async (ask) => {
      app.asked.push(ask);
      return app.code(ask);
    },
  };
  const { signal } = app.stop;
  return { ...app.options, ...code, signal, onprogress: (phase) => keep('phases', phase) };
}

/** Tells how a promise of a payment has ended. */
async function tell(promise) {
  let ended;
  try {
    const result = await promise;
    app.last = result;
    ended = result ?? null;
  } catch (thrown) {
    const { name, code, message, fields, idempotencyKey, bankCodes } = thrown;
    const typed = BankConnectError.is(thrown);
    ended = {
      error: typed ? code : `${name}: ${message}`,
      message,
      fields,
      key: idempotencyKey,
      bankCodes,
    };
  }
  keep('ended', ended);
  const count = String(kept('ended').length);
  Object.assign(find('ended'), { textContent: count }).dataset.count = count;
}

async function connection() {
  const all = await client.connections();
  return all.find(({ scopes }) => scopes.includes('pisp'));
}

find('connect').onclick = () => client.connect({ provider: 'cnb', scopes: ['pisp'] });
// with the connection at hand a popup opens within the click, as the README says
find('pay').onclick = async () =>
  tell((app.known ?? (await connection())).pay(app.order, options()));
find('resume').onclick = async () => {
  const [first] = await (await connection()).payments();
  await tell(first.resume(options()));
};
find('again').onclick = () => tell(app.last.resume(options()));
app.unfinished = async () => {
  const all = await (await connection()).payments();
  return all.map(({ key, phase, payment }) => ({ key, phase, payment }));
};
app.forget = async () => {
  for (const one of await (await connection()).payments()) await one.forget();
};
app.kept = kept;

client.addEventListener('handedover', () => keep('handed', true));
const connected = await client.handleRedirect().catch(() => undefined);
if (connected) history.replaceState(null, '', '/pay.html');
const paid = client.handlePayment(location.href, options());
const again = client.handlePayment(location.href, options());
app.address = location.href;
const none = Symbol('none');
const first = await Promise.race([paid, Promise.resolve(none)]).catch(() => undefined);
if (first !== undefined) await tell(Promise.all([paid, again]).then(([one]) => one));
app.known = await connection();
await app.known?.payments().catch(() => []); // has the code loaded
const state = app.known ? 'connected' : 'ready';
Object.assign(find('ready'), { textContent: state }).dataset.state = state;
