//! Wrong settings refuse to start and name the key, its line and the fix; presets are the portal's.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use broker::config::{Access, Config, Finding, Invalid, Pkce, Provider};
use demo::{Options, World};
use protocol::provider::Environment;

use crate::common::{on_file, world};

pub(crate) fn parse(folder: &Path, text: &str) -> Result<Config, Invalid> {
    Config::parse(&folder.join("bankconnect.toml"), text, std::iter::empty())
}

pub(crate) fn written(world: &World) -> String {
    std::fs::read_to_string(world.folder.join("bankconnect.toml")).unwrap()
}

fn findings(folder: &Path, text: &str) -> Vec<Finding> {
    match parse(folder, text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(invalid) => invalid.findings,
    }
}

/// One wrong setting: what stands instead of what, which key is named, on which line, and words of
/// the complaint and of the fix.
pub(crate) struct Wrong<'a> {
    from: &'a str,
    to: &'a str,
    key: &'a str,
    line: &'a str,
    says: &'a str,
}

pub(crate) fn judge(world: &World, wrong: &Wrong<'_>) {
    let text = written(world).replacen(wrong.from, wrong.to, 1);
    assert!(text != written(world), "{} stands in the file", wrong.from);
    let all = findings(&world.folder, &text);
    let Some(finding) = all.iter().find(|finding| finding.key == wrong.key) else {
        panic!("{}: {:?}", wrong.to, all.iter().map(ToString::to_string).collect::<Vec<_>>());
    };
    let line = text.lines().position(|line| line.starts_with(wrong.line)).unwrap() + 1;
    let place = format!("{}:{line}", world.folder.join("bankconnect.toml").display());
    assert_eq!(finding.place, place, "{finding}");
    assert!(finding.what.contains(wrong.says), "{finding}");
    assert!(finding.fix.len() > 5, "{finding}");
    let told = format!("{place}: {}: {}\n  fix: {}", finding.key, finding.what, finding.fix);
    assert_eq!(finding.to_string(), told);
}

pub(crate) const fn wrong<'a>(
    from: &'a str,
    to: &'a str,
    key: &'a str,
    line: &'a str,
    says: &'a str,
) -> Wrong<'a> {
    Wrong { from, to, key, line, says }
}

/// The file the world writes is good as it stands.
#[tokio::test]
async fn a_good_configuration_is_accepted() {
    let world = world().await;
    let config = parse(&world.folder, &written(&world)).ok().unwrap();
    let ids: Vec<_> = config.providers.iter().map(|provider| &*provider.id).collect();
    assert_eq!(ids, ["cnb", "cnb-sandbox", "other"]);
    assert_eq!(config.listen.prefix, "/bank");
    assert!(config.listen.trusted_proxies.is_empty(), "K37: none means none");
    assert!(!config.app.development_cookie);
}

/// Who listens, for whom: `[listen]` and `[app]`.
#[tokio::test]
async fn wrong_listen_and_app_settings_are_named() {
    let world = world().await;
    let address = format!("address = \"{}\"", world.address);
    let (origin, development) =
        ("origins = [\"https://app.example\"]", "development_cookie = false");
    let with = |line: &str| format!("{address}\n{line}");
    let (prefix, bare, proxy) = (
        with("prefix = \"/bank/\""),
        with("prefix = \"bank\""),
        with("trusted_proxies = [\"10.0.0.0/99\"]"),
    );
    for case in [
        wrong(&address, "adress = \"127.0.0.1:1\"", "adress", "adress", "unknown field"),
        wrong("preset = \"cnb\"", "pkce = \"on\"", "pkce", "pkce", "unknown variant"),
        wrong(&address, "address = 4300", "address", "address", "expected a string"),
        wrong(&address, "address = \"nowhere\"", "listen.address", "address", "not an address"),
        wrong(&address, &prefix, "listen.prefix", "prefix", "not a path prefix"),
        wrong(&address, &bare, "listen.prefix", "prefix", "not a path prefix"),
        wrong(&address, &proxy, "listen.trusted_proxies", "trusted", "not an address range"),
        wrong(origin, "origins = []", "app.origins", "origins", "missing"),
        wrong(origin, "origins = [\"http://app.example\"]", "app.origins", "origins", "https"),
        wrong(origin, "origins = [\"https://app.example/\"]", "app.origins", "origins", "origin"),
        wrong(origin, "origins = [\"*\"]", "app.origins", "origins", "origin"),
        wrong(origin, "origins = [\"null\"]", "app.origins", "origins", "origin"),
        wrong(
            development,
            "development_cookie = true",
            "app.development_cookie",
            "development_cookie",
            "loopback only",
        ),
    ] {
        judge(&world, &case);
    }
}

