/** What `<bank-connect>` tells the page: types only. */

import type { BankConnectError, ConnectResult } from './index.js';

/** Events of the element; they bubble and leave shadow trees. */
export interface BankConnectElementEventMap {
  /** About to ask the broker; `preventDefault()` stops it. */
  'bankconnect:connecting': CustomEvent<{ provider: string }>;
  /** Where `rest` is not empty, the next press asks for those scopes. */
  'bankconnect:connected': CustomEvent<ConnectResult>;
  'bankconnect:failed': CustomEvent<BankConnectError>;
  /** The person said no, closed the window or pressed cancel. */
  'bankconnect:cancelled': CustomEvent<BankConnectError>;
}

declare global {
  interface GlobalEventHandlersEventMap extends BankConnectElementEventMap {}
}
