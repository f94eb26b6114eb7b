// Made from the Rust crate `protocol` by tests/it/types.rs; do not edit.

/**
 * What became of the tokens at the bank on disconnect.
 */
export type AtBank = "revoked" | "pending" | "not_offered" | "shared" | "given_up";

/**
 * Who ended a connection, and why.
 */
export type Cause = "disconnected" | "renewed" | "session_ended" | "never_shown" | "operator";

/**
 * A version of the Czech Open Banking Standard (COBS), which says what the API offers.
 */
export type CobsVersion = "2.0" | "5.0";

/**
 * What to do next. The list only grows.
 */
export type Code = "invalid_request" | "authorization_expired" | "not_connected" | "reconnect" | "refused" | "cancelled" | "scope_missing" | "not_found" | "too_large" | "bank_refused" | "rate_limited" | "internal" | "bank_unavailable" | "outcome_unknown";

/**
 * How a connection to a provider is made.
 */
export type Connect = "authorization" | "prepared_token";

/**
 * Body of `POST /connections`: connect a sandbox that hands out tokens by name.
 */
export type ConnectPrepared = {
/**
 * Id of a provider whose `connect` is `prepared_token`.
 */
provider: string,
/**
 * One of the provider's `prepared_tokens`, e.g. `token-aisp`.
 */
token: string,
/**
 * One of the provider's `prepared_certificates`, e.g. `certificate-all`.
 */
certificate?: string, };

/**
 * One person's standing consent at one provider. Times are RFC 3339 in UTC.
 */
export type Connection = {
/**
 * Opaque id.
 */
id: string,
/**
 * The provider's id.
 */
provider: string,
/**
 * The provider's name for people.
 */
provider_name: string,
/**
 * Whether real money is behind it.
 */
environment: Environment,
/**
 * What the bank granted, e.g. `["aisp"]`.
 */
scopes: Array<string>,
/**
 * Whether data can be read now.
 */
status: Status,
/**
 * Why the person must connect again; `null` while `status` is `connected`.
 */
reason: Reason | null,
/**
 * When the person confirmed at the bank.
 */
connected_at: string,
/**
 * Until when data can be read without the person connecting again. With `status` `reconnect`
 * it has passed, unless access ended early (`ended_by_bank`, `lost_rotation`). `null` where
 * nothing ends it (sandbox).
 */
reconnect_by: string | null,
/**
 * When data was last read; `null` if never.
 */
last_used_at: string | null, };

/**
 * Answer to `GET /connections`.
 */
export type Connections = {
/**
 * Oldest first.
 */
connections: Array<Connection>, };

/**
 * Whether real money is behind a provider.
 */
export type Environment = "production" | "sandbox";

/**
 * Body of `POST /authorizations/callback`.
 */
export type FinishAuthorization = {
/**
 * Origin and path of the page the bank redirected to, without query and fragment.
 */
redirect_uri: string,
/**
 * The whole query of that page, as it stood in the address bar, without the leading `?`.
 * Nothing is filtered: the broker refuses duplicates itself (requirements B09, K11).
 */
query: string,
/**
 * The PKCE verifier kept since the start.
 */
code_verifier: string, };

/**
 * One order: a payment, a standing order or a batch. `A` is the bank's JSON.
 */
export type KeptOrder = {
/**
 * The `Idempotency-Key` it was entered with.
 */
key: string,
/**
 * Which resource was called, e.g. `/my/payments`.
 */
path: string,
/**
 * When it was sent, RFC 3339 in UTC.
 */
begun_at: string,
/**
 * What came of it.
 */
outcome: OrderOutcome,
/**
 * What the bank answered; `null` unless `outcome` is `answered`.
 */
answer: unknown, };

/**
 * Answer to `GET /connections/{id}/orders`.
 */
export type KeptOrders = {
/**
 * Those of the last 7 days, newest first, at most 50.
 */
orders: Array<KeptOrder>, };

/**
 * What is known of an order.
 */
export type OrderOutcome = "in_flight" | "answered" | "refused" | "unknown";

/**
 * Body of every error answer.
 */
