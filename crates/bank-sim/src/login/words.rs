//! What the pages say, in Czech and English.

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Czech,
    English,
}

impl Language {
    /// The preferred language of an `Accept-Language` header (RFC 9110, 12.5.4); Czech by default.
    pub(crate) fn accepted(header: &str) -> Self {
        let ranges = header.split(',').filter_map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
            let language = Self::named(tag.trim().get(..2)?)?;
            let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
            weight.ok().map(|weight| (weight, language))
        });
        let best = ranges.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map_or(Self::Czech, |(_, language)| language)
    }

    /// The language of a two-letter code.
    pub(super) fn named(code: &str) -> Option<Self> {
        match code.to_ascii_lowercase().as_str() {
            // Slovak readers are better served by Czech
            "cs" | "sk" => Some(Self::Czech),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The code of the language.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Czech => "cs",
            Self::English => "en",
        }
    }

    /// How long something lasts at most, in whole days.
    pub(super) fn at_most(self, days: u64) -> String {
        match (self, days) {
            (Self::Czech, 0) => "méně než den".to_owned(),
            (Self::Czech, 1) => "nejdéle 1 den".to_owned(),
            (Self::Czech, 2..=4) => format!("nejdéle {days} dny"),
            (Self::Czech, _) => format!("nejdéle {days} dní"),
            (Self::English, 0) => "less than a day".to_owned(),
            (Self::English, 1) => "at most 1 day".to_owned(),
            (Self::English, _) => format!("at most {days} days"),
        }
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::Czech => &CZECH,
            Self::English => &ENGLISH,
        }
    }
}

