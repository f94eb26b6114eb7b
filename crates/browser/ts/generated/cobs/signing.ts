// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { SignInfo, SignState } from './order.js';

/**
 * A method of signing. `USERAGENT_REDIRECT` in the bank's own pages, `SMS` by a code. A bank may have
 * more.
 */
export type AuthorizationType = 'USERAGENT_REDIRECT' | 'SMS' | (string & {});

/**
 * Fields of a form that is posted to the bank's page.
 */
export type FormData = {
/**
 * SAML request. The OpenAPI file calls it `url`.
 */
SAMLRequest?: string | null,
/**
 * Handed back. The OpenAPI file calls it `id`.
 */
relayState?: string | null, };

/**
 * Body of `POST …/sign/{signId}` (step II): a method is begun.
 */
export type SigningBeginRequest = {
/**
 * The method.
 */
authorizationType: string,
/**
 * Where the bank's pages send the person afterwards.
 */
redirectUrl?: string, };

/**
 * Answer of step II.
 */
export type SigningBegun = {
/**
 * The method.
 */
authorizationType?: AuthorizationType | null,
/**
 * The bank's page.
 */
href?: SigningPage | null,
/**
 * How it is opened: `GET`, or `POST` with `formData`.
 */
method?: string | null,
/**
 * Fields of the form to post.
 */
formData?: FormData | null,
/**
 * The signing.
 */
signInfo?: SignInfo | null, };

/**
 * Body of `PUT …/sign/{signId}` (step III): a method is ended, or its state asked for.
 */
export type SigningEndRequest = {
/**
 * The method.
 */
authorizationType: string,
/**
 * The code the person was sent.
 */
oneTimePassword?: string, };

/**
 * Body of `POST …/sign` (step 0) and `GET …/sign/{signId}` (step I): what can be chosen.
 */
export type SigningOffer = {
/**
 * Each a list of methods.
 */
scenarios?: Array<Array<AuthorizationType>> | null,
/**
 * The signing.
 */
signInfo: SignInfo, };

/**
 * A page of the bank.
 */
export type SigningPage = {
/**
 * Its address, opened as it stands.
 */
url?: string | null,
/**
 * Id of the call.
 */
id?: string | null, };

/**
 * Answer of step III.
 */
export type SigningProgress = {
/**
 * How far it is.
 */
state?: SignState | null,
/**
 * Ask again after so many milliseconds, while it is not at its end.
 */
pollInterval?: number | null, };
