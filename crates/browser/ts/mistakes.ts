/** What a page names and is not there, in words for its developers; loaded when that has happened. */

import {
  type BankConnect,
  BankConnectError,
  type Connection,
  type ConnectParams,
  type Provider,
} from './index.js';

/** Of what the console has been told; an element asks more than once. */
const told = new Set<string>();

/** The failure with a message that names the value and what is offered; itself where nothing is known. */
export async function explained(
  client: BankConnect,
  params: ConnectParams,
  error: BankConnectError,
): Promise<BankConnectError> {
  const message = await client.providers().then(
    (providers) => mistake(providers, params),
    () => undefined,
  );
  return message
    ? new BankConnectError({ code: 'config', message, retryable: false }, { cause: error })
    : error;
}

function mistake(
  providers: readonly Provider[],
  { provider, scopes = [] }: ConnectParams,
): string | undefined {
  const bank = providers.find(({ id }) => id === provider);
  if (!bank) {
    const offered = named(providers.map(({ id }) => id));
    return `provider ${named([provider])} is not offered; the broker has ${offered}`;
  }
  if (bank.connect !== 'authorization') {
    const tokens = named(bank.prepared_tokens);
    return `provider ${named([provider])} has no login; connectPrepared() takes its tokens: ${tokens}`;
  }
  if (!Array.isArray(scopes)) return `scopes must be a list, not ${named([scopes])}`;
  const others = scopes.filter((scope) => !bank.scopes.includes(scope));
  if (!others[0]) return undefined;
  return `scopes: ${named(others)} is not offered; ${named([provider])} has ${named(bank.scopes)}`;
}

/** Tells on the console that an element names a connection which is not there, or cannot pay, and what is. */
export function tellNoConnection(
  id: string,
  all: readonly Connection[],
  tag = 'bank-connect',
): void {
  const why = all.some((one) => one.id === id) ? 'has no scope "pisp"' : 'is not connected here';
  const there = all.map((one) => `${named([one.id])} (${one.provider} ${one.scopes.join(' ')})`);
  // where people are, it is nobody's business at which banks; others may collect what the console says
  const isOurs = /^(localhost|127\.|\[::1)/.test(location.hostname);
  const what = (isOurs && there.join(', ')) || (all[0] ? `${all.length} connections` : 'nothing');
  const line = `<${tag}> connection ${named([id])} ${why}; this browser has ${what}`;
  if (!told.has(line)) console.error(line);
  told.add(line);
}

function named(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ') || 'nothing';
}
