/** The way to the bank's own pages and back: by leaving this page, or in a popup. */

import type { SigningBegun } from '../generated/cobs.js';
import { failure, isPassing } from './desk.js';
import { MARK, type Mark, written } from './mark.js';
import { REDIRECT, type Sheet } from './sheet.js';

const LOOK_EVERY_MS = 100;
/** How long the bank is asked on when the person is back and it still says `OPEN`. */
const AFTER_RETURN_MS = 30_000;

/** Until when the bank is asked; `wake` has it asked at once. */
export interface Wait {
  until: number;
  wake?: () => void;
}

type Fields = Readonly<Record<string, string | undefined>>;

/** A visit that is about to be made. */
export interface Visit {
  readonly url: URL;
  /** Fields to post there, where the bank wants its page opened by a form. */
  readonly form?: Fields | undefined;
  /** The page that the bank sends the person back to. */
  readonly back: string;
}

/**
 * Step II of a visit: where the person has to go. Opened is only what is on the bank's announced origin
 * (B06).
 *
 * Errors: `untrusted_url`, `unsupported`, `config`, those of the calls.
 */
export async function prepare(sheet: Sheet): Promise<Visit> {
  const { desk } = sheet;
  const provider = await desk.provider();
  const redirectUrl = String(desk.options.redirectUrl ?? provider.redirect_uri ?? '');
  if (!redirectUrl) throw failure('config', 'redirectUrl is missing: this bank has no login');
  const begun = await sheet.begin<SigningBegun>({ authorizationType: REDIRECT, redirectUrl });
  const asked = begun.href?.url ?? '';
  const url = URL.canParse(asked) && new URL(asked);
  if (url && isTrusted(url, provider.authorization_origin)) {
    return { url, form: begun.method === 'POST' ? formOf(begun) : undefined, back: redirectUrl };
  }
  throw failure('untrusted_url', "the signing page is not on the bank's origin");
}

/**
 * The two fields of the form that COBS knows (2.0 §3.3.5, step II), by their names there; its OpenAPI
 * file calls them `url` and `id` in the answer.
 */
function formOf({ formData }: SigningBegun): Fields {
  const { SAMLRequest, url, relayState, id } = (formData ?? {}) as Fields;
  return { SAMLRequest: SAMLRequest ?? url, relayState: relayState ?? id };
}

/**
 * Posts a form from a page of ours, in place of that page or of the one it is a frame of. `kept` is
 * called if the page's own policy does not let it out.
 */
function post(
  { document }: Window,
  { url, form: fields = {} }: Visit,
  kept: (why: Event) => void,
): void {
  document.addEventListener('securitypolicyviolation', (why) => {
    if (why.effectiveDirective === 'form-action') kept(why);
  });
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action: url, target: '_top' });
  for (const [name, value] of Object.entries(fields)) {
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name, value });
    if (value) form.append(field);
  }
  document.body.append(form);
  form.submit();
  form.remove();
}

/** As for a login: on the announced origin, https, or http on this machine from this machine. */
function isTrusted(url: URL, announced: string | null): boolean {
  const isLocal = (host: string) => /^((.+\.)?localhost|127\.[\d.]+|\[::1\])$/.test(host);
  const safe =
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && isLocal(url.hostname) && isLocal(location.hostname));
  return safe && !url.username && !url.password && url.origin === announced;
}

/** Leaves the page. Comes back only when the page was not left, or is shown again as it was. */
export async function leave(sheet: Sheet, visit: Visit, left: readonly string[]): Promise<void> {
  const { desk } = sheet;
  const mark = markOf(sheet, left);
  desk.storage.setItem(MARK, written(visit.back, mark));
  desk.options.onprogress?.('redirecting');
  await new Promise<void>((stayed) => {
    const shown = (event?: Event & { persisted?: boolean }) => {
      if (event?.persisted === false) return; // the page was still loading when it was left
      removeEventListener('pageshow', shown);
      // who has been away may go forward again; else there is nothing to come back from
      if (event?.persisted)
        desk.storage.setItem(MARK, written(visit.back, { ...mark, told: true }));
      else if (event) desk.storage.removeItem(MARK);
      stayed();
    };
    addEventListener('pageshow', shown);
    if (visit.form) post(window, visit, shown);
    else desk.link.leave(visit.url);
    setTimeout(shown, desk.link.options.timeoutMs);
  });
  await follow(sheet, { until: 0 });
}

/** Sends a popup to the bank, and asks the bank until the signing is over or the person is back. */
export async function visit(
  sheet: Sheet,
  there: Visit,
  left: readonly string[],
  popup: Window,
): Promise<void> {
  const { desk, key } = sheet;
  const wait: Wait = { until: Date.now() + desk.link.options.attemptTtlMs };
  const end = (until: number) => {
    wait.until = until;
    wait.wake?.();
  };
  const channel = new BroadcastChannel(`${MARK}:${key}`);
  channel.onmessage = ({ data }) => {
    channel.postMessage('ok');
    unwatch();
    popup.close(); // not left to the popup: WebKitGTK stops this page for good when it closes itself
    end(Date.now() + (data === 'error' || left.length ? 0 : AFTER_RETURN_MS));
  };
  const mark = { ...markOf(sheet, left), popup: true };
  const unwatch = whenGone(popup, () => end(0));
  try {
    // the popup's own, which it takes to the bank and back
    popup.sessionStorage.setItem(MARK, written(there.back, mark));
    if (there.form) post(popup, there, () => end(0));
    else popup.location.replace(there.url);
    desk.options.onprogress?.('waiting');
    await follow(sheet, wait);
  } finally {
    unwatch();
    channel.close();
    popup.close();
  }
}

function markOf({ desk, key, id: payment, signId }: Sheet, left: readonly string[]): Mark {
  const { appState, connection } = desk;
  const { id, provider } = connection;
  return { id, provider, key, payment, signId, left, appState };
}

/**
 * Asks the bank until the visit is over or its time has passed; the last time after that. Until then the
 * bank or the broker may be out of reach: the person goes on at the bank all the same.
 */
export async function follow(sheet: Sheet, wait: Wait): Promise<void> {
  for (;;) {
    const last = Date.now() >= wait.until;
    try {
      if ((await sheet.isOver(REDIRECT)) || last) return;
    } catch (thrown) {
      if (last || !isPassing(thrown)) throw thrown;
    }
    await sheet.desk.pause(Math.min(sheet.poll, Math.max(wait.until - Date.now(), 0)), wait);
  }
}

/** The wait of a page that the person has come back to. */
export function afterReturn(hasError: boolean): Wait {
  return { until: hasError ? 0 : Date.now() + AFTER_RETURN_MS };
}

/**
 * Calls once when a popup is gone for certain. `closed` alone proves nothing: a bank with
 * `Cross-Origin-Opener-Policy` makes it true at once (B12). See `popup.rs` of the component: it has
 * to have been in sight at the bank, closed for a second, and the person back at this page.
 */
function whenGone(popup: Window, gone: () => void): () => void {
  let [away, closed, seen] = [0, 0, false];
  const timer = setInterval(() => {
    const now = performance.now();
    away = isElsewhere(popup) ? away || now : 0;
    seen ||= away > 0 && now - away >= 300;
    closed = popup.closed && seen && document.hasFocus() ? closed || now : 0;
    if (!closed || now - closed < 1000) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** Whether an open window shows a page of another origin: reading its address throws. */
export function isElsewhere(popup: Window): boolean {
  try {
    return !popup.closed && !popup.location.href;
  } catch {
    return true;
  }
}
