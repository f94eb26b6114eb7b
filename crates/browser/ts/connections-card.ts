/** One connection as a person reads it, and the receipt when it has ended. */

import type { Bank } from './bank.js';
import { logo } from './bank-logo.js';
import type { ConnectionsTexts } from './connections-texts.js';
import { make } from './dom.js';
import type { Connection, Receipt } from './generated/protocol.js';
import { filled } from './languages.js';
import { ago, day, isDue } from './when.js';

/** What a card is drawn with. */
export interface Drawing {
  readonly root: ShadowRoot;
  readonly text: ConnectionsTexts;
  readonly language: string;
}

/** What a person can do with a connection. */
export interface Acts {
  renew(): void;
  disconnect(): void;
}

/** A connection; what cannot be renewed here has no control for it. */
export function card(
  { root, text, language }: Drawing,
  held: Connection,
  bank: Bank | undefined,
  acts: Acts,
): HTMLLIElement {
  const name = make('bdi', { part: 'name', id: `name-${held.id}` }, held.provider_name);
  const head = make('div', { class: 'head' }, logo(root, held.provider_name, bank?.logo), name);
  if (held.environment === 'sandbox') {
    head.append(make('small', { part: 'sandbox' }, text.sandbox));
  }
  const due = isDue(held);
  const facts = make(
    'dl',
    { part: 'facts' },
    make('dt', {}, text.shares),
    make('dd', { part: 'fact', id: `shares-${held.id}` }, shared(text, held)),
    ...fact(text.since, day(language, held.connected_at, 'medium')),
    make('dt', {}, text.until),
    until(text, language, held, due),
    ...fact(use(text, held), held.last_used_at ? ago(language, held.last_used_at) : text.never),
  );
  const actions = make('div', { class: 'actions' });
  const act = (button: HTMLButtonElement, text: string, press: () => void) => {
    button.id = `${button.part}-${held.id}`;
    button.setAttribute('aria-labelledby', `${button.id} name-${held.id}`);
    button.setAttribute('aria-describedby', `shares-${held.id}`); // of two of one bank, which
    button.append(text);
    button.addEventListener('click', press);
    actions.append(button);
  };
  if (due && bank?.connect === 'authorization') {
    act(make('button', { part: 'renew', type: 'button' }), text.renew, acts.renew);
  }
  act(make('button', { part: 'disconnect', type: 'button' }), text.disconnect, acts.disconnect);
  return make('li', { part: 'connection', class: due ? 'ending' : '' }, head, facts, actions);
}

/** The room of a card while the connections are on their way. */
export function room(drawing: Drawing): HTMLLIElement {
  const held: Connection = {
    id: 'room',
    provider: '',
    provider_name: 'bank',
    environment: 'production',
    scopes: ['aisp'],
    status: 'connected',
    reason: null,
    connected_at: new Date().toISOString(),
    reconnect_by: new Date(2099, 10, 29).toISOString(),
    last_used_at: null,
  };
  const node = card(drawing, held, undefined, { renew() {}, disconnect() {} });
  node.classList.add('room');
  node.inert = true;
  node.ariaHidden = 'true';
  return node;
}

/** What the bank has said about the end, in the place of the card. */
export function receiptCard(
  { text, language }: Drawing,
  name: string,
  { at_bank, connection, disconnected_at }: Receipt,
  done: () => void,
): HTMLLIElement {
  const [date, short] = [day(language, disconnected_at), connection.slice(0, 8)];
  const title = make('strong', { tabindex: '-1', part: 'name' }, filled(text.over, name));
  const number = filled(text.receipt, date).replace('{1}', () => short);
  const button = make('button', { part: 'done', type: 'button' }, text.done);
  button.addEventListener('click', done);
  return make(
    'li',
    { part: 'receipt' },
    title,
    make('p', { part: 'at-bank' }, text[at_bank]),
    make('p', { class: 'number' }, number),
    make('div', { class: 'actions' }, button),
  );
}

function fact(name: string, value: string): HTMLElement[] {
  return [make('dt', {}, name), make('dd', { part: 'fact' }, value)];
}

/** What is shared, in words. */
export function shared(text: ConnectionsTexts, { scopes }: Connection): string {
  const words = (scope: string) => (scope === 'aisp' || scope === 'pisp' ? text[scope] : scope);
  return scopes.map(words).join(', ');
}

/** Payments are not read. */
function use(text: ConnectionsTexts, { scopes }: Connection): string {
  return scopes.includes('pisp') ? text.lastUsed : text.used;
}

function until(
  text: ConnectionsTexts,
  language: string,
  { status, reconnect_by: end }: Connection,
  due: boolean,
): HTMLElement {
  const date = end === null ? text.endless : day(language, end, 'medium');
  if (!due) return make('dd', { part: 'fact' }, date);
  return make('dd', { part: 'due' }, status === 'reconnect' ? text.ended : filled(text.due, date));
}
