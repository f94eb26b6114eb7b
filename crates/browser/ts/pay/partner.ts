/** The payee and the payee's bank, where the payment is not domestic. */

import { isBic } from './account.js';
import { type Notes, some } from './notes.js';
import type { Payee, PayeeAddress, PayeeBank, PaymentKind } from './types.js';

/** `creditorAgent` and `creditor`. */
export function partner(notes: Notes, to: Payee, bic: string | undefined, kind: PaymentKind) {
  const foreign = kind === 'non_eea';
  if (bic && !isBic(bic)) notes.refuse('to.bic', 'bic_form');
  const bank = bic ? { bic } : foreign && agent(notes, to.bank ?? {});
  if (!bank && kind !== 'sepa') notes.refuse('to.bic', 'required');
  const postalAddress = address(notes, 'to.address', to.address);
  if (foreign && !postalAddress) notes.refuse('to.address', 'required');
  return {
    creditorAgent: bank ? { financialInstitutionIdentification: bank } : undefined,
    creditor: { name: notes.text('to.name', notes.need('to.name', to.name), 70), postalAddress },
  };
}

function agent(notes: Notes, { name, address: given, clearing, other }: PayeeBank) {
  const identification = notes.text('to.bank.other', other, 35);
  return some({
    clearingSystemMemberIdentification: clearing && {
      clearingSystemIdentification: {
        code: notes.text('to.bank.clearing.system', clearing.system, 35),
      },
      memberIdentification: notes.text('to.bank.clearing.member', clearing.member, 35),
    },
    name: notes.text('to.bank.name', name, 70),
    postalAddress: address(notes, 'to.bank.address', given),
    other: identification && { identification },
  });
}

function address(notes: Notes, field: string, given: PayeeAddress = {}) {
  const part = (name: 'street' | 'building' | 'postCode' | 'town', most: number) =>
    notes.text(`${field}.${name}`, given[name], most);
  const lines = (given.lines ?? []).map((line, at) => notes.text(`${field}.lines.${at}`, line, 70));
  if (lines.length > 2) notes.refuse(`${field}.lines`, 'too_long');
  return some({
    streetName: part('street', 70),
    buildingNumber: part('building', 16),
    postCode: part('postCode', 16),
    townName: part('town', 35),
    country: notes.match(`${field}.country`, given.country, /^[A-Z]{2}$/, 'country_form'),
    addressLine: lines.length ? lines : undefined,
  });
}
