// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

/**
 * One account of the person.
 */
export type Account = {
/**
 * The bank's id for this account in further calls; opaque, may change over time.
 */
id: string,
/**
 * Its numbers.
 */
identification: AccountNumbers,
/**
 * ISO 4217; missing for accounts in several currencies.
 */
currency?: string | null,
/**
 * The bank that keeps it.
 */
servicer?: Servicer | null,
/**
 * Name of the account.
 */
nameI18N?: string | null,
/**
 * Name of the product.
 */
productI18N?: string | null,
/**
 * What the person is to the account (COBS 7.0; its OpenAPI file writes `realtionship`).
 */
relationship?: Relationship | null,
/**
 * What the grant allows here, where the bank says it (COBS 7.0).
 */
suitableScope?: SuitableScope | null, };

/**
 * Numbers of an account in the account list.
 */
export type AccountNumbers = {
/**
 * International number (ISO 13616).
 */
iban?: string | null,
/**
 * Local number, e.g. `178124-4159`. A plain string here, an object elsewhere.
 */
other?: string | null, };

/**
 * What the person is to an account.
 */
export type Relationship = {
/**
 * The owner, or somebody who may dispose of it.
 */
isOwner?: boolean | null, };

/**
 * The bank that keeps an account.
 */
export type Servicer = {
/**
 * Local bank code, e.g. `0710`.
 */
bankCode?: string | null,
/**
 * ISO 3166-1 alpha-2.
 */
countryCode?: string | null,
/**
 * Business identifier code (ISO 9362).
 */
bic?: string | null, };

/**
 * Space-separated names of what may be called for an account; empty: everything.
 */
export type SuitableScope = {
/**
 * Account information.
 */
AISP?: string | null,
/**
 * Payments.
 */
PISP?: string | null,
/**
 * Balance checks for card issuers.
 */
CISP?: string | null, };
