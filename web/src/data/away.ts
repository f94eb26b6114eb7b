// What this tab remembers while the person signs a standing order at the bank: four ids, no secret.

import type { Signed } from '../router.ts';

const AWAY = 'bankconnect-demo.signing';

/** Remembers what the person leaves for. */
export function remember(signed: Signed): void {
  sessionStorage.setItem(AWAY, JSON.stringify(signed));
}

/** Forgets it: the person has left for something else. */
export function forget(): void {
  take();
}

/** What the person has come back from, once. */
export function take(): Signed | undefined {
  try {
    const kept = sessionStorage.getItem(AWAY);
    sessionStorage.removeItem(AWAY);
    return kept ? (JSON.parse(kept) as Signed) : undefined;
  } catch {
    return undefined; // where nothing can be remembered, nothing was
  }
}
