/** The three kinds of calls: what only asks, what acts, and what places an order. */

import type { Abortable, Call, List } from '../connection.js';
import type { BankConnection, Reading } from '../index.js';
import { toJson } from './exact.js';
import { type Gate, gate, type Need } from './gate.js';
import { respelt } from './spelling.js';
import type { Placing } from './types.js';

/** Steps below `/my` of the standard. */
export type Path = readonly string[];

/** What an answer must have: names and `typeof`. */
export type Needs = Readonly<Record<string, string>>;

/** A change of something that is there. */
export interface Act {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: Path;
  readonly body?: object;
  readonly query?: object;
  readonly needs?: Needs;
}

/** Calls through one connection; each is refused before it is sent if it cannot succeed. */
export interface Calls {
  readonly allowed: Gate;
  get<T>(need: Need, path: Path, needs: Needs, options?: Abortable): Promise<T>;
  list<T>(need: Need, path: Path, given: Omit<List, 'path'>): Reading<T>;
  act<T>(need: Need, act: Act, options?: Abortable): Promise<T>;
  place<T>(need: Need, kind: string, order: object, needs: Needs, options?: Placing): Promise<T>;
}

const below = (path: Path): Path => ['api', 'my', ...path];

export function calls(connection: BankConnection): Calls {
  const allowed = gate(connection);
  const ask = async <T>(need: Need, path: Path, given: Omit<Call, 'path'>): Promise<T> => {
    await allowed(need);
    return respelt(await connection.call<T>({ ...given, path: below(path) }));
  };
  return {
    allowed,
    get: (need, path, needs, { signal } = {}) => ask(need, path, { signal, needs }),
    list: (need, path, given) =>
      connection.read({ ...given, path: below(path) }, () => allowed(need)),
    act: (need, { path, body, ...rest }, { signal } = {}) =>
      ask(need, path, { ...rest, signal, ...(body && { body: toJson(body) }) }),
    async place(need, kind, order, needs, options = {}) {
      const { signal, idempotencyKey = crypto.randomUUID() } = options;
      const given = { method: 'POST', key: idempotencyKey, body: toJson(order) } as const;
      try {
        return await ask(need, [kind], { ...given, signal, needs });
      } catch (thrown) {
        throw Object.assign(thrown as Error, { idempotencyKey });
      }
    },
  };
}
