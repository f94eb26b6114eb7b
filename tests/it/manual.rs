//! `bankconnect completions` and `bankconnect man`, as a shell and a reader take them.

use std::process::Command;

use crate::cli;

/// Every command of the program.
const COMMANDS: [&str; 10] =
    ["init", "serve", "app", "cert", "check", "doctor", "probe", "keys", "completions", "man"];

/// bash loads the script, and offers each command.
#[tokio::test]
async fn bash_completes_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let said = cli::run(folder.path(), &["completions", "bash"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let script = folder.path().join("bankconnect.bash");
    std::fs::write(&script, &said.out).unwrap();
    let offer = "source \"$0\"; COMP_WORDS=(bankconnect \"\"); COMP_CWORD=1; \
                 _bankconnect bankconnect \"\" bankconnect; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let offered = Command::new("bash").args(["-c", offer]).arg(&script).output().unwrap();
    let offered = String::from_utf8(offered.stdout).unwrap();
    for command in COMMANDS {
        assert!(offered.lines().any(|line| line == command), "{command}: {offered}");
    }
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        let said = cli::run(folder.path(), &["completions", shell]).await;
        assert!(said.code == 0 && said.out.contains("doctor"), "{shell}");
    }
    assert_eq!(cli::run(folder.path(), &["completions", "abacus"]).await.code, 2);
}

/// One page per command, each with its exit codes where it has some of its own.
#[tokio::test]
async fn every_command_has_its_page() {
    let folder = tempfile::tempdir().unwrap();
    let said = cli::run(folder.path(), &["man", "man1", "--json"]).await;
    assert_eq!((said.code, &said.json()["folder"]), (0, &serde_json::json!("man1")));
    let page = |name: &str| std::fs::read_to_string(folder.path().join("man1").join(name)).unwrap();
    let whole = page("bankconnect.1");
    for command in COMMANDS {
        assert!(whole.contains(command), "{command}");
        assert!(page(&format!("bankconnect-{command}.1")).starts_with(".ie"), "{command}");
    }
    for command in ["list", "show", "register", "update", "renew-secret", "remove"] {
        assert!(page(&format!("bankconnect-app-{command}.1")).starts_with(".ie"), "{command}");
    }
    for command in [
        "check",
        "doctor",
        "init",
        "probe",
        "app-register",
        "app-update",
        "app-renew-secret",
        "app-remove",
    ] {
        assert!(page(&format!("bankconnect-{command}.1")).contains("Exit code"), "{command}");
    }
    std::fs::write(folder.path().join("file"), "").unwrap();
    let said = cli::run(folder.path(), &["man", "file"]).await;
    assert!(said.code == 1 && said.err.contains("name a folder"), "{}", said.err);
}
