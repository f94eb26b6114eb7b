/** What is wrong with an order, in Czech and English, in plain words: for the fields of a form. */

import type { OrderProblem, OrderRule } from './pay/types.js';

type Texts = Readonly<Record<OrderRule, string>>;

const en: Texts = {
  required: 'Please fill this in.',
  iban_form: 'An IBAN starts with two letters and two digits, such as CZ69 0710….',
  iban_length: 'A Czech IBAN has 24 characters.',
  iban_checksum: 'There is a mistake in this IBAN. Please compare it with the invoice.',
  iban_country: 'Only a Czech account can pay.',
  account_form: 'Write the account as 19-2000145399/0800, or as an IBAN.',
  account_checksum: 'There is no such account number. Please compare it with the invoice.',
  same_account: 'This is the account that pays. Choose another one.',
  bic_form: 'A BIC has 8 or 11 characters, such as GIBACZPX.',
  amount_form: 'Write the amount as a number.',
  amount_decimals: 'At most two decimal places.',
  amount_range: 'This amount is too small or too large.',
  currency_form: 'Write the currency as three letters, such as CZK.',
  date_form: 'There is no such day.',
  date_past: 'This day has passed. Choose today or later.',
  unknown_word: 'Choose one of the choices.',
  unknown_field: 'A payment has no such field.',
  text_form: 'This must be text.',
  payee_form: 'Write the account of the payee.',
  symbol_form: 'At most ten digits, nothing else.',
  country_form: 'Write the country as two letters, such as CZ.',
  characters: 'Banks do not pass on these signs. Use letters, digits and / - ? : ( ) . , + only.',
  too_long: 'This is too long.',
  not_for_kind: 'This does not go with this kind of payment. Leave it empty.',
};

const cs: Texts = {
  required: 'Vyplňte prosím.',
  iban_form: 'IBAN začíná dvěma písmeny a dvěma číslicemi, například CZ69 0710….',
  iban_length: 'Český IBAN má 24 znaků.',
  iban_checksum: 'V tomto IBAN je chyba. Porovnejte ho prosím s fakturou.',
  iban_country: 'Platit lze jen z českého účtu.',
  account_form: 'Napište účet jako 19-2000145399/0800 nebo jako IBAN.',
  account_checksum: 'Takové číslo účtu neexistuje. Porovnejte ho prosím s fakturou.',
  same_account: 'Z tohoto účtu se platí. Vyberte jiný.',
  bic_form: 'BIC má 8 nebo 11 znaků, například GIBACZPX.',
  amount_form: 'Napište částku jako číslo.',
  amount_decimals: 'Nejvýše dvě desetinná místa.',
  amount_range: 'Tato částka je příliš malá nebo příliš velká.',
  currency_form: 'Napište měnu třemi písmeny, například CZK.',
  date_form: 'Takový den není.',
  date_past: 'Tento den už minul. Vyberte dnešek nebo pozdější den.',
  unknown_word: 'Vyberte jednu z možností.',
  unknown_field: 'Platba takový údaj nemá.',
  text_form: 'Toto musí být text.',
  payee_form: 'Napište účet příjemce.',
  symbol_form: 'Nejvýše deset číslic a nic jiného.',
  country_form: 'Napište zemi dvěma písmeny, například CZ.',
  characters: 'Tyto znaky banky nepředávají. Použijte jen písmena, číslice a / - ? : ( ) . , +.',
  too_long: 'Je to příliš dlouhé.',
  not_for_kind: 'K tomuto druhu platby to nepatří. Nechte to prázdné.',
};

/** What to tell a person at the field; English for a language that there are no words in. */
export function orderText({ rule }: Pick<OrderProblem, 'rule'>, language: string): string {
  return (/^cs\b/i.test(language) ? cs : en)[rule];
}
