//! Codes of the authorization server (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, COBS 2.0 chapter 1.4.7).

use super::Words;

pub(super) static OAUTH: [Words; 15] = [
    Words {
        code: "access_denied",
        operator: "The person or the bank said no.",
        cs: "Banka nebo vy jste připojení odmítli. Můžete začít znovu.",
        en: "You or the bank refused the connection. You can start again.",
    },
    Words {
        code: "insufficient_scope",
        operator: "The token lacks the scope of this call; let the person connect with that scope.",
        cs: "Souhlas toto nezahrnuje. Připojte banku znovu a souhlas rozšiřte.",
        en: "The consent does not cover this. Connect again and widen it.",
    },
    Words {
        code: "invalid_client",
        operator: "The bank refuses client id, secret or certificate: check client_id, client_secret_file and the certificate.",
        cs: "Služba je u banky špatně nastavena. Obraťte se na podporu aplikace.",
        en: "The service is set up wrongly at the bank. Ask the app's support.",
    },
    Words {
        code: "invalid_grant",
        operator: "The code or refresh token is unknown, used, expired or another client's; the person connects again.",
        cs: "Přihlášení už neplatí. Připojte banku znovu.",
        en: "The login is no longer valid. Connect the bank again.",
    },
    Words {
        code: "invalid_redirect_uri",
        operator: "The redirect URI breaks the bank's rules for registration (absolute, no fragment, three at most).",
        cs: "Služba je u banky špatně nastavena. Obraťte se na podporu aplikace.",
        en: "The service is set up wrongly at the bank. Ask the app's support.",
    },
    Words {
        code: "invalid_request",
        operator: "The bank finds a parameter missing, wrong or doubled; compare redirect_uri with the registration.",
        cs: "Služba je u banky špatně nastavena. Obraťte se na podporu aplikace.",
        en: "The service is set up wrongly at the bank. Ask the app's support.",
    },
    Words {
        code: "invalid_scope",
        operator: "The application is not registered for this scope, or more than one was asked for.",
        cs: "Služba je u banky špatně nastavena. Obraťte se na podporu aplikace.",
        en: "The service is set up wrongly at the bank. Ask the app's support.",
    },
    Words {
        code: "invalid_token",
        operator: "The token is expired, revoked or malformed.",
        cs: "Přístup už neplatí. Připojte banku znovu.",
        en: "The access is no longer valid. Connect the bank again.",
    },
    Words {
        code: "server_error",
        operator: "The bank's authorization server failed; retry later, then ask the bank.",
        cs: "Banka má potíže. Zkuste to později.",
        en: "The bank is in trouble. Try later.",
    },
    Words {
        code: "temporarily_unavailable",
        operator: "The bank's authorization server is overloaded or under maintenance; retry later.",
        cs: "Banka je teď nedostupná. Zkuste to později.",
        en: "The bank is not available now. Try later.",
    },
    Words {
        code: "unauthorized",
        operator: "The bank does not accept the credentials of this call: check client, secret and certificate.",
        cs: "Služba je u banky špatně nastavena. Obraťte se na podporu aplikace.",
        en: "The service is set up wrongly at the bank. Ask the app's support.",
    },
    Words {
        code: "unauthorized_client",
        operator: "The application may not use this grant: check its registration.",
        cs: "Služba je u banky špatně nastavena. Obraťte se na podporu aplikace.",
        en: "The service is set up wrongly at the bank. Ask the app's support.",
    },
    Words {
        code: "unsupported_grant_type",
        operator: "The bank does not offer this grant at its token endpoint: check token_url.",
        cs: "Služba je u banky špatně nastavena. Obraťte se na podporu aplikace.",
        en: "The service is set up wrongly at the bank. Ask the app's support.",
    },
    Words {
        code: "unsupported_response_type",
        operator: "The bank does not offer the code flow at this address: check authorization_url.",
        cs: "Služba je u banky špatně nastavena. Obraťte se na podporu aplikace.",
        en: "The service is set up wrongly at the bank. Ask the app's support.",
    },
    Words {
        code: "unsupported_token_type",
        operator: "The bank does not revoke this type of token.",
        cs: "Banka přístup nezrušila. Zrušte ho prosím přímo v bance.",
        en: "The bank did not withdraw the access. Please withdraw it there.",
    },
];
