/** What is connected, and a payment: runs in the browser, and on the server for the first HTML. */

'use client';

import 'bankconnect/element';
import type { PaymentResult } from 'bankconnect';
import type {} from 'bankconnect/react';
import { useCallback, useEffect, useState } from 'react';
import { type Bank, client, load } from './bank';
import { OrderForm } from './order-form';
import { Unfinished } from './unfinished';
import { ENDS, explain } from './words';

export function Home() {
  const [bank, setBank] = useState<Bank>();
  const [said, say] = useState('');

  /** Does something that may fail, and says so. */
  const attempt = useCallback(async (work: () => Promise<void>) => {
    say('');
    await work().catch((error) => say(explain(error)));
  }, []);
  const show = useCallback(() => attempt(async () => setBank(await load())), [attempt]);
  const pay = (payment: () => Promise<PaymentResult>) =>
    attempt(async () => {
      const result = await payment(); // by redirect the page is left, see callback.tsx
      setBank(await load());
      say(ENDS[result.status]);
    });

  useEffect(() => {
    show();
    // the back button brings the page back as it was
    const back = (event: PageTransitionEvent) => event.persisted && show();
    addEventListener('pageshow', back);
    return () => removeEventListener('pageshow', back);
  }, [show]);

  // `onbankconnect:connected` is for mode="popup"; by redirect the callback page comes back here
  const connect = { provider: 'cnb', client, 'onbankconnect:connected': show };
  return (
    <>
      <section id="accounts" aria-labelledby="accounts-title">
        <h2 id="accounts-title">Accounts</h2>
        {bank && !bank.accounts && <bank-connect {...connect} scopes="aisp" />}
        <ul>
          {bank?.accounts?.map(({ name, sum }) => (
            <li key={name}>
              <span>{name}</span> <span>{sum}</span>
            </li>
          ))}
        </ul>
      </section>
      <section id="payments" aria-labelledby="payments-title">
        <h2 id="payments-title">Pay</h2>
        {!bank?.accounts && <p>Connect your accounts first.</p>}
        {bank?.accounts && !bank.payer && (
          <bank-connect {...connect} scopes="pisp">
            Allow payments
          </bank-connect>
        )}
        <Unfinished
          payments={bank?.unfinished ?? []}
          onResume={(one) => pay(() => one.resume())}
          onForget={(one) => attempt(() => one.forget().then(show))}
        />
        {bank?.accounts && bank.payer && (
          <OrderForm
            accounts={bank.accounts}
            onOrder={(order) => pay(() => (bank.payer as NonNullable<Bank['payer']>).pay(order))}
          />
        )}
      </section>
      <p role="status">{said}</p>
    </>
  );
}
