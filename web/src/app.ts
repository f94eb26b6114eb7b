// Entry of the demo page: shows the view the address asks for, and again when it changes.

import 'bankconnect/element';
import { client } from './bank.ts';
import { clearShelf } from './data/shelf.ts';
import { announce, drawFrame, markPlace, mount } from './page.ts';
import { connectionPath, parse, rename } from './router.ts';
import { accountView } from './view/account.ts';
import { connectionView } from './view/connection.ts';
import { homeView } from './view/home.ts';
import { overviewView } from './view/overview.ts';
import { paymentsView } from './view/payments.ts';
import { permissionsView } from './view/permissions.ts';
import { receiptView } from './view/receipt.ts';
import { unfetchedView, type View } from './view/view.ts';

let leaving = new AbortController();
let shown = false;

/** The view the address asks for; those for orders are fetched when they are first wanted. */
function viewNow(signal: AbortSignal): View | Promise<View> {
  const route = parse(location.hash);
  switch (route.at) {
    case 'home':
      return homeView(signal);
    case 'connection':
      if (route.fresh) rename(connectionPath(route.id));
      return connectionView(route.id, route.fresh, signal);
    case 'account':
      return accountView(route.id, route.account, signal);
    case 'receipt':
      return receiptView(signal);
    case 'overview':
      return overviewView(signal);
    case 'payments':
      return paymentsView(signal);
    case 'permissions':
      return permissionsView(signal);
    case 'pay':
      return import('./view/pay.ts').then(({ payView }) => payView(signal));
    case 'standing':
      return orders().then(({ standingView }) => standingView(route.signed, signal));
    case 'standing-new':
      return orders().then(({ standingNewView }) => standingNewView(signal));
  }
}

const orders = () => import('./view/orders.ts');

function show(moved: boolean): void {
  leaving.abort();
  leaving = new AbortController();
  announce('');
  markPlace();
  const { signal } = leaving;
  const open = ({ node, title }: View): void => {
    if (signal.aborted) return;
    mount(node, title, moved);
    shown = true;
  };
  const view = viewNow(signal);
  if (view instanceof Promise) view.then(open, () => open(unfetchedView()));
  else open(view);
}

function start(): void {
  drawFrame(() => {
    start();
  }, true);
  show(false);
}

for (const change of ['connected', 'disconnected']) client().addEventListener(change, clearShelf);
history.scrollRestoration = 'manual'; // a list is only as long as what is read, so it does that itself
window.addEventListener('hashchange', () => show(shown));
// A page taken out of the browser's back/forward store may be older than the connections.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  clearShelf();
  show(false);
});
start();
