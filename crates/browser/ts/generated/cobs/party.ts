// Made from the Rust crate `cobs` by tests/it/types.rs; do not edit.

import type { OneOrMany } from './lenient.js';

/**
 * A bank on either side of a transaction.
 */
export type Agent = {
/**
 * Which bank.
 */
financialInstitutionIdentification?: Institution | null, };

/**
 * Membership in a clearing system.
 */
export type ClearingMember = {
/**
 * Which system.
 */
clearingSystemIdentification?: ClearingSystem | null,
/**
 * Number of the member.
 */
memberIdentification?: string | null, };

/**
 * A clearing system: a code or free text.
 */
export type ClearingSystem = {
/**
 * From a code list, or the local bank code.
 */
code?: string | null,
/**
 * Free text.
 */
proprietary?: string | null,
/**
 * Number of the member; the OpenAPI file puts it here.
 */
memberIdentification?: string | null, };

/**
 * A bank.
 */
export type Institution = {
/**
 * Business identifier code.
 */
bic?: string | null,
/**
 * Membership in a clearing system.
 */
clearingSystemMemberIdentification?: ClearingMember | null,
/**
 * Name.
 */
name?: string | null,
/**
 * Address.
 */
postalAddress?: PostalAddress | null,
/**
 * Local bank code.
 */
other?: OtherAccount | null, };

/**
 * An entry with its register, as the OpenAPI file nests it.
 */
export type NestedEntry = {
/**
 * The entry.
 */
identification?: string | null,
/**
 * Which register.
 */
schemeName?: SchemeName | null,
/**
 * Who keeps it.
 */
issuer?: string | null, };

/**
 * Identification of an organisation.
 */
export type Organisation = {
/**
 * Business identifier code.
 */
bicOrBei?: string | null,
/**
 * Another register.
 */
other?: OtherIdentification | null, };

/**
 * A local account number; an object here, a string in the account list.
 */
export type OtherAccount = {
/**
 * The number.
 */
identification?: string | null, };

/**
 * An entry in some register.
 */
export type OtherIdentification = {
/**
 * The entry.
 */
identification?: RegisterEntry | null,
/**
 * Which register.
 */
schemeName?: SchemeName | null,
/**
 * Who keeps it.
 */
issuer?: string | null, };

/**
 * A person or an organisation.
 */
export type Party = {
/**
 * Name.
 */
name?: string | null,
/**
 * Address.
 */
postalAddress?: PostalAddress | null,
/**
 * Official identification.
 */
identification?: PartyIdentification | null, };

/**
 * An account on either side of a transaction.
 */
export type PartyAccount = {
/**
 * Its numbers.
 */
identification?: PartyAccountNumbers | null,
/**
 * ISO 4217.
 */
currency?: string | null,
/**
 * Name of the account.
 */
name?: string | null, };

/**
 * Numbers of an account outside the account list.
 */
export type PartyAccountNumbers = {
/**
 * International number (ISO 13616).
 */
iban?: string | null,
/**
 * Local number.
 */
other?: OtherAccount | null, };

/**
 * Official identification; one of the two.
 */
export type PartyIdentification = {
/**
 * Of an organisation.
 */
organisationIdentification?: Organisation | null,
/**
 * Of a person.
 */
privateIdentification?: Person | null, };

/**
 * Identification of a person.
 */
export type Person = {
/**
 * A register.
 */
other?: OtherIdentification | null, };

/**
 * A postal address.
 */
export type PostalAddress = {
/**
 * Street.
 */
streetName?: string | null,
/**
 * House number.
 */
buildingNumber?: string | null,
/**
 * Postal code.
 */
postCode?: string | null,
/**
 * Town.
 */
townName?: string | null,
/**
 * ISO 3166-1 alpha-2.
 */
country?: string | null,
/**
 * Lines of an unstructured address; one string or an array.
 */
addressLine?: OneOrMany | null, };

/**
 * An entry: its text, or, in the OpenAPI file, another object with the register's name.
 */
export type RegisterEntry = string | NestedEntry;

/**
 * Name of a register: a code or free text.
 */
export type SchemeName = {
/**
 * From a code list.
 */
code?: string | null,
/**
 * Free text.
 */
proprietary?: string | null,
/**
 * Who keeps it; examples of the standard put it here.
 */
issuer?: string | null, };
