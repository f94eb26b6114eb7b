// The address after `#`: which view the person is on, so that Back, reload and bookmarks work. What
// stands behind a question mark in it are the words and filters of a list.

export type Route =
  | { readonly at: 'home' }
  | { readonly at: 'overview' }
  | { readonly at: 'payments' }
  | { readonly at: 'permissions' }
  | { readonly at: 'pay' }
  | { readonly at: 'standing'; readonly signed?: Signed }
  | { readonly at: 'standing-new' }
  | { readonly at: 'connection'; readonly id: string; readonly fresh: boolean }
  | { readonly at: 'account'; readonly id: string; readonly account: string }
  | { readonly at: 'receipt' };

/** The place of the page that a text names, if it is one of those that people are sent on to. */
export function onwardsOf(appState: unknown): string | undefined {
  const { onwards } = Object(appState) as { onwards?: unknown };
  return [payPath, standingPath, standingNewPath].find((path) => path === onwards);
}

/** A signing that the person has come back from; nothing of it is secret. */
export interface Signed {
  /** Id of the connection. */
  readonly connection: string;
  /** The bank's ids of the order and of its signing. */
  readonly order: string;
  readonly sign: string;
  readonly act: 'create' | 'end';
}

/** Reads a fragment; anything unknown is the start. */
export function parse(fragment: string): Route {
  const [path = ''] = fragment.split('?');
  const [first, ...rest] = path.replace(/^#\/?/, '').split('/').map(decode);
  const [id, second, account] = rest;
  if (
    first === 'receipt' ||
    first === 'overview' ||
    first === 'payments' ||
    first === 'permissions' ||
    first === 'pay'
  )
    return { at: first };
  if (first === 'standing') return standing(rest);
  if (first !== 'c' || !id) return { at: 'home' };
  if (second === 'a' && account) return { at: 'account', id, account };
  return { at: 'connection', id, fresh: second === 'new' };
}

function standing([step, connection, order, sign, act]: readonly string[]): Route {
  if (step === 'new') return { at: 'standing-new' };
  if (step !== 'signed' || !connection || !order || !sign) return { at: 'standing' };
  const signed = { connection, order, sign, act: act === 'end' ? act : 'create' } as const;
  return { at: 'standing', signed };
}

export const homePath = '#/';
export const overviewPath = '#/overview';
export const paymentsPath = '#/payments';
export const permissionsPath = '#/permissions';
export const payPath = '#/pay';
/** Pays an account; `name`: whose it is. */
export const payToPath = (to: string, name: string | undefined): string =>
  `${payPath}?${new URLSearchParams(name ? { to, name } : { to })}`;
export const standingPath = '#/standing';
export const standingNewPath = '#/standing/new';
export const signedPath = ({ connection, order, sign, act }: Signed): string =>
  `#/standing/signed/${[connection, order, sign, act].map(encodeURIComponent).join('/')}`;
export const receiptPath = '#/receipt';
export const connectionPath = (id: string): string => `#/c/${encodeURIComponent(id)}`;
export const freshPath = (id: string): string => `${connectionPath(id)}/new`;
export const accountPath = (id: string, account: string): string =>
  `${connectionPath(id)}/a/${encodeURIComponent(account)}`;

/** Goes to another view. */
export function go(path: string): void {
  // the same view anew, where the person is there already
  if (location.hash === path) window.dispatchEvent(new HashChangeEvent('hashchange'));
  else location.hash = path;
}

/** Changes the address without a new entry in the history and without a new view. */
export function rename(path: string): void {
  history.replaceState(history.state, '', path);
}

/** What stands behind the question mark of the address. */
export function query(): URLSearchParams {
  return new URLSearchParams(location.hash.split('?')[1] ?? '');
}

/** Puts it there; nothing of it where nothing is asked. */
export function requery(values: Readonly<Record<string, string>>): void {
  const kept = Object.entries(values).filter(([, value]) => value !== '');
  const text = new URLSearchParams(kept).toString();
  rename((location.hash.split('?')[0] || homePath) + (text && `?${text}`));
}

/** Remembers how far the page is scrolled, for when the person comes back to this view. */
export function keepScroll(y: number): void {
  history.replaceState({ y: Math.round(y) }, '');
}

/** How far it was scrolled when the person left; 0 for a view that is opened anew. */
export function keptScroll(): number {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'y' in state ? Number(state.y) || 0 : 0;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
