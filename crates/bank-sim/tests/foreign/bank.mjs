// What the clients of this folder are told about the bank, by the environment that ../it/foreign.rs
// sets. The bank announces nothing about itself, so its endpoints are written down here.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import { Agent, fetch } from 'undici';

const oauth = `${env.BANK_URL}/powerauth-webflow/oauth`;

export const clientId = env.CLIENT_ID;
export const clientSecret = env.CLIENT_SECRET;
export const redirectUri = env.REDIRECT_URI;
export const accountsUrl = new URL(`${env.BANK_URL}/psd2-cobs/cobs/2.0/my/accounts`);

export const metadata = {
  issuer: env.BANK_URL,
  authorization_endpoint: `${oauth}/authorize`,
  token_endpoint: `${oauth}/token`,
  introspection_endpoint: `${oauth}/check_token`,
  revocation_endpoint: `${oauth}/token/revoke`,
};

const connect = {
  ca: readFileSync(env.BANK_CA),
  cert: readFileSync(env.CLIENT_CERT),
  key: readFileSync(env.CLIENT_KEY),
};
const dispatcher = new Agent({ connect });

/** `fetch` with the client certificate. */
export const mutualFetch = (url, options) => fetch(url, { ...options, dispatcher });

/**
 * Basic authentication of a client as Web Flow takes it: as it stands. What RFC 6749 asks for
 * (section 2.3.1), and oauth4webapi does, encodes the hyphens of a UUID, and nobody decodes them.
 */
export function plainBasic(_server, { client_id }, _body, headers) {
  headers.set('authorization', `Basic ${btoa(`${client_id}:${clientSecret}`)}`);
}

/** The headers COBS wants at every call, new for each. */
export function cobsHeaders() {
  return new Headers({
    'content-type': 'application/json',
    date: new Date().toUTCString(),
    'tpp-name': 'Foreign',
    'user-involved': 'true',
    'user-ip-address': '192.0.2.7',
    'x-request-id': randomUUID(),
  });
}

/** A good answer of the accounts. */
export async function assertAccounts(response) {
  const body = await response.text();
  assert.equal(response.status, 200, body);
  assert.ok(JSON.parse(body).accounts.length > 0, body);
}
