// Entry of the callback page: hands what the bank sent to the package, then goes on or explains.

import { asFailure, client } from './bank.ts';
import { h, put } from './dom.ts';
import { t } from './i18n.ts';
import { announce, drawFrame, focusHeading, main } from './page.ts';
import { failurePanel } from './part/failure.ts';
import { freshPath, homePath } from './router.ts';

let handedOver = false;
client().addEventListener('handedover', () => {
  handedOver = true;
});
let finishing = client().handleRedirect(); // first of all: it wipes code and state from the address

function draw(): void {
  drawFrame(draw);
  show(
    h(
      'p',
      { class: 'lead busy' },
      h('span', { class: 'spinner', 'aria-hidden': 'true' }),
      t().callbackBusy,
    ),
  );
  finishing.then(finished, failed);
}

function finished(result: Awaited<typeof finishing>): void {
  if (result) {
    location.replace(`/${freshPath(result.connection.id)}`);
    return;
  }
  if (handedOver) window.close();
  show(
    h('p', { class: 'lead' }, handedOver ? t().callbackClose : t().callbackNothing),
    !handedOver && homeLink(),
  );
}

function failed(thrown: unknown): void {
  const retry = (): void => {
    finishing = client().handleRedirect(); // the package keeps a landing that never reached the broker
    draw();
  };
  show(failurePanel(asFailure(thrown), { home: `/${homePath}`, retry }));
  focusHeading();
}

function show(...content: readonly (Node | false)[]): void {
  document.title = `${t().callbackTitle} · bankconnect`;
  put(main(), h('h1', {}, t().callbackTitle), ...content);
  announce(main().textContent ?? '');
}

function homeLink(): HTMLElement {
  return h('p', {}, h('a', { class: 'button', href: `/${homePath}` }, t().back));
}

draw();