/// Store, key ring and our own name: `[store]` and `[tpp]`.
#[tokio::test]
async fn wrong_store_and_tpp_settings_are_named() {
    let world = on_file(Options::default()).await;
    let (file, keys) = ("file = \"bankconnect.db\"", "key_file = \"bankconnect.keys\"");
    let name = "name = \"Ukazkova fintech a.s.\"";
    for case in [
        wrong(file, "", "store.file", "[store]", "missing"),
        wrong(keys, "", "store.key_file", "[store]", "missing"),
        wrong(keys, "key_file = \"none\"", "store.key_file", "key_file", "does not exist"),
        wrong(name, "", "tpp.name", "[tpp]", "missing"),
        wrong(name, "name = \"Ukázková a.s.\"", "tpp.name", "name = \"Uk", "ASCII"),
        wrong(name, "name = \" \"", "tpp.name", "name = \" ", "ASCII"),
        wrong(
            "identification = \"PSDCZ-CNB-12345678\"",
            "identification = \"PSDCZ\\u2013CNB\"",
            "tpp.identification",
            "identification",
            "ASCII",
        ),
    ] {
        judge(&world, &case);
    }
}

/// What a bank needs: `[providers.…]` (K01, K10).
#[tokio::test]
async fn wrong_provider_settings_are_named() {
    let world = world().await;
    let redirect = "redirect_uri = \"https://app.example/callback\"";
    let secret = "client_secret_file = \"cnb.secret\"";
    let table = "[providers.cnb]\n";
    let key = |name: &str| format!("providers.cnb.{name}");
    let add = |line: &str| format!("{table}{line}\n");
    let plain = add("token_url = \"http://bank.example/token\"");
    let user = add("token_url = \"https://user@bank.example/token\"");
    let version = add("cobs_version = \"7.0\"");
    let prepared = add("connect = \"prepared_token\"");
    let pkce = add("pkce = \"ignored\"\nconnect = \"prepared_token\"");
    let (query, foreign) = (
        "redirect_uri = \"https://app.example/callback?x=1\"",
        "redirect_uri = \"https://evil.example/callback\"",
    );
    for (from, to, name, line, says) in [
        ("preset = \"cnb\"", "preset = \"csob\"", "preset", "preset = \"csob", "not known"),
        (redirect, query, "redirect_uri", "redirect_uri", "plain URL"),
        (redirect, foreign, "redirect_uri", "redirect_uri", "app.origins"),
        (redirect, "", "redirect_uri", "[providers.cnb]", "missing"),
        (secret, "", "client_secret_file", "[providers.cnb]", "missing"),
        (secret, "client_secret_file = \"none\"", "client_secret_file", "client_s", "exist"),
        ("client_id = \"0f", "#client_id = \"0f", "client_id", "[providers.cnb]", "missing"),
        (table, &*plain, "token_url", "token_url", "https"),
        (table, &*user, "token_url", "token_url", "user info"),
        (table, &*version, "cobs_version", "cobs_version", "2.0"),
        (table, &*prepared, "connect", "connect", "contradicts"),
        (table, &*pkce, "pkce", "pkce", "has no meaning"),
        ("certificate_file = \"c", "#", "certificate_file", "[providers.cnb]", "missing"),
        ("private_key_file = \"p", "#", "private_key_file", "[providers.cnb]", "missing"),
        ("ca_file = \"bank-ca.pem\"", "ca_file = \"none\"", "ca_file", "ca_file", "be read"),
        (
            "\"aboktpp.cnb.cz\" = \"127",
            "\"aboktpp.cnb.cz\" = \"x",
            "resolve",
            "[providers.cnb.r",
            "no address",
        ),
    ] {
        judge(&world, &wrong(from, to, &key(name), line, says));
    }
    let same = wrong(
        "redirect_uri = \"https://app.example/callback-other\"",
        redirect,
        "providers.other.redirect_uri",
        "redirect_uri",
        "mix-up",
    );
    let text = written(&world).replacen(same.from, same.to, 1);
    let all = findings(&world.folder, &text);
    let named = all.iter().any(|f| f.key == same.key && f.what.contains(same.says));
    assert!(named, "{:?}", all.iter().map(ToString::to_string).collect::<Vec<_>>());
    let none = written(&world);
    let none = none.split("\n[providers").next().unwrap();
    assert_eq!(findings(&world.folder, none)[0].key, "providers");
}

