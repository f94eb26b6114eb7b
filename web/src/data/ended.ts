// Connections that the person has ended, remembered in this browser: the broker forgets them.

import type { BankConnection, Receipt } from 'bankconnect';

const STORED = 'bankconnect-demo.ended';
const MOST = 20;

export interface Ended {
  readonly id: string;
  readonly bank: string;
  readonly scopes: readonly string[];
  readonly since: string;
  readonly ended: string;
  readonly at_bank: Receipt['at_bank'];
}

/** The newest first. What is not readable counts as not there. */
export function endedOnes(): readonly Ended[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return Array.isArray(found) ? found.filter(isEnded) : [];
  } catch {
    return [];
  }
}

export function rememberEnded(connection: BankConnection, receipt: Receipt): void {
  const one: Ended = {
    id: connection.id,
    bank: connection.provider_name,
    scopes: connection.scopes,
    since: connection.connected_at,
    ended: receipt.disconnected_at,
    at_bank: receipt.at_bank,
  };
  const others = endedOnes().filter(({ id }) => id !== one.id);
  write(JSON.stringify([one, ...others].slice(0, MOST)));
}

export function forgetEnded(): void {
  write(undefined);
}

function write(text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, text);
  } catch {
    // a browser without storage has no history
  }
}

function isEnded(value: unknown): value is Ended {
  const one = value as Partial<Ended> | null;
  const texts = [one?.id, one?.bank, one?.since, one?.ended, one?.at_bank];
  return texts.every((text) => typeof text === 'string') && Array.isArray(one?.scopes);
}
