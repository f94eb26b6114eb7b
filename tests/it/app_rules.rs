//! `bankconnect app register`: what breaks a rule of the bank is refused by name, all at once, and nothing is sent
//! (bank-api facts 4.1, 4.4 and 4.5).

use bank_sim::Role;
use demo::{Options, World};
use serde_json::json;

use crate::app_life::{app, calls, unregistered};
use crate::cli::change;
use crate::common::{start, world};

/// Refused with these words; the bank heard nothing, and no file is there.
async fn refused(world: &World, more: &[&str], says: &[&str]) {
    let said = app(world, "register", more).await;
    assert_eq!(said.code, 2, "{more:?}: {}{}", said.out, said.err);
    for words in says {
        assert!(said.err.contains(words), "{more:?}: {words}: {}", said.err);
    }
    assert!(said.err.contains("fix: "), "{}", said.err);
    assert!(calls(world).is_empty(), "{more:?}: {:?}", calls(world));
    assert!(!world.folder.join("cnb.client-id").exists());
    assert!(!world.folder.join("cnb.client-secret").exists());
}

#[tokio::test]
async fn each_limit_is_held_before_anything_is_sent() {
    let world = world().await;
    unregistered(&world);
    let long = |length: usize| "x".repeat(length);
    let page = |length: usize| format!("https://app.example/{}", "x".repeat(length - 20));
    let accented = "č".repeat(128);
    for (option, value, says) in [
        ("--name", long(256), "client_name has 256 bytes"),
        ("--name", accented, "client_name has 256 bytes"),
        ("--name", String::new(), "client_name is missing"),
        ("--name-en", long(1025), "client_name#en-US has 1025 bytes"),
        ("--redirect-uri", page(2048), "redirect_uris has one of 2048 bytes"),
        ("--redirect-uri", "https://app.example/cb#x".into(), "has a fragment"),
        ("--redirect-uri", "/callback".into(), "no absolute URI"),
        ("--redirect-uri", "https:app.example/cb".into(), "no absolute URI"),
        ("--redirect-uri", "ftp://app.example/cb".into(), "no absolute URI for type web"),
        ("--redirect-uri", "com.example.app:/cb".into(), "no absolute URI for type web"),
        ("--redirect-uri", "https://app.example/c b".into(), "no absolute URI"),
        ("--redirect-uri", "https://app.example/%zz".into(), "no absolute URI"),
        ("--redirect-uri", "https://aplikace.example/č".into(), "no absolute URI"),
        ("--scope", "aisp.accounts".into(), "\"aisp.accounts\" is not of"),
        ("--scope", String::new(), "\"\" is not of"),
        ("--scope", long(256), "is not of 1 to 255"),
        ("--logo-uri", page(2048), "logo_uri is no web address"),
        ("--logo-uri", "logo.png".into(), "logo_uri is no web address"),
        ("--contact", "nobody".into(), "contact is no e-mail"),
        ("--contact", format!("a@{}", long(319)), "contact is no e-mail"),
    ] {
        refused(&world, &[option, &value], &[says]).await;
    }
    let pages = ["--redirect-uri", "https://app.example/cb"].repeat(4);
    refused(&world, &pages, &["redirect_uris are 4, more than 3"]).await;
    refused(&world, &["--scope", "aisp"].repeat(11), &["scopes are 11, more than 10"]).await;
    let said = app(&world, "register", &["--type", "desktop"]).await;
    assert!(said.code == 2 && said.err.contains("native"), "{}", said.err);
}

/// One run tells them all.
#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let world = world().await;
    unregistered(&world);
    change(&world, "[tpp]\nname", "[tpp]\n#name");
    change(&world, "redirect_uri = \"https://app.example/callback\"\n", "scopes = []\n");
    let fields = ["client_name is", "redirect_uris is", "scopes is", "logo_uri is", "contact is"];
    refused(&world, &["--logo-uri", "x", "--contact", "x"], &fields).await;
    let said = app(&world, "register", &["--json", "--contact", "x"]).await;
    assert_eq!((said.code, &said.json()["error"]), (2, &json!("breaks_rules")));
}

/// K46: a scope that the certificate has no PSD2 role for.
#[tokio::test]
async fn a_scope_without_its_role_is_refused() {
    let roles = vec![Role::AccountInformation];
    let provider_settings = "scopes = [\"aisp\"]".to_owned();
    let world = start(Options { roles, provider_settings, ..Options::default() }).await;
    unregistered(&world);
    let says = ["scopes has pisp", "PSP_PI", "payment initiation"];
    refused(&world, &["--scope", "aisp", "--scope", "pisp"], &says).await;
    assert_eq!(app(&world, "register", &[]).await.code, 0);
}

/// The largest that the bank takes is taken, and what it makes something else of is told.
#[tokio::test]
async fn what_is_just_within_the_limits_is_registered() {
    let world = world().await;
    unregistered(&world);
    let (name, english) = (format!("{}x", "č".repeat(127)), "x".repeat(1024));
    let long = format!("https://app.example/{}", "x".repeat(2047 - 20));
    let contact = format!("a@{}", "x".repeat(318));
    let mut more = vec!["--name", &name, "--name-en", &english, "--logo-uri", &long];
    more.extend(["--contact", &contact, "--redirect-uri", &long]);
    more.extend(["--redirect-uri", "https://app.example/a,b"]);
    more.extend(["--redirect-uri", "https://app.example/callback"]);
    let said = app(&world, "register", &more).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("%2C") && said.err.contains("keeps 256"), "{}", said.err);
    let all = world.bank.applications();
    let one = all.iter().find(|one| one.name == name).unwrap();
    assert_eq!(one.redirect_uris[1], "https://app.example/a%2Cb");
    std::fs::remove_file(world.folder.join("cnb.client-id")).unwrap();
    std::fs::remove_file(world.folder.join("cnb.client-secret")).unwrap();
    let native = ["--name", "Mobil", "--type", "native", "--redirect-uri", "com.example.app:/cb"];
    let said = app(&world, "register", &native).await;
    assert!(said.code == 0 && said.err.contains("nobody could connect"), "{}", said.err);
}

/// Where nobody logs in there is nothing to register.
#[tokio::test]
async fn a_provider_of_prepared_tokens_needs_no_application() {
    let world = world().await;
    let register = ["app", "register", "--provider", "cnb-sandbox"];
    let said = crate::cli::run(&world.folder, &register).await;
    assert!(said.code == 1 && said.err.contains("by name"), "{}", said.err);
    assert!(calls(&world).is_empty());
}

/// What is wrong is quoted without what would move the cursor or turn the text around: some of it may be the bank's.
#[tokio::test]
async fn quoted_text_does_not_steer_a_terminal() {
    let world = world().await;
    unregistered(&world);
    let uri = "https://app.example/\u{1b}[2J\u{202e}\u{2066}#x";
    let said = app(&world, "register", &["--redirect-uri", uri]).await;
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("https://app.example/[2J#x"), "{}", said.err);
    assert!(!said.err.contains(['\u{1b}', '\u{202e}', '\u{2066}']), "{:?}", said.err);
}