/// K44, K46: files of secrets and certificates are looked into before anything starts.
#[tokio::test]
async fn unusable_files_are_named() {
    let world = world().await;
    let text = written(&world);
    let file = |name: &str| world.folder.join(name);
    let key = std::fs::read_to_string(file("private-key.pem")).unwrap();
    let first = |key: &str| {
        let all = findings(&world.folder, &text);
        let found = all.into_iter().find(|finding| finding.key == key);
        found.unwrap_or_else(|| panic!("{key} is not named")).to_string()
    };
    for (name, key) in [
        ("cnb.secret", "providers.cnb.client_secret_file"),
        ("private-key.pem", "providers.cnb.private_key_file"),
    ] {
        std::fs::set_permissions(file(name), PermissionsExt::from_mode(0o644)).unwrap();
        let told = first(key);
        assert!(told.contains("every user") && told.contains("chmod 600"), "{told}");
        std::fs::set_permissions(file(name), PermissionsExt::from_mode(0o600)).unwrap();
    }
    let secret = std::fs::read_to_string(file("cnb.secret")).unwrap();
    std::fs::write(file("cnb.secret"), " \n").unwrap();
    assert!(first("providers.cnb.client_secret_file").contains("empty"));
    std::fs::write(file("cnb.secret"), secret).unwrap();
    let other = world.bank.pki().issue(bank_sim::CertificateRequest {
        roles: Vec::new(),
        licence: None,
        organisation: "x".to_owned(),
        common_name: "x".to_owned(),
        ..bank_sim::CertificateRequest::default()
    });
    for (content, says) in [
        (key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), "encrypted"),
        ("nonsense".to_owned(), "PEM"),
        (other.key_pem, "certificate"),
    ] {
        std::fs::write(file("private-key.pem"), content).unwrap();
        let told = first("providers.cnb.private_key_file");
        assert!(told.contains(says) && !told.contains("nonsense"), "{told}");
    }
    std::fs::write(file("private-key.pem"), key).unwrap();
    for name in ["certificate.pem", "bank-ca.pem"] {
        let good = std::fs::read_to_string(file(name)).unwrap();
        std::fs::write(file(name), "nonsense").unwrap();
        let key = if name == "bank-ca.pem" { "ca_file" } else { "certificate_file" };
        let told = first(&format!("providers.cnb.{key}"));
        assert!(told.contains("certificate"), "{told}");
        std::fs::write(file(name), good).unwrap();
    }
    assert!(parse(&world.folder, &text).is_ok());
}

