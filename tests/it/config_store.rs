//! `store.url_file`: the URL of a database stands in a file, and leads there by a way that is proven.

use std::os::unix::fs::PermissionsExt as _;

use demo::Options;

use crate::common::on_file;
use crate::config::{judge, parse, written, wrong};

/// K44: a URL that sqlx would write to the log, or that would be followed in clear, is refused by name.
#[tokio::test]
async fn urls_of_databases_are_looked_at() {
    let world = on_file(Options::default()).await;
    let file = "file = \"bankconnect.db\"";
    let address = |url: &str| std::fs::write(world.folder.join("url"), url).unwrap();
    address("postgres://broker:secret-word@db.example/bank");
    let mode = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(world.folder.join("url"), mode).unwrap();
    let server = |says| wrong(file, "url_file = \"url\"", "store.url_file", "url_file", says);
    judge(&world, &server("another machine without proof"));
    for mode in ["disable", "prefer", "require", "verify-ca"] {
        address(&format!("postgres://broker:secret-word@db.example/bank?sslmode={mode}"));
        judge(&world, &server("another machine without proof"));
    }
    address("https://db.example/");
    judge(&world, &server("holds no URL"));
    // sqlx would pass it over, and write it to the log
    address("postgres://db.example/bank?sslmode=verify-full&sslpassword=canary-word");
    judge(&world, &server("a parameter that is not known"));
    for fine in [
        "postgres://db.example/bank?sslmode=verify-full",
        "postgresql://broker@127.0.0.1:5433/bank",
        "postgres://broker@localhost/bank",
        "postgres://broker@[::1]/bank",
        "postgres:///bank?host=/run/postgresql",
    ] {
        address(fine);
        let text = written(&world).replacen(file, "url_file = \"url\"", 1);
        assert!(parse(&world.folder, &text).is_ok(), "{fine}");
    }
    let both = format!("{file}\nurl_file = \"url\"");
    judge(&world, &wrong(file, &both, "store.url_file", "url_file", "a second store"));
}
