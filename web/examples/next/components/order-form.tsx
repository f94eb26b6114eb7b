/** The form of a payment. What is wrong is said at the field, before anything is sent. */

import type { PaymentOrder } from 'bankconnect';
import { checkOrder } from 'bankconnect/order';
import { orderText } from 'bankconnect/order-texts';
import type { FormEvent } from 'react';
import type { Line } from './bank';

interface Props {
  readonly accounts: readonly Line[];
  /** Gets an order that can be sent. */
  readonly onOrder: (order: PaymentOrder) => void;
}

export function OrderForm({ accounts, onOrder }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const order = orderOf(new FormData(form));
    const { problems } = checkOrder(order);
    for (const problem of problems) {
      const [name = ''] = problem.field.split('.');
      const input = form.elements.namedItem(name) as HTMLInputElement | null;
      input?.setCustomValidity(orderText(problem, document.documentElement.lang));
    }
    if (form.reportValidity()) onOrder(order);
  };
  return (
    <form onSubmit={submit} onInput={({ currentTarget }) => clear(currentTarget)}>
      <label>
        From{' '}
        <select name="from">
          {accounts.map(
            ({ name, iban }) => iban && <option key={iban} value={iban} label={name} />,
          )}
        </select>
      </label>
      <label>
        To account <input name="to" required autoComplete="off" />
      </label>
      <label>
        Amount in CZK <input name="amount" required autoComplete="off" inputMode="decimal" />
      </label>
      <label>
        Message <input name="message" autoComplete="off" />
      </label>
      <button type="submit">Pay</button>
    </form>
  );
}

function orderOf(form: FormData): PaymentOrder {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const to = text('to');
  return {
    from: text('from'),
    to: /^[A-Z]{2}\d/i.test(to) ? { iban: to } : { account: to },
    amount: text('amount').replace(',', '.'),
    currency: 'CZK',
    message: text('message'),
  };
}

function clear(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll('input')) input.setCustomValidity('');
}
