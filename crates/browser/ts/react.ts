/** `import type {} from 'bankconnect/react'`: TypeScript knows the elements in the JSX of React 19. */

import type { ClassAttributes, HTMLAttributes } from 'react';
import type {
  BankConnectionsElement,
  BankConnectionsElementEventMap,
} from './connections-element.js';
import type { BankConnectElement, BankConnectElementEventMap } from './element.js';
import type { BankPayElement, BankPayElementEventMap } from './pay-element.js';

/** React 19 listens to an event by a prop of `on` and its name. */
type Listeners<Events> = {
  [Name in keyof Events as `on${Name & string}`]?: (event: Events[Name]) => void;
};

/** What `<bank-connect>` takes: its attributes, its properties, and listeners to its events. */
export interface BankConnectProps
  extends ClassAttributes<BankConnectElement>,
    HTMLAttributes<BankConnectElement>,
    Listeners<BankConnectElementEventMap> {
  provider?: string | undefined;
  scopes?: string | undefined;
  connection?: string | undefined;
  mode?: 'redirect' | 'popup' | undefined;
  locale?: string | undefined;
  'broker-url'?: string | undefined;
  'wasm-url'?: string | undefined;
  'auto-callback'?: boolean | undefined;
  client?: BankConnectElement['client'] | undefined;
  appState?: unknown;
  texts?: BankConnectElement['texts'] | undefined;
}

/** What `<bank-connections>` takes. */
export interface BankConnectionsProps
  extends ClassAttributes<BankConnectionsElement>,
    HTMLAttributes<BankConnectionsElement>,
    Listeners<BankConnectionsElementEventMap> {
  mode?: 'redirect' | 'popup' | undefined;
  rows?: number | undefined;
  locale?: string | undefined;
  'broker-url'?: string | undefined;
  'wasm-url'?: string | undefined;
  client?: BankConnectionsElement['client'] | undefined;
  texts?: BankConnectionsElement['texts'] | undefined;
}

/** What `<bank-pay>` takes. */
export interface BankPayProps
  extends ClassAttributes<BankPayElement>,
    HTMLAttributes<BankPayElement>,
    Listeners<BankPayElementEventMap> {
  connection?: string | undefined;
  mode?: 'redirect' | 'popup' | undefined;
  locale?: string | undefined;
  'broker-url'?: string | undefined;
  'wasm-url'?: string | undefined;
  'auto-callback'?: boolean | undefined;
  order?: BankPayElement['order'] | undefined;
  client?: BankPayElement['client'] | undefined;
  redirectUrl?: BankPayElement['redirectUrl'];
  texts?: BankPayElement['texts'] | undefined;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'bank-connect': BankConnectProps;
      'bank-connections': BankConnectionsProps;
      'bank-pay': BankPayProps;
    }
  }
}
