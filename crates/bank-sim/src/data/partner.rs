//! The other side of payments: employers, landlords, utilities, shops, foreign firms. All made up,
//! their account numbers valid.

use super::iban::{BANK_CODE, BIC, Number};
use crate::random::Dice;

/// A counterparty.
#[derive(Clone, Debug)]
pub(crate) struct Partner {
    pub(crate) name: String,
    /// IBAN, or a foreign account number.
    pub(crate) account: String,
    /// The local form of a Czech account.
    pub(crate) local: Option<String>,
    /// `None` for a bank whose code the bank does not know.
    pub(crate) bic: Option<String>,
    pub(crate) town: Option<String>,
    pub(crate) country: String,
}

impl Partner {
    /// A firm or person at another Czech bank; the same name has the same account everywhere.
    pub(crate) fn czech(name: &str) -> Self {
        let mut dice = Dice::new(0, name);
        let (bank, bic) = *dice.pick(&BANKS);
        Self::at(name, &Number::roll(&mut dice, bank), bic)
    }

    /// The holder of `number`.
    pub(crate) fn at(name: &str, number: &Number, bic: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            account: number.iban(),
            local: Some(number.local()),
            bic: Some(bic.to_owned()),
            town: None,
            country: "CZ".to_owned(),
        }
    }

    /// One of the firms abroad.
    pub(crate) fn abroad(firm: &Abroad) -> Self {
        Self {
            name: firm.name.to_owned(),
            account: firm.account.to_owned(),
            local: None,
            bic: Some(firm.bic.to_owned()),
            town: Some(firm.town.to_owned()),
            country: firm.country.to_owned(),
        }
    }
}

/// The BIC of the Czech bank with that code, if it is known.
pub(crate) fn bic_of(bank: &str) -> Option<&'static str> {
    let ours = (BANK_CODE, BIC);
    let mut known = BANKS.iter().chain([&ours]).map(|(code, bic)| (*code, *bic));
    known.find(|(code, _)| *code == bank).map(|(_, bic)| bic)
}

const BANKS: [(&str, &str); 7] = [
    ("0100", "KOMBCZPP"),
    ("0300", "CEKOCZPP"),
    ("0600", "AGBACZPP"),
    ("0800", "GIBACZPX"),
    ("2010", "FIOBCZPP"),
    ("3030", "AIRACZPP"),
    ("5500", "RZBCCZPP"),
];

/// A firm abroad.
pub(crate) struct Abroad {
    name: &'static str,
    account: &'static str,
    bic: &'static str,
    town: &'static str,
    country: &'static str,
}

const fn firm(
    name: &'static str,
    account: &'static str,
    bic: &'static str,
    town: &'static str,
    country: &'static str,
) -> Abroad {
    Abroad { name, account, bic, town, country }
}

/// Payers and payees in the SEPA area.
pub(crate) const EUROPE: [Abroad; 4] = [
    firm("Alpenblick Verlag GmbH", "AT611904300234573201", "BKAUATWW", "Wien", "AT"),
    firm("Hansewolke Hosting GmbH", "DE89370400440532013000", "COBADEFF", "Hamburg", "DE"),
    firm("Dunajska Kreativa s.r.o.", "SK3112000000198742637541", "SUBASKBX", "Bratislava", "SK"),
    firm("Atelier du Lac SARL", "FR1420041010050500013M02606", "PSSTFRPP", "Annecy", "FR"),
];

/// Payers and payees elsewhere.
pub(crate) const OVERSEAS: [Abroad; 2] = [
    firm("Redwood Type Foundry Inc.", "US-4401-99283344", "CHASUS33", "Portland", "US"),
    firm("Thames Archive Ltd", "GB82WEST12345698765432", "NWBKGB2L", "London", "GB"),
];

/// Where groceries come from.
pub(crate) const GROCERS: [&str; 7] = [
    "POTRAVINY U LIPY, PRAHA 3",
    "VELKOTRH ZIZKOV, PRAHA 3",
    "ZELENY KRAM, PRAHA 2",
    "PEKARSTVI SVOBODOVA, PRAHA 2",
    "SAMOOBSLUHA NAMESTI, PRAHA 10",
    "FARMARSKE TRHY, PRAHA 6",
    "DISKONT SEVER, PRAHA 9",
];

/// Where people eat.
pub(crate) const TABLES: [&str; 6] = [
    "JIDELNA U MOSTU, PRAHA 1",
    "BISTRO KVASEK, PRAHA 2",
    "HOSPODA NA ROHU, PRAHA 3",
    "CUKRARNA MYSAK, PRAHA 1",
    "POLEVKARNA, PRAHA 7",
    "KAVARNA TRAM, PRAHA 5",
];

/// Where other money goes.
pub(crate) const SHOPS: [&str; 8] = [
    "LEKARNA U LVA, PRAHA 3",
    "KNIHY PAVLAC, PRAHA 1",
    "DROGERIE JISKRA, PRAHA 8",
    "CERPACI STANICE D1, JIHLAVA",
    "DOPRAVNI PODNIK, PRAHA",
    "KINO SVETOZAR, PRAHA 1",
    "OBUV KREJCI, PRAHA 1",
    "E-SHOP KUTIL.EXAMPLE",
];

/// Where holidays are paid.
pub(crate) const HOLIDAYS: [&str; 4] = [
    "KONZUM ROVINJ HR",
    "TRATTORIA DA NINO, TRIESTE IT",
    "HOTEL SEEBLICK, ZELL AM SEE AT",
    "PARKING PULA HR",
];

/// What is paid in euro over the net.
pub(crate) const SUBSCRIPTIONS: [&str; 5] = [
    "CLOUDSHELF.EXAMPLE, DUBLIN IE",
    "FONTWERK.EXAMPLE, BERLIN DE",
    "TRAINTICKETS.EXAMPLE, WIEN AT",
    "PHOTOPRINT.EXAMPLE, LEIPZIG DE",
    "MUSICSTREAM.EXAMPLE, STOCKHOLM SE",
];

#[cfg(test)]
mod tests {
    use super::super::iban::is_valid;
    use super::*;

    #[test]
    fn all_accounts_in_the_sepa_area_are_valid() {
        for firm in &EUROPE {
            assert!(is_valid(firm.account), "{}", firm.name);
        }
        assert!(is_valid(&Partner::czech("Bytové družstvo Lípa").account));
    }
}
