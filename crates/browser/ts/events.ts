/** What the elements tell the page: types only. */

import type {
  BankConnectError,
  BankConnection,
  ConnectResult,
  PaymentOrder,
  PaymentResult,
  Receipt,
} from './index.js';

/** Events of `<bank-connect>`; they bubble and leave shadow trees. */
export interface BankConnectElementEventMap {
  /** About to ask the broker; `preventDefault()` stops it. */
  'bankconnect:connecting': CustomEvent<{ provider: string }>;
  /** Where `rest` is not empty, the next press asks for those scopes. */
  'bankconnect:connected': CustomEvent<ConnectResult>;
  'bankconnect:failed': CustomEvent<BankConnectError>;
  /** The person said no, closed the window or pressed cancel. */
  'bankconnect:cancelled': CustomEvent<BankConnectError>;
}

/** Events of `<bank-connections>`; they bubble and leave shadow trees. */
export interface BankConnectionsElementEventMap {
  /** About to renew a connection; `preventDefault()` leaves it to the page. */
  'bankconnect:renew': CustomEvent<BankConnection>;
  'bankconnect:connected': CustomEvent<ConnectResult>;
  'bankconnect:disconnected': CustomEvent<Receipt>;
  'bankconnect:failed': CustomEvent<BankConnectError>;
  'bankconnect:cancelled': CustomEvent<BankConnectError>;
}

/** Events of `<bank-pay>`; they bubble and leave shadow trees. */
export interface BankPayElementEventMap {
  /** About to send the order; `preventDefault()` stops it. */
  'bankconnect:paying': CustomEvent<PaymentOrder>;
  /** Settled, or signed and accepted by the bank. */
  'bankconnect:paid': CustomEvent<PaymentResult>;
  /** Rejected, cancelled at the bank, expired, or still unsigned. */
  'bankconnect:unpaid': CustomEvent<PaymentResult>;
  'bankconnect:failed': CustomEvent<BankConnectError>;
  /** The person pressed cancel. */
  'bankconnect:cancelled': CustomEvent<BankConnectError>;
}

declare global {
  interface GlobalEventHandlersEventMap
    extends BankConnectElementEventMap,
      BankConnectionsElementEventMap,
      BankPayElementEventMap {}
}
