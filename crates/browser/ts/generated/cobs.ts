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
 * A bank on either side of a transaction.
 */
export type Agent = {
/**
 * Which bank.
 */
financialInstitutionIdentification?: Institution | null, };

/**
 * An amount of money; never negative, the direction stands beside it.
 */
export type Amount = {
/**
 * The magnitude, with at most two decimals in most currencies.
 */
value: NumberOrText,
/**
 * ISO 4217, e.g. `CZK`.
 */
currency: string, };

/**
 * An amount in the standard's wrapping.
 */
export type AmountBox = {
/**
 * The amount.
 */
amount?: Amount | null, };

/**
 * Amounts in other currencies.
 */
export type AmountDetails = {
/**
 * As ordered.
 */
instructedAmount?: AmountBox | null,
/**
 * Total with cashback.
 */
transactionAmount?: AmountBox | null,
/**
 * After conversion.
 */
counterValueAmount?: CounterValue | null,
/**
 * Cashback.
 */
proprietaryAmount?: ProprietaryAmount | null, };

/**
 * One balance of an account.
 */
export type Balance = {
/**
 * Which balance it is.
 */
type?: BalanceType | null,
/**
 * An agreed overdraft.
 */
creditLine?: CreditLine | null,
/**
 * The magnitude.
 */
amount: Amount,
/**
 * Its sign.
 */
creditDebitIndicator: CreditDebit,
/**
 * The moment it was true.
 */
date?: BalanceDate | null, };

/**
 * Code of a balance.
 */
export type BalanceCode = {
/**
 * `CLAV` available, `PRCD` opening, `CLBD` closing booked, `ITBD` interim booked.
 */
code: string, };

/**
 * When a balance was true.
 */
export type BalanceDate = {
/**
 * A date or a date with time (ISO 8601).
 */
dateTime: string, };

/**
 * Wrapping of the code as the standard has it.
 */
export type BalanceType = {
/**
 * Holds the code.
 */
codeOrProprietary: BalanceCode, };

/**
 * Kind of a movement.
 */
export type BankTransactionCode = {
/**
 * A code of the Czech Banking Association's list.
 */
proprietary?: ProprietaryCode | null, };

/**
 * Charges of a foreign payment.
 */
export type Charges = {
/**
 * `OUR`, `SHA`, `BEN`, or `DEBT`, `CRED`, `SHAR`, `SLEV`.
 */
bearer?: string | null, };

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
 * A converted amount.
 */
export type CounterValue = {
/**
 * The amount.
 */
amount?: Amount | null,
/**
 * The conversion.
 */
currencyExchange?: CurrencyExchange | null, };

/**
 * Which way money went, or the sign of a balance.
 */
export type CreditDebit = "CRDT" | "DBIT";

/**
 * An agreed overdraft.
 */
export type CreditLine = {
/**
 * Whether the balance counts it in.
 */
included: boolean,
/**
 * Its size.
 */
amount?: Amount | null, };

/**
 * Variable, specific and constant symbol.
 */
export type CreditorReference = {
/**
 * `VS:`, `SS:`, `KS:` and up to ten digits each.
 */
reference?: OneOrMany | null, };

/**
 * A conversion.
 */
export type CurrencyExchange = {
/**
 * From (ISO 4217).
 */
sourceCurrency?: string | null,
/**
 * To (ISO 4217).
 */
targetCurrency?: string | null,
/**
 * Rate.
 */
exchangeRate?: NumberOrText | null, };

/**
 * A date or a date with time (ISO 8601); banks send both in the same place, and offsets such as
 * `+01` without minutes, so it stays text.
 */
export type DateBox = {
/**
 * `2024-01-05` or `2024-01-05T00:00:00.0+01:00`.
 */
date: string, };

/**
 * Details of a movement.
 */
export type EntryDetails = {
/**
 * As the standard's text has it. Every example has an object here; the table announces an
 * array, of which the first would count.
 */
transactionDetails?: TransactionDetails | null,
/**
 * Numbers that people and banks gave it.
 */
references?: References | null,
/**
 * Amounts in other currencies.
 */
amountDetails?: AmountDetails | null,
/**
 * Who pays the charges of a foreign payment.
 */
charges?: Charges | null,
/**
 * The two sides.
 */
relatedParties?: RelatedParties | null,
/**
 * Their banks.
 */
relatedAgents?: RelatedAgents | null,
/**
 * Purpose of the payment.
 */
purpose?: Purpose | null,
/**
 * Message and symbols.
 */
remittanceInformation?: RemittanceInformation | null,
/**
 * Free text of the bank.
 */
additionalTransactionInformation?: string | null, };

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
 * A number that some banks write as text, which also keeps every decimal.
 */
export type NumberOrText = number | string;

/**
 * One value or an array of them.
 */
export type OneOrMany = string | Array<string>;

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
 * An amount of a kind of its own.
 */
export type ProprietaryAmount = {
/**
 * `CASHBACK`
 */
type?: string | null,
/**
 * The amount.
 */
amount?: Amount | null, };

