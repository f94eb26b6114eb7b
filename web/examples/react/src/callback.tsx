/** Where the bank sends people back to: finishes what was begun, and goes on to the page. */

import { BankConnectError } from 'bankconnect';
import { useCallback, useEffect, useState } from 'react';
import { client } from './bank.ts';
import { ENDS, explain } from './words.ts';

export function Callback() {
  const [said, say] = useState('One moment…');
  const [mayRetry, setMayRetry] = useState(false);

  const finish = useCallback(async () => {
    setMayRetry(false);
    try {
      const [connected, paid] = await Promise.all([
        client.handleRedirect(),
        client.handlePayment(),
      ]);
      if (connected) location.replace('/');
      else say(paid ? ENDS[paid.status] : 'There is nothing left to do here.');
    } catch (error) {
      say(explain(error));
      setMayRetry(BankConnectError.is(error) && error.retryable);
    }
  }, []);

  useEffect(() => {
    finish(); // strict mode calls it twice; the broker is asked once
  }, [finish]);

  return (
    <>
      <h1>Back from your bank</h1>
      <p role="status">{said}</p>
      {mayRetry && (
        <p>
          <button type="button" onClick={finish}>
            Try again
          </button>
        </p>
      )}
      <p>
        <a href="/">Your money</a>
      </p>
    </>
  );
}
