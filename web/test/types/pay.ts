// What the types of `pay` allow, and what they refuse; checked by `npm run check`, never run.

import type { BankConnection, PaymentOrder } from 'bankconnect';

declare const connection: BankConnection;
declare const order: PaymentOrder;

export async function paid(): Promise<void> {
  const result = await connection.pay(order, { appState: { invoice: 7 }, mode: 'popup' });
  // @ts-expect-error nobody knows what an app has put there
  const invoice: number = result.appState.invoice;
  const { invoice: found } = result.appState as { invoice: number };
  // @ts-expect-error it is the app's, and comes back as it was
  result.appState = {};
  await result.resume({ appState: found });
  const [first] = await connection.payments();
  // @ts-expect-error the broker does not know it
  void first?.appState;
  // @ts-expect-error an order has to be there
  await connection.pay();
  void invoice;
}
