/** A provider, as lists show it. */

import type { Provider } from './generated/protocol.js';

/** A provider with what only newer brokers tell of it. */
export type Bank = Provider & {
  /** Address of its logo. */
  readonly logo?: string | null;
  /** How long access lasts. */
  readonly consent_days?: number | null;
};
