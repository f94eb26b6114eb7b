// The address after `#`: which view the person is on, so that Back, reload and bookmarks work.

export type Route =
  | { readonly at: 'home' }
  | { readonly at: 'connection'; readonly id: string; readonly fresh: boolean }
  | { readonly at: 'account'; readonly id: string; readonly account: string }
  | { readonly at: 'receipt' };

/** Reads a fragment; anything unknown is the overview. */
export function parse(fragment: string): Route {
  const [first, id, second, account] = fragment.replace(/^#\/?/, '').split('/').map(decode);
  if (first === 'receipt') return { at: 'receipt' };
  if (first !== 'c' || !id) return { at: 'home' };
  if (second === 'a' && account) return { at: 'account', id, account };
  return { at: 'connection', id, fresh: second === 'new' };
}

export const homePath = '#/';
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

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
