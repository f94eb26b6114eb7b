//! `GET /providers` says what a page has to know of a bank before anybody connects; its picture goes along.

use demo::{Options, World};
use reqwest::header::{ETAG, IF_NONE_MATCH};
use serde_json::{Value, json};

use crate::cli;
use crate::common::{problem, start, world};

async fn provider(world: &World, id: &str) -> Value {
    let body = world.browser().get("/providers").await.unwrap().json();
    let all = body["providers"].as_array().unwrap();
    all.iter().find(|one| one["id"] == id).expect("a provider of that id").clone()
}

/// Version of the standard, length of a consent, picture; as they are configured.
#[tokio::test]
async fn a_provider_says_what_it_speaks_and_how_long_a_consent_lasts() {
    let plain = world().await;
    let cnb = provider(&plain, "cnb").await;
    assert_eq!(
        (&cnb["cobs_version"], &cnb["consent_days"], &cnb["logo"]),
        (&json!("2.0"), &json!(180), &json!("/providers/cnb/logo"))
    );
    assert_eq!(provider(&plain, "other").await["logo"], json!(null));
    let sandbox = provider(&plain, "cnb-sandbox").await;
    assert_eq!(sandbox["consent_days"], json!(null), "a prepared token has no end");
    let later = start(Options {
        provider_settings: "cobs_version = \"5.0\"".to_owned(),
        limit_settings: "consent_days = 90".to_owned(),
        ..Options::default()
    })
    .await;
    let cnb = provider(&later, "cnb").await;
    assert_eq!((&cnb["cobs_version"], &cnb["consent_days"]), (&json!("5.0"), &json!(90)));
}

/// P22: the picture is what it says, can do nothing when opened by itself, and is sent once.
#[tokio::test]
async fn a_picture_is_served_to_an_img() {
    let world = world().await;
    let client = demo::world::http_client(&world.bank);
    let url = format!("http://{}/bank/providers/cnb/logo", world.address);
    // an img sends no header of ours
    let answer = world.browser().send(client.get(&url)).await.unwrap();
    let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!((answer.status.as_u16(), &*header("content-type")), (200, "image/svg+xml"));
    assert_eq!(answer.text, std::fs::read_to_string(world.folder.join("logo.svg")).unwrap());
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(
        header("content-security-policy"),
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    );
    assert_eq!(header("cache-control"), "public, max-age=86400");
    assert!(answer.headers.get("set-cookie").is_none());
    let tag = answer.headers[ETAG].clone();
    let again = client.get(&url).header(IF_NONE_MATCH, &tag);
    let again = world.browser().send(again).await.unwrap();
    assert_eq!((again.status.as_u16(), &*again.text), (304, ""));
    assert_eq!(again.headers[ETAG], tag);
    for nobody in ["/providers/other/logo", "/providers/nobody/logo"] {
        problem(&world.browser().get(nobody).await.unwrap(), 404, "not_found");
    }
}

/// What is no picture keeps the broker from starting, by name.
#[tokio::test]
async fn a_bad_picture_is_refused_at_the_start() {
    let world = world().await;
    let logo = world.folder.join("logo.svg");
    for (bytes, says) in [
        (b"<html><script>alert(1)</script></html>".to_vec(), "neither SVG nor PNG nor WebP"),
        (b"GIF89a".to_vec(), "neither SVG nor PNG nor WebP"),
        (vec![b' '; 64 * 1024 + 1], "larger than 64 KiB"),
    ] {
        std::fs::write(&logo, bytes).unwrap();
        let said = cli::run(&world.folder, &["check"]).await;
        assert!(said.code == 1 && said.err.contains("providers.cnb.logo_file"), "{}", said.err);
        assert!(said.err.contains(says), "{}", said.err);
    }
    for good in [&b"\x89PNG\r\n\x1a\n"[..], b"RIFF\x04\0\0\0WEBP"] {
        std::fs::write(&logo, good).unwrap();
        let said = cli::run(&world.folder, &["check"]).await;
        assert!(said.code != 1 && !said.err.contains("logo_file"), "{}", said.err);
    }
    std::fs::remove_file(&logo).unwrap();
    let said = cli::run(&world.folder, &["check"]).await;
    assert!(said.code == 1 && said.err.contains("logo_file"), "{}", said.err);
}
