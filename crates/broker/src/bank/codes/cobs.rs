//! Codes that any resource may answer with (COBS 2.0 chapters 1.2.10 and 3; bank-api facts 15).

use super::Words;

pub(super) static ANY: [Words; 20] = [
    Words {
        code: "AC01",
        operator: "An account number is wrong in form or does not exist; the error's scope names the field.",
        cs: "Číslo účtu není správné. Zkontrolujte je prosím.",
        en: "The account number is not right. Please check it.",
    },
    Words {
        code: "AC09",
        operator: "The account is not held in this currency, or the bank does not support it.",
        cs: "Účet není veden v této měně.",
        en: "The account is not held in this currency.",
    },
    Words {
        code: "AC12",
        operator: "The type of this account does not allow the call.",
        cs: "Tento typ účtu to neumožňuje. Vyberte jiný účet.",
        en: "This kind of account does not allow it. Choose another one.",
    },
    Words {
        code: "AG01",
        operator: "The account owner has given no consent for this, or the bank forbids the transaction.",
        cs: "Banka k tomu nemá váš souhlas. Připojte banku znovu a souhlas udělte.",
        en: "The bank has no consent of yours for this. Connect again and give it.",
    },
    Words {
        code: "AM03",
        operator: "The currency is not allowed; the error's parameters may name the allowed one.",
        cs: "Tuto měnu zde použít nelze.",
        en: "This currency cannot be used here.",
    },
    Words {
        code: "AUTH_LIMIT_EXCEEDED",
        operator: "The bank's limit is used up: accesses without the person in a day, or this way of signing for this amount.",
        cs: "Limit banky je vyčerpán. Zkuste to později, nebo jiným způsobem.",
        en: "The bank's limit is used up. Try later, or another way.",
    },
    Words {
        code: "DT01",
        operator: "A date does not exist, is too far in the past or future, or is no business day; see scope and parameters.",
        cs: "Datum není platné, nebo je mimo povolené období.",
        en: "The date is not valid, or outside of what the bank allows.",
    },
    Words {
        code: "FF01",
        operator: "The body could not be read as JSON: report this as a defect.",
        cs: "Banka požadavku nerozuměla. Obraťte se na podporu aplikace.",
        en: "The bank did not understand the request. Ask the app's support.",
    },
    Words {
        code: "FIELD_INVALID",
        operator: "A field has an invalid value; the error's scope names it.",
        cs: "Některý údaj není správný. Zkontrolujte zadání.",
        en: "One of the entries is not right. Check them.",
    },
    Words {
        code: "FIELD_MISSING",
        operator: "A required field or header is missing; the error's scope names it.",
        cs: "Některý povinný údaj chybí. Doplňte ho prosím.",
        en: "A required entry is missing. Please fill it in.",
    },
    Words {
        code: "FORBIDDEN",
        operator: "Licence, certificate role or scope does not cover the call, or the token has expired: check `bankconnect cert inspect` and the scopes.",
        cs: "Služba k tomu u banky nemá oprávnění. Obraťte se na podporu aplikace.",
        en: "The service has no permission for this at the bank. Ask the app's support.",
    },
    Words {
        code: "ID_NOT_FOUND",
        operator: "The bank knows no account or order of this id, or the consent does not cover it.",
        cs: "Banka takový účet nebo příkaz nezná, nebo k němu nemá váš souhlas.",
        en: "The bank does not know such an account or order, or has no consent of yours for it.",
    },
    Words {
        code: "NARR",
        operator: "The bank gives a reason in words; see its message in its own log or ask it, with the request id.",
        cs: "Banka příkaz odmítla. Podrobnosti vám sdělí banka.",
        en: "The bank refused the order. It can tell you more.",
    },
    Words {
        code: "NOT_FOUND",
        operator: "The bank knows no such resource.",
        cs: "Banka takový záznam nezná.",
        en: "The bank knows no such record.",
    },
    Words {
        code: "NOT_IMPLEMENTED",
        operator: "The bank does not offer this optional resource.",
        cs: "Tuto službu banka nenabízí.",
        en: "The bank does not offer this.",
    },
    Words {
        code: "PAGE_NOT_FOUND",
        operator: "The page is beyond the end of the list.",
        cs: "Tato stránka výpisu neexistuje.",
        en: "There is no such page of the list.",
    },
    Words {
        code: "PARAMETER_INVALID",
        operator: "A query parameter or header is invalid or missing; the error's scope names it.",
        cs: "Některý údaj hledání není správný.",
        en: "One of the search values is not right.",
    },
    Words {
        code: "RR10",
        operator: "A text has characters outside of the allowed set, or a slash at its start, end or doubled.",
        cs: "Text obsahuje znaky, které banka nepřijímá. Pište bez diakritiky.",
        en: "A text has characters that the bank does not take. Write without accents.",
    },
    Words {
        code: "UNAUTHORISED",
        operator: "The bank accepts the token or the certificate no more: see /health/providers for the certificate.",
        cs: "Banka přístup neuznala. Zkuste to znovu, případně banku připojte znovu.",
        en: "The bank did not accept the access. Try again, or connect the bank again.",
    },
    Words {
        code: "UNSUPPORTED_MEDIA_TYPE",
        operator: "The bank did not accept the body's media type: report this as a defect.",
        cs: "Banka požadavku nerozuměla. Obraťte se na podporu aplikace.",
        en: "The bank did not understand the request. Ask the app's support.",
    },
];
