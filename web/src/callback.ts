// Entry of the callback page: hands what the bank sent to the package, then goes on or explains. Back
// from a login, from the signing of a payment, or from that of a standing order.

import type { ConnectResult, PaymentResult } from 'bankconnect';
import { asFailure, client } from './bank.ts';
import { take } from './data/away.ts';
import { settledLater } from './data/settled.ts';
import { h } from './dom.ts';
import { t } from './i18n.ts';
import { announce, drawFrame, main, replace } from './page.ts';
import { failurePanel } from './part/failure.ts';
import { endingOf, paidCard, retell } from './part/paid.ts';
import { freshPath, homePath, onwardsOf, signedPath } from './router.ts';
import { payTexts } from './text/pay.ts';

type Brought = ConnectResult | PaymentResult | undefined;

let handedOver = false;
client().addEventListener('handedover', () => {
  handedOver = true; // only seen where the browser does not let the package close the window
});
const here = location.href;
const connecting = client().isCallback(here);
const signed = connecting ? undefined : take();
let finishing: Promise<Brought> | undefined = signed ? undefined : finish();

/** First of all: it wipes what the bank sent from the address. */
function finish(): Promise<Brought> {
  return connecting ? client().handleRedirect(here) : client().handlePayment(here);
}

function draw(): void {
  drawFrame(draw);
  const words = connecting ? t().callbackBusy : payTexts().busy;
  const spinner = h('span', { class: 'spinner', 'aria-hidden': 'true' });
  show(h('h1', {}, t().callbackTitle), h('p', { class: 'lead busy' }, spinner, words));
  announce(words);
  finishing?.then(finished, failed);
}

function finished(result: Brought): void {
  if (!result) nothing();
  else if ('status' in result) paid(result);
  else location.replace(`/${onwardsOf(result.appState) ?? freshPath(result.connection.id)}`);
}

function nothing(): void {
  const word = handedOver ? t().callbackClose : t().callbackNothing;
  const home = h('p', {}, h('a', { class: 'button', href: `/${homePath}` }, t().back));
  show(
    h('h1', {}, t().callbackTitle),
    h('p', { class: 'lead' }, word),
    ...(handedOver ? [] : [home]),
  );
  announce(word);
}

/** How a payment has ended; one that still waits can be signed from here. */
function paid(result: PaymentResult): void {
  const sign = (): void => {
    finishing = result.resume();
    draw();
  };
  const card = paidCard(result, sign);
  show(card);
  announce(endingOf(result).join('. '));
  void settledLater(result).then((later) => {
    if (!later || !card.isConnected) return;
    retell(card, later);
    announce(endingOf(later).join('. '));
    finishing = Promise.resolve(later); // for when the language changes
  });
}

/** The notice is an alert, so it is read out by itself. */
function failed(thrown: unknown): void {
  const failure = asFailure(thrown);
  const retry = (): void => {
    finishing = finish();
    draw();
  };
  const home = `/${homePath}`;
  announce('');
  const ways = failure?.retryable ? { home, retry } : connecting ? { reconnect: home } : { home };
  show(h('h1', {}, t().callbackTitle), failurePanel(failure, ways));
}

function show(...content: readonly Node[]): void {
  document.title = `${t().callbackTitle} · bankconnect`;
  replace(main(), ...content);
}

// what became of a standing order is told where all of them are
if (signed) location.replace(`/${signedPath(signed)}`);
else draw();
