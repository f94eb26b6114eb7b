// Entry of the callback page: hands what the bank sent to the package, then goes on or explains.

import { asFailure, client } from './bank.ts';
import { h } from './dom.ts';
import { t } from './i18n.ts';
import { announce, drawFrame, main, replace } from './page.ts';
import { failurePanel } from './part/failure.ts';
import { freshPath, homePath } from './router.ts';

let handedOver = false;
client().addEventListener('handedover', () => {
  handedOver = true; // only seen where the browser does not let the package close the window
});
let finishing = client().handleRedirect(); // first of all: it wipes code and state from the address

function draw(): void {
  drawFrame(draw);
  const spinner = h('span', { class: 'spinner', 'aria-hidden': 'true' });
  show(h('p', { class: 'lead busy' }, spinner, t().callbackBusy));
  announce(t().callbackBusy);
  finishing.then(finished, failed);
}

function finished(result: Awaited<typeof finishing>): void {
  if (result) {
    location.replace(`/${freshPath(result.connection.id)}`);
    return;
  }
  const word = handedOver ? t().callbackClose : t().callbackNothing;
  const home = h('p', {}, h('a', { class: 'button', href: `/${homePath}` }, t().back));
  show(h('p', { class: 'lead' }, word), ...(handedOver ? [] : [home]));
  announce(word);
}

/** The notice is an alert, so it is read out by itself. */
function failed(thrown: unknown): void {
  const failure = asFailure(thrown);
  const retry = (): void => {
    finishing = client().handleRedirect();
    draw();
  };
  const home = `/${homePath}`;
  announce('');
  show(failurePanel(failure, failure?.retryable ? { home, retry } : { reconnect: home }));
}

function show(...content: readonly Node[]): void {
  document.title = `${t().callbackTitle} · bankconnect`;
  replace(main(), h('h1', {}, t().callbackTitle), ...content);
}

draw();