/// What the registration answers stands in files: where one is missing, the fix is the command that writes it.
#[tokio::test]
async fn the_client_id_may_stand_in_a_file() {
    let world = world().await;
    let text = written(&world);
    let line = text.lines().find(|line| line.starts_with("client_id = ")).unwrap();
    let id = line.split('"').nth(1).unwrap();
    let by_file = text.replacen(line, "client_id_file = \"cnb.id\"", 1);
    let file = world.folder.join("cnb.id");
    let told = |text: &str| {
        let all = findings(&world.folder, text);
        all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let missing = told(&by_file);
    assert!(missing.contains("providers.cnb.client_id_file"), "{missing}");
    assert!(missing.contains("bankconnect app register --provider cnb"), "{missing}");
    for bad in ["", "\n0f4e\n", "č\n", "a\u{7}b"] {
        std::fs::write(&file, bad).unwrap();
        assert!(told(&by_file).contains("first line"), "{bad:?}");
    }
    std::fs::write(&file, format!(" {id} \nof the bank\n")).unwrap();
    let config = parse(&world.folder, &by_file).ok().unwrap();
    let Access::Authorization(oauth) = &config.providers[0].access else { panic!("no login") };
    assert_eq!(oauth.client_id, id);
    let both = text.replacen(line, &format!("{line}\nclient_id_file = \"cnb.id\""), 1);
    assert!(told(&both).contains("client_id_file: stands beside client_id"), "{}", told(&both));
    std::fs::remove_file(world.folder.join("cnb.secret")).unwrap();
    let missing = told(&by_file);
    assert!(missing.contains("providers.cnb.client_secret_file"), "{missing}");
    assert!(missing.contains("bankconnect app register --provider cnb"), "{missing}");
}

/// All findings are told at once, not one per start.
#[tokio::test]
async fn all_findings_are_told_at_once() {
    let world = world().await;
    let text = written(&world)
        .replace("key_file = \"bankconnect.keys\"", "key_file = \"none\"")
        .replace("name = \"Ukazkova fintech a.s.\"", "")
        .replace("client_secret_file = \"cnb.secret\"", "client_secret_file = \"none\"");
    let keys: Vec<_> = findings(&world.folder, &text).into_iter().map(|f| f.key).collect();
    for key in ["store.key_file", "tpp.name", "providers.cnb.client_secret_file"] {
        assert!(keys.iter().any(|known| known == key), "{key} in {keys:?}");
    }
}

/// Bank-api 1.1, 1.2 and 1.4: ČNB's production settings, as the portal has them.
#[tokio::test]
async fn the_preset_cnb_is_the_portal() {
    let world = world().await;
    let config = parse(&world.folder, &written(&world)).ok().unwrap();
    let Provider { name, country, environment, scopes, scopes_per_authorization, api_url, .. } =
        &config.providers[0];
    assert_eq!((&**name, &**country), ("Česká národní banka", "CZ"));
    assert_eq!((*environment, *scopes_per_authorization), (Environment::Production, 1));
    assert_eq!(scopes, &["aisp", "pisp"]);
    assert_eq!(api_url.as_str(), "https://aboktpp.cnb.cz/psd2-cobs/cobs/2.0");
    let Access::Authorization(oauth) = &config.providers[0].access else { panic!("OAuth") };
    let base = "https://aboktpp.cnb.cz/powerauth-webflow/oauth";
    assert_eq!(oauth.authorization_url.as_str(), format!("{base}/authorize"));
    assert_eq!(oauth.token_url.as_str(), format!("{base}/token"));
    assert!(oauth.issuer.is_none(), "Web Flow sends none");
    assert_eq!(oauth.client_authentication, broker::config::ClientAuthentication::Basic);
    assert_eq!(oauth.pkce, Pkce::Ignored, "what Web Flow 1.4 does with it");
    let preset = "preset = \"cnb\"";
    let own = "name = \"B\"\ncountry = \"CZ\"\nscopes = [\"aisp\"]\n\
               authorization_url = \"https://b.example/a\"\ntoken_url = \"https://b.example/t\"\n\
               base_api_url = \"https://b.example/\"";
    let config = parse(&world.folder, &written(&world).replacen(preset, own, 1)).ok().unwrap();
    let Access::Authorization(oauth) = &config.providers[0].access else { panic!("OAuth") };
    assert_eq!(oauth.pkce, Pkce::Unknown, "nobody has tried a bank that no preset knows");
}

/// Bank-api 1.3: ČNB's sandbox.
#[tokio::test]
async fn the_preset_cnb_sandbox_is_the_portal() {
    let world = world().await;
    let config = parse(&world.folder, &written(&world)).ok().unwrap();
    let sandbox = &config.providers[1];
    assert_eq!(sandbox.environment, Environment::Sandbox);
    let Access::Prepared { tokens, certificates } = &sandbox.access else { panic!("prepared") };
    assert_eq!(tokens, &["token-aisp", "token-pisp", "token-no-scope"]);
    let all = ["certificate-aisp", "certificate-pisp", "certificate-all", "certificate-no-psd"];
    assert_eq!(certificates, &all);
}

/// The API's address is asked for where no preset knows it, and is written without what the broker adds.
#[tokio::test]
async fn the_address_of_the_api_is_asked_for() {
    let world = world().await;
    let sandbox = written(&world).replace("base_api_url = \"https://localhost", "#");
    let all = findings(&world.folder, &sandbox);
    assert_eq!(all[0].key, "providers.cnb-sandbox.base_api_url");
    assert!(all[0].fix.contains("ask the bank for it"), "{}", all[0]);
    let twice = written(&world).replace("/psd2-cobs/\"", "/psd2-cobs/cobs/2.0/\"");
    let all = findings(&world.folder, &twice);
    assert_eq!(all[0].key, "providers.cnb-sandbox.base_api_url");
    assert!(all[0].fix.contains("leave out cobs/2.0"), "{}", all[0]);
}

/// The environment overrides a key, and a wrong variable is named.
#[tokio::test]
async fn variables_override_keys() {
    let world = world().await;
    let path = world.folder.join("bankconnect.toml");
    let with = |name: &str, value: &str| {
        let environment = [(name.to_owned(), value.to_owned())].into_iter();
        Config::parse(&path, &written(&world), environment)
    };
    let config = with("BANKCONNECT__LISTEN__ADDRESS", "127.0.0.1:9").ok().unwrap();
    assert_eq!(config.listen.address.port(), 9);
    let config = with("BANKCONNECT__LIMITS__CONSENT_DAYS", "90").ok().unwrap();
    assert_eq!(config.limits.consent.as_secs(), 90 * 86_400);
    for (name, value) in [
        ("BANKCONNECT__LISTEN__ADRESS", "127.0.0.1:9"),
        ("BANKCONNECT__LIMITS__CONSENT_DAYS", "many"),
        ("BANKCONNECT__NOTHING", "x"),
    ] {
        let Err(invalid) = with(name, value) else { panic!("{name} accepted") };
        assert_eq!(invalid.findings[0].key, name);
        assert!(!invalid.findings[0].fix.is_empty());
    }
    // of the right type, but wrong: the variable is named, not a line of the file
    let Err(invalid) = with("BANKCONNECT__LISTEN__ADDRESS", "nowhere") else { panic!("accepted") };
    let finding = &invalid.findings[0];
    assert_eq!(
        (&*finding.place, &*finding.key),
        ("BANKCONNECT__LISTEN__ADDRESS", "listen.address")
    );
}
