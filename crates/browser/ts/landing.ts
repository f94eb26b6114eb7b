/**
 * Recognises a callback and takes it out of the address bar.
 *
 * The one rule kept outside the component: it must happen before anything else runs, and the
 * component may still be on its way (requirement B07). What the callback means is judged there.
 */

/** What a bank's redirect brought. */
export interface Landing {
  readonly redirectUri: string;
  readonly query: string;
}

/** Parameters of an authorization response; everything else in the address stays. */
const RESPONSE = [
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
  'session_state',
] as const;

/** `protocol::state::State` */
const OWN_STATE = /^bc1\.[\w-]{43}$/;

/** True for an address with a `state` of ours and a `code` or an `error`. */
export function isCallback(url: URL): boolean {
  const has = url.searchParams;
  return (
    (has.has('code') || has.has('error')) && has.getAll('state').some((s) => OWN_STATE.test(s))
  );
}

/** The callback in an address, removed from the address bar if it stands there. */
export function takeLanding(url: URL): Landing | undefined {
  if (!isCallback(url)) return undefined;
  clean(url);
  return { redirectUri: url.origin + url.pathname, query: url.search.slice(1) };
}

/** Takes the answer of a bank out of the address bar, if it stands there. */
export function clean(url: URL): void {
  if (url.href !== location.href) return;
  const clean = new URL(url);
  for (const name of RESPONSE) clean.searchParams.delete(name);
  history.replaceState(history.state, '', clean);
}
