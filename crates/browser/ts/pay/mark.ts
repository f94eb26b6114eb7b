/** What a tab remembers of a payment while the person is at the bank; nothing of ours in it is secret. */

/** Where it stands in the tab's store. */
export const MARK = 'bankconnect-payment';

/** A payment, and how its signing goes on. */
export interface Mark {
  /** Id of the connection, and of its provider. */
  readonly id: string;
  readonly provider: string;
  readonly key: string;
  /** The bank's ids of the payment and of its signing. */
  readonly payment: string;
  readonly signId: string;
  /** Methods that come after this visit. */
  readonly left: readonly string[];
  /** What was given to `pay`. */
  readonly appState?: unknown;
  /** This tab is the popup of a page that waits for it. */
  readonly popup?: boolean;
  /**
   * The person has come back before it was signed, and was told so. They may yet go forward to the bank:
   * only the page that the bank then sends them to goes on. It is the last field (`payments.ts`).
   */
  readonly told?: true;
}

/** The entry of the store: the address of the page the person comes back to, then the mark. */
export function written(back: string, mark: Mark): string {
  const { origin, pathname } = new URL(back);
  return `${origin}${pathname} ${JSON.stringify(mark)}`;
}

/** The mark of an entry, and whether `url` is the page it was waiting for. */
export function read(entry: string, url: URL): { back: string; mark: Mark; isBack: boolean } {
  const [back = ''] = entry.split(' ', 1);
  const mark = JSON.parse(entry.slice(back.length)) as Mark;
  return { back, mark, isBack: url.origin + url.pathname === back };
}

/** Whether this tab has left for a signature, as far as its own store tells. */
export function isAway(): boolean {
  try {
    return sessionStorage.getItem(MARK) !== null;
  } catch {
    return false;
  }
}
