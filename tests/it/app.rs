//! `bankconnect app`: which applications the bank has registered for our licence.

use bank_sim::Role;
use demo::Options;

use crate::cli::run;
use crate::common::{start, world};

const CLIENT: &str = "0f4e2c1a-6d0b-4d86-9a55-2f1c7f2f9a10";
const LIST: [&str; 4] = ["app", "list", "--provider", "cnb"];

/// Before `register` there is neither client id nor secret: the registration needs none.
#[tokio::test]
async fn applications_are_read_without_client_id_and_secret() {
    let world = world().await;
    let file = world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let keep = |line: &&str| !line.starts_with("client_");
    std::fs::write(&file, text.lines().filter(keep).collect::<Vec<_>>().join("\n")).unwrap();
    let said = run(&world.folder, &LIST).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.trim_start().starts_with("CLIENT ID") && said.out.contains(CLIENT),
        "{}",
        said.out
    );
    let all = run(&world.folder, &[&LIST[..], &["--json"]].concat()).await.json();
    let all = all["applications"].as_array().unwrap();
    let own = all.iter().find(|one| one["client_id"] == CLIENT).unwrap();
    let show = ["app", "show", "--provider", "cnb", CLIENT, "--json"];
    let one = run(&world.folder, &show).await.json();
    assert_eq!(&one, own);
    assert_eq!(one["scopes"], serde_json::json!(["aisp", "pisp"]));
    assert!(one.get("client_secret").is_none());
}

/// The bank's code, what it means, and what to do.
#[tokio::test]
async fn refusals_are_told_with_code_and_fix() {
    let world = world().await;
    for id in ["nobody", "../applications"] {
        let said = run(&world.folder, &["app", "show", "--provider", "cnb", id, "--json"]).await;
        assert_eq!(said.code, 1, "{id}: {}", said.out);
        assert!(!said.json()["error"].as_str().unwrap().is_empty());
    }
    let said = run(&world.folder, &["app", "show", "--provider", "cnb", "nobody"]).await;
    assert!(
        said.err.contains("401 invalid_client") && said.err.contains("app list"),
        "{}",
        said.err
    );
    let world = start(Options { roles: Vec::<Role>::new(), ..Options::default() }).await;
    let said = run(&world.folder, &LIST).await;
    assert_eq!(said.code, 1);
    assert!(said.err.contains("access_denied") && said.err.contains("PSD2"), "{}", said.err);
}

/// A wrong table is told as for `serve`.
#[tokio::test]
async fn findings_name_key_and_fix() {
    let world = world().await;
    let said = run(&world.folder, &["app", "list", "--provider", "nobody"]).await;
    assert_eq!(said.code, 1);
    assert!(said.err.contains("no such provider") && said.err.contains("cnb"), "{}", said.err);
    std::fs::remove_file(world.folder.join("private-key.pem")).unwrap();
    let said = run(&world.folder, &LIST).await;
    assert_eq!(said.code, 1);
    assert!(said.err.contains("private_key_file") && said.err.contains("fix:"), "{}", said.err);
}
