// Connecting a sandbox that hands out tokens by name: pick a token, and a certificate if you like.

import type { Provider } from 'bankconnect';
import { asFailure, client } from '../bank.ts';
import { h, put } from '../dom.ts';
import { t } from '../i18n.ts';
import { freshPath, go } from '../router.ts';
import { badge } from './badge.ts';
import { failurePanel } from './failure.ts';

/** The form for one provider with prepared tokens. */
export function sandboxCard(provider: Provider, signal: AbortSignal): HTMLElement {
  const token = select(`token-${provider.id}`, provider.prepared_tokens);
  const certificate = select(
    `certificate-${provider.id}`,
    provider.prepared_certificates,
    t().sandboxDefault,
  );
  const submit = h('button', { type: 'submit', class: 'button' }, t().sandboxConnect);
  const problem = h('div', { class: 'problem' });
  const send = async (): Promise<void> => {
    put(problem);
    busy(submit, true);
    try {
      const chosen = certificate.value ? { certificate: certificate.value } : {};
      const made = await client().connectPrepared({
        provider: provider.id,
        token: token.value,
        ...chosen,
        signal,
      });
      go(freshPath(made.id));
    } catch (thrown) {
      put(problem, failurePanel(asFailure(thrown)));
    }
    busy(submit, false);
  };
  const form = h(
    'form',
    {
      class: 'fields',
      onsubmit: (event) => {
        event.preventDefault();
        void send();
      },
    },
    field(t().sandboxToken, token),
    provider.prepared_certificates.length > 0 && field(t().sandboxCertificate, certificate),
    submit,
  );
  const title = h('h2', {}, t().sandboxTitle, ' ', badge('sandbox'));
  const lead = h('p', { class: 'small' }, `${provider.name}. ${t().sandboxLead}`);
  return h('section', { class: 'card sandbox-card' }, title, lead, form, problem);
}

function busy(button: HTMLButtonElement, on: boolean): void {
  button.textContent = on ? t().sandboxBusy : t().sandboxConnect;
  button.setAttribute('aria-disabled', String(on));
}

function select(id: string, names: readonly string[], none?: string): HTMLSelectElement {
  const options = names.map((name) => h('option', { value: name }, name));
  return h('select', { id }, none !== undefined && h('option', { value: '' }, none), ...options);
}

function field(label: string, control: HTMLSelectElement): HTMLElement {
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control);
}
