// The npm package openid-client from the login to the revocation, used as its manual says.
//
// node openid-client.mjs basic|post: how the client authenticates at the token endpoint.

import assert from 'node:assert/strict';
import { argv } from 'node:process';
import * as oauth from 'openid-client';
import * as bank from './bank.mjs';
import { walk } from './person.mjs';

const METHODS = { basic: oauth.ClientSecretBasic, post: oauth.ClientSecretPost };
const method = argv[2];

function configured(authentication) {
  const config = new oauth.Configuration(bank.metadata, bank.clientId, {}, authentication);
  config[oauth.customFetch] = bank.mutualFetch;
  return config;
}

const config = configured(METHODS[method](bank.clientSecret));
// the revocation endpoint of Web Flow takes Basic, whatever the token endpoint is given
const revoker = method === 'basic' ? config : configured(bank.plainBasic);

const accounts = (token) =>
  oauth.fetchProtectedResource(
    config,
    token,
    bank.accountsUrl,
    'GET',
    undefined,
    bank.cobsHeaders(),
  );

const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
const expectedState = oauth.randomState();
const callback = await walk(
  oauth.buildAuthorizationUrl(config, {
    redirect_uri: bank.redirectUri,
    scope: 'aisp',
    state: expectedState,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  }),
);

const first = await oauth.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier,
  expectedState,
});
assert.equal(first.token_type, 'bearer');
assert.equal(first.scope, 'aisp');
assert.ok(first.expiresIn() > 200, `expires in ${first.expiresIn()} s`);
await bank.assertAccounts(await accounts(first.access_token));

const known = await oauth.tokenIntrospection(config, first.access_token);
assert.equal(known.active, true);
assert.equal(known.client_id, bank.clientId);

const second = await oauth.refreshTokenGrant(config, first.refresh_token);
assert.notEqual(second.access_token, first.access_token);
await bank.assertAccounts(await accounts(second.access_token));

await oauth.tokenRevocation(revoker, second.refresh_token);
await assert.rejects(accounts(second.access_token), { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' });