macro_rules! words {
    ($($name:ident: $czech:literal, $english:literal;)*) => {
        /// All texts of the pages.
        pub(super) struct Words { $(pub(super) $name: &'static str,)* }
        const CZECH: Words = Words { $($name: $czech,)* };
        const ENGLISH: Words = Words { $($name: $english,)* };
    };
}

words! {
    bank: "Česká zkušební banka", "Czech Test Bank";
    simulator: "Simulátor: žádná skutečná banka, žádné skutečné peníze.",
        "Simulator: no real bank, no real money.";
    skip: "Přejít k obsahu", "Skip to content";
    other_language: "English", "Čeština";
    progress: "Kroky přihlášení", "Login steps";
    step_login: "Přihlášení", "Log in";
    step_sms: "Kód z SMS", "SMS code";
    step_accounts: "Účty", "Accounts";
    step_consent: "Souhlas", "Consent";
    error_prefix: "Chyba", "Error";
    error_title: "Zkontrolujte prosím", "Please check";
    proceed: "Pokračovat", "Continue";
    cancel: "Zrušit a vrátit se do aplikace", "Cancel and return to the app";
    asks: "O přístup k vašim účtům žádá", "Access to your accounts is requested by";
    licence: "licence", "licence";
    unregistered: "neregistrovaná aplikace", "unregistered application";
    login_title: "Přihlaste se do banky", "Log in to your bank";
    username: "Uživatelské jméno", "User name";
    password: "Heslo", "Password";
    hint_title: "Nápověda simulátoru", "Simulator hint";
    hint_text: "Můžete se přihlásit jako kdokoli z těchto zákazníků:",
        "You can log in as any of these customers:";
    customer: "Zákazník", "Customer";
    wrong_login: "Uživatelské jméno nebo heslo nesouhlasí.",
        "The user name or password is not right.";
    tries_left: "Zbývá pokusů:", "Tries left:";
    sms_title: "Opište kód z SMS", "Enter the code from the SMS";
    sms_intro: "Na váš telefon jsme poslali zprávu s osmimístným kódem.",
        "We have sent a message with an eight-digit code to your phone.";
    sms_again: "Poslali jsme vám další zprávu s novým kódem. Předchozí kód už neplatí.",
        "We have sent you another message with a new code. The previous code is no longer valid.";
    sms_code: "Kód z SMS", "SMS code";
    no_sms: "Zpráva nepřišla?", "No message yet?";
    resend: "Poslat kód znovu", "Send the code again";
    too_soon: "Další zprávu můžeme poslat nejdříve minutu po předchozí.",
        "We can send another message one minute after the last one at the earliest.";
    seconds_left: "Zbývá sekund:", "Seconds left:";
    wrong_sms: "Kód nesouhlasí. Opište osm číslic ze zprávy.",
        "The code is not right. Enter the eight digits of the message.";
    phone_title: "Telefon (simulace)", "Phone (simulated)";
    phone_intro: "Sem přicházejí kódy všem zákazníkům banky. Nejnovější zpráva je nahoře, stránka se obnovuje sama.",
        "The codes of all customers of the bank come here. The newest message is on top; the page refreshes itself.";
    phone_messages: "Zprávy", "Messages";
    phone_none: "Zatím žádná zpráva nepřišla.", "No message has come yet.";
    phone_reload: "Načíst znovu", "Load again";
    phone_away: "Banka neodpovídá. Zkoušíme to dál.", "The bank does not answer. We keep trying.";
    phone: "Váš telefon (simulace)", "Your phone (simulated)";
    sms_message: "Přihlášení do banky. Nikomu kód nesdělujte. Kód:",
        "Bank login. Do not share this code with anybody. Code:";
    accounts_title: "Vyberte účty", "Choose accounts";
    accounts_intro: "Aplikace uvidí jen účty, které zaškrtnete.",
        "The app will see only the accounts you tick.";
    accounts_legend: "Účty, které zpřístupníte", "Accounts to share";
    no_accounts: "Vyberte alespoň jeden účet.", "Choose at least one account.";
    consent_title: "Souhlas s přístupem", "Consent to access";
    who: "Kdo", "Who";
    what: "Co smí", "What it may do";
    which: "Účty", "Accounts";
    how_long: "Jak dlouho", "How long";
    may_read: "číst zůstatky a historii transakcí", "read balances and transaction history";
    may_pay: "zadávat platby, každou potvrdíte zvlášť, a ověřit, zda na ně stačí zůstatek",
        "initiate payments, each confirmed by you, and check that the balance covers them";
    withdraw: "Souhlas můžete kdykoli odvolat v aplikaci nebo v bance.",
        "You can withdraw the consent at any time in the app or at the bank.";
    agree: "Souhlasím s tímto přístupem", "I agree to this access";
    agree_button: "Potvrdit souhlas", "Confirm consent";
    no_consent: "Bez zaškrtnutí souhlasu nelze pokračovat.",
        "Tick the consent to continue.";
    patience: "Po pěti minutách bez činnosti přihlášení skončí.",
        "The login ends after five minutes without action.";
    warning: "Nebudete-li pokračovat, přihlášení do minuty skončí.",
        "Unless you continue, the login ends within a minute.";
    stay: "Prodloužit přihlášení", "Stay signed in";
    stayed: "Přihlášení trvá dál, máte dalších pět minut.",
        "You are still signed in, for another five minutes.";
    failure_title: "Přihlášení nelze dokončit", "The login cannot be completed";
    failure_text: "Vraťte se prosím do aplikace, ze které jste přišli, a zkuste to znovu.",
        "Please return to the app you came from and try again.";
    failure_cause: "Příčina:", "Cause:";
    home_title: "Tady bydlí simulátor banky", "A bank simulator lives here";
    home_text: "Přihlášení začíná v aplikaci, která se chce připojit k účtům.",
        "A login starts in an app that wants to connect to accounts.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(Language::accepted("en-GB,en;q=0.9,cs;q=0.8"), Language::English);
        assert_eq!(Language::accepted("de,cs;q=0.5,en;q=0.7"), Language::English);
        assert_eq!(Language::accepted("sk"), Language::Czech);
        assert_eq!(Language::accepted(""), Language::Czech);
        assert_eq!(Language::accepted("é,*;q=x"), Language::Czech);
    }
}