/**
 * A code and whose it is.
 */
export type ProprietaryCode = {
/**
 * E.g. `10000101000`, an outgoing domestic payment.
 */
code: TextOrNumber,
/**
 * `CBA`
 */
issuer?: string | null, };

/**
 * A party of a kind of its own.
 */
export type ProprietaryParty = {
/**
 * Kind.
 */
type?: string | null,
/**
 * The party.
 */
party?: Party | null, };

/**
 * Purpose of a payment: a code or free text.
 */
export type Purpose = {
/**
 * ISO 20022 code.
 */
code?: string | null,
/**
 * Free text.
 */
proprietary?: string | null, };

/**
 * Numbers of a payment.
 */
export type References = {
/**
 * The client's label.
 */
messageIdentification?: string | null,
/**
 * The bank's reference.
 */
accountServicerReference?: string | null,
/**
 * A further bank reference; card sequence or specific symbol.
 */
paymentInformationIdentification?: string | null,
/**
 * From a third party, or the constant symbol.
 */
instructionIdentification?: string | null,
/**
 * End-to-end reference, or the variable symbol.
 */
endToEndIdentification?: string | null,
/**
 * SEPA direct debit mandate.
 */
mandateIdentification?: string | null,
/**
 * Cheque number or masked card.
 */
chequeNumber?: string | null,
/**
 * Payment type code or card scheme.
 */
clearingSystemReference?: string | null,
/**
 * Id of the payment's initiation (COBS 7.0).
 */
paymentId?: string | null, };

/**
 * An entry: its text, or, in the OpenAPI file, another object with the register's name.
 */
export type RegisterEntry = string | NestedEntry;

/**
 * The banks of the two sides.
 */
export type RelatedAgents = {
/**
 * Of who paid.
 */
debtorAgent?: Agent | null,
/**
 * Of who was paid.
 */
creditorAgent?: Agent | null, };

/**
 * The sides of a payment; the counterparty's is filled.
 */
export type RelatedParties = {
/**
 * Who paid.
 */
debtor?: Party | null,
/**
 * From where.
 */
debtorAccount?: PartyAccount | null,
/**
 * On whose behalf.
 */
ultimateDebtor?: Party | null,
/**
 * Who was paid.
 */
creditor?: Party | null,
/**
 * To where.
 */
creditorAccount?: PartyAccount | null,
/**
 * For whom in the end.
 */
ultimateCreditor?: Party | null,
/**
 * A cash machine.
 */
proprietary?: ProprietaryParty | null, };

/**
 * What the person is to an account.
 */
export type Relationship = {
/**
 * The owner, or somebody who may dispose of it.
 */
isOwner?: boolean | null, };

/**
 * What the payer wrote to the payee.
 */
export type RemittanceInformation = {
/**
 * Message.
 */
unstructured?: string | null,
/**
 * Symbols.
 */
structured?: StructuredRemittance | null, };

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
 * Wrapping of the symbols as the standard has it.
 */
export type StructuredRemittance = {
/**
 * Holds the symbols.
 */
creditorReferenceInformation?: CreditorReference | null, };

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

/**
 * Text that some examples of the standard write as a bare number (transaction codes).
 */
export type TextOrNumber = string | number;

/**
 * One booked or blocked movement.
 */
export type Transaction = {
/**
 * The bank's number of the entry.
 */
entryReference?: string | null,
/**
 * In the currency of the account.
 */
amount: Amount,
/**
 * Which way the money went.
 */
creditDebitIndicator: CreditDebit,
/**
 * Whether it takes an earlier entry back.
 */
reversalIndicator?: boolean | null,
/**
 * `BOOK` booked, `PDNG` blocked.
 */
status?: string | null,
/**
 * When it was booked.
 */
bookingDate?: DateBox | null,
/**
 * From when it counts.
 */
valueDate?: DateBox | null,
/**
 * Until when a card payment stays blocked (COBS 7.0).
 */
holdExpiration?: DateBox | null,
/**
 * What kind of movement it is.
 */
bankTransactionCode?: BankTransactionCode | null,
/**
 * More, by kind.
 */
entryDetails?: EntryDetails | null, };

/**
 * Details of the payment behind a movement.
 */
export type TransactionDetails = {
/**
 * Numbers that people and banks gave it.
 */
references?: References | null,
/**
 * Amounts in other currencies.
 */
amountDetails?: AmountDetails | null,
/**
 * Who pays the charges of a foreign payment.
 */
charges?: Charges | null,
/**
 * The two sides.
 */
relatedParties?: RelatedParties | null,
/**
 * Their banks.
 */
relatedAgents?: RelatedAgents | null,
/**
 * Purpose of the payment.
 */
purpose?: Purpose | null,
/**
 * Message and symbols.
 */
remittanceInformation?: RemittanceInformation | null,
/**
 * Free text of the bank.
 */
additionalTransactionInformation?: string | null, };