export type Problem = {
/**
 * [`TYPE_PREFIX`] and the code.
 */
type: string,
/**
 * Short English sentence, the same for every problem of this code.
 */
title: string,
/**
 * The HTTP status, repeated.
 */
status: number,
/**
 * What to do next.
 */
code: Code,
/**
 * English sentence about this occurrence; never text from the bank.
 */
detail?: string,
/**
 * Id of the call, for the operator's log.
 */
request_id: string,
/**
 * Known codes of the bank's own answer, e.g. `["DT01"]`; only with `bank_refused`.
 */
bank_codes?: Array<string>,
/**
 * Seconds to wait; with `rate_limited` and sometimes `bank_unavailable`.
 */
retry_after?: number, };

/**
 * One configured environment of one bank, as `GET /providers` lists it.
 */
export type Provider = {
/**
 * Stable id, chosen by the operator, e.g. `cnb`.
 */
id: string,
/**
 * Name for people, e.g. `Česká národní banka`.
 */
name: string,
/**
 * ISO 3166-1 alpha-2 country of the bank, e.g. `CZ`.
 */
country: string,
/**
 * Whether real money is behind it.
 */
environment: Environment,
/**
 * How a connection is made.
 */
connect: Connect,
/**
 * Scopes the operator's licence and certificate cover here, e.g. `["aisp"]`.
 */
scopes: Array<string>,
/**
 * How many scopes one authorization may ask for; ČNB: 1.
 */
scopes_per_authorization: number,
/**
 * Origin of the bank's login pages; the browser navigates nowhere else. `null` when
 * `connect` is `prepared_token`.
 */
authorization_origin: string | null,
/**
 * The page that the bank sends people back to, also after they have signed a payment. `null` when
 * `connect` is `prepared_token`.
 */
redirect_uri: string | null,
/**
 * Names of prepared tokens; empty when `connect` is `authorization`.
 */
prepared_tokens: Array<string>,
/**
 * Names of certificates a prepared token may be paired with; may be empty.
 */
prepared_certificates: Array<string>,
/**
 * Version of the Czech Open Banking Standard that the bank's API speaks.
 */
cobs_version: CobsVersion,
/**
 * Days until the person has to connect again; `null` where nothing ends a connection.
 */
consent_days: number | null,
/**
 * Where the bank's picture is, below the broker's prefix; `null` where there is none.
 */
logo: string | null, };

/**
 * Answer to `GET /providers`.
 */
export type Providers = {
/**
 * In the order of the operator's configuration.
 */
providers: Array<Provider>, };

/**
 * Why a person must connect again.
 */
export type Reason = "consent_expired" | "access_expired" | "ended_by_bank" | "lost_rotation";

/**
 * Answer to `DELETE /connections/{id}` and `GET /receipts/{id}`: proof of the end, for the person and the auditor.
 * Times are RFC 3339 in UTC.
 */
export type Receipt = {
/**
 * The receipt's own id; `GET /receipts/{id}` tells its newest state.
 */
id: string,
/**
 * The id the connection had.
 */
connection: string,
/**
 * The provider's id.
 */
provider: string,
/**
 * What the bank had granted.
 */
scopes: Array<string>,
/**
 * When the connection began.
 */
connected_at: string,
/**
 * When it ended here. From then on nothing can be read through it.
 */
disconnected_at: string,
/**
 * Who ended it, and why.
 */
cause: Cause,
/**
 * What became of the tokens at the bank.
 */
at_bank: AtBank,
/**
 * When the bank said that it has forgotten the last of the tokens; `null` where it has not.
 */
acknowledged_at: string | null,
/**
 * How often the bank was asked.
 */
tries: number, };

/**
 * Answer to `GET /receipts`.
 */
export type Receipts = {
/**
 * Newest first, 100 at most.
 */
receipts: Array<Receipt>, };

/**
 * Body of `POST /authorizations`.
 */
export type StartAuthorization = {
/**
 * Id of a provider from `GET /providers`.
 */
provider: string,
/**
 * What to ask the person for, e.g. `["aisp"]`. ČNB takes exactly one per authorization.
 */
scopes: Array<string>,
/**
 * [`State`](crate::state::State) drawn by the browser.
 */
state: string,
/**
 * [`CodeChallenge`](crate::pkce::CodeChallenge) (S256) of the verifier the browser keeps.
 */
code_challenge: string, };

/**
 * Answer to `POST /authorizations`.
 */
export type StartedAuthorization = {
/**
 * Where to send the person; its origin is the provider's `authorization_origin`.
 */
authorization_url: string, };

/**
 * Whether data can be read through a connection now.
 */
export type Status = "connected" | "reconnect";
