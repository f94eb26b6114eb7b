// The npm package oauth4webapi, which judges every answer by the letter of the RFCs: whether it takes
// the bank's good answers for good, and its refusals for what they are.
//
// node oauth4webapi.mjs flow|refusals

import assert from 'node:assert/strict';
import { argv } from 'node:process';
import * as oauth from 'oauth4webapi';
import * as bank from './bank.mjs';
import { walk } from './person.mjs';

const as = bank.metadata;
const client = { client_id: bank.clientId };
const options = { [oauth.customFetch]: bank.mutualFetch };

/** Sends a person to the bank; what came back, and what belongs to it. */
async function authorize(how) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: bank.redirectUri,
    scope: 'aisp',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { callback: await walk(url, how), state, verifier };
}

async function exchange(parameters, verifier) {
  const { redirectUri } = bank;
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    bank.plainBasic,
    parameters,
    redirectUri,
    verifier,
    options,
  );
  return oauth.processAuthorizationCodeResponse(as, client, response);
}

async function refresh(token, authentication = bank.plainBasic) {
  const response = await oauth.refreshTokenGrantRequest(as, client, authentication, token, options);
  return oauth.processRefreshTokenResponse(as, client, response);
}

async function introspect(token) {
  const response = await oauth.introspectionRequest(as, client, bank.plainBasic, token, options);
  return oauth.processIntrospectionResponse(as, client, response);
}

async function revoke(token) {
  const response = await oauth.revocationRequest(as, client, bank.plainBasic, token, options);
  return oauth.processRevocationResponse(response);
}

const accounts = (token) =>
  oauth.protectedResourceRequest(
    token,
    'GET',
    bank.accountsUrl,
    bank.cobsHeaders(),
    undefined,
    options,
  );

async function flow() {
  const { callback, state, verifier } = await authorize();
  const parameters = oauth.validateAuthResponse(as, client, callback, state);
  const first = await exchange(parameters, verifier);
  assert.equal(first.token_type, 'bearer');
  assert.equal(first.scope, 'aisp');
  await bank.assertAccounts(await accounts(first.access_token));

  const known = await introspect(first.access_token);
  assert.equal(known.active, true);
  assert.equal(known.client_id, client.client_id);

  const second = await refresh(first.refresh_token);
  assert.notEqual(second.access_token, first.access_token);
  await bank.assertAccounts(await accounts(second.access_token));

  await revoke(second.refresh_token);
  await assert.rejects(accounts(second.access_token), oauth.WWWAuthenticateChallengeError);
}

async function refusals() {
  const { callback: canceled, state: itsState } = await authorize({ cancel: true });
  assert.throws(
    () => oauth.validateAuthResponse(as, client, canceled, itsState),
    (thrown) =>
      thrown instanceof oauth.AuthorizationResponseError && thrown.error === 'access_denied',
  );

  const { callback, state, verifier } = await authorize();
  assert.throws(() => oauth.validateAuthResponse(as, client, callback, itsState), {
    code: 'OAUTH_INVALID_RESPONSE',
  });
  const parameters = oauth.validateAuthResponse(as, client, callback, state);
  const tokens = await exchange(parameters, verifier);
  await assert.rejects(exchange(parameters, verifier), refused('invalid_grant'));
  await assert.rejects(refresh('no-such-token'), refused('invalid_grant'));
  await assert.rejects(introspect('no-such-token'), refused('invalid_token'));

  const encoded = oauth.ClientSecretBasic(bank.clientSecret);
  await assert.rejects(
    refresh(tokens.refresh_token, encoded),
    (thrown) => thrown.status === 401 && thrown.cause[0].scheme === 'basic',
  );

  await revoke(tokens.access_token);
  await assert.rejects(refresh(tokens.refresh_token), refused('invalid_grant'));
  // not the 200 of RFC 7009, and no OAuth error either
  await assert.rejects(revoke(tokens.access_token), { code: 'OAUTH_RESPONSE_IS_NOT_CONFORM' });
}

/** An OAuth error in the body of a 400. */
const refused = (error) => (thrown) =>
  thrown instanceof oauth.ResponseBodyError && thrown.error === error && thrown.status === 400;

await { flow, refusals }[argv[2]]();
