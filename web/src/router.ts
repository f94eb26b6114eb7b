// The address after `#`: which view the person is on, so that Back, reload and bookmarks work. What
// stands behind a question mark in it are the words and filters of a list.

export type Route =
  | { readonly at: 'home' }
  | { readonly at: 'overview' }
  | { readonly at: 'payments' }
  | { readonly at: 'permissions' }
  | { readonly at: 'connection'; readonly id: string; readonly fresh: boolean }
  | { readonly at: 'account'; readonly id: string; readonly account: string }
  | { readonly at: 'receipt' };

/** Reads a fragment; anything unknown is the start. */
export function parse(fragment: string): Route {
  const [path = ''] = fragment.split('?');
  const [first, id, second, account] = path.replace(/^#\/?/, '').split('/').map(decode);
  if (
    first === 'receipt' ||
    first === 'overview' ||
    first === 'payments' ||
    first === 'permissions'
  )
    return { at: first };
  if (first !== 'c' || !id) return { at: 'home' };
  if (second === 'a' && account) return { at: 'account', id, account };
  return { at: 'connection', id, fresh: second === 'new' };
}

export const homePath = '#/';
export const overviewPath = '#/overview';
export const paymentsPath = '#/payments';
export const permissionsPath = '#/permissions';
export const receiptPath = '#/receipt';
export const connectionPath = (id: string): string => `#/c/${encodeURIComponent(id)}`;
export const freshPath = (id: string): string => `${connectionPath(id)}/new`;
export const accountPath = (id: string, account: string): string =>
  `${connectionPath(id)}/a/${encodeURIComponent(account)}`;

/** Goes to another view. */
export function go(path: string): void {
  location.hash = path;
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
