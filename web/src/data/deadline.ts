// How long a connection still lasts.

import type { Connection } from 'bankconnect';

/** Days before the end from which on the person is asked to renew. */
const NOTICE = 14;
const DAY = 86_400_000;

/** Whole days until it ends, the last one counted; `undefined` where nothing ends it. */
export function daysLeft({ reconnect_by }: Readonly<Connection>): number | undefined {
  if (reconnect_by === null) return undefined;
  return Math.max(0, Math.ceil((Date.parse(reconnect_by) - Date.now()) / DAY));
}

/** True where it works now and ends soon. */
export function endsSoon(connection: Readonly<Connection>): boolean {
  const left = daysLeft(connection);
  return connection.status === 'connected' && left !== undefined && left <= NOTICE;
}

/** The connections that one of the same kind has taken the place of, though they still last. */
export function replaced<C extends Readonly<Connection>>(
  all: readonly C[],
  by: Readonly<Connection>,
): readonly C[] {
  const kind = ({ provider, scopes }: Readonly<Connection>): string =>
    JSON.stringify([provider, [...scopes].sort()]);
  return all.filter(
    (one) =>
      one.id !== by.id &&
      one.status === 'connected' &&
      kind(one) === kind(by) &&
      one.connected_at < by.connected_at,
  );
}
