/** `import type {} from 'bankconnect/react'`: TypeScript knows the elements in the JSX of React 19. */

import type { ClassAttributes, HTMLAttributes } from 'react';
import type { BankConnectElement, BankConnectElementEventMap } from './element.js';

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
  mode?: 'redirect' | 'popup' | undefined;
  locale?: string | undefined;
  'broker-url'?: string | undefined;
  'wasm-url'?: string | undefined;
  'auto-callback'?: boolean | undefined;
  client?: BankConnectElement['client'] | undefined;
  appState?: unknown;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'bank-connect': BankConnectProps;
    }
  }
}
