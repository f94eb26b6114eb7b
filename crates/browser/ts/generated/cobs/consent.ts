// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { AccountNumbers } from './account.js';

/**
 * What the consent opens of one account.
 */
export type AccountConsent = {
/**
 * Its numbers.
 */
identification?: AccountNumbers | null,
/**
 * E.g. `AISP.balances`, `AISP.transactions`, `PIS`; some banks write `AIS.`.
 */
accesses?: Array<string> | null,
/**
 * Until when.
 */
validUntil?: string | null, };

/**
 * The consent, with what it opens.
 */
export type Consents = {
/**
 * For withdrawing it.
 */
consentId: string,
/**
 * What it opens, by account.
 */
consents: Array<AccountConsent>, };
