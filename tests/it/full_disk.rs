//! A disk that is full for a while: nobody is told something else than trouble, and when there is room again
//! everything goes on without a restart.

use std::process::Stdio;

use demo::{Options, World};
use tokio::process::{Child, Command};

use crate::common::{accounts, connected, on_file};

/// The program in the place of a world's broker. A write beyond the limit is an error to it, as on a full disk.
async fn program(world: &World) -> Child {
    world.stop_broker().await;
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" serve", env!("CARGO_BIN_EXE_program")]);
    command.current_dir(&world.folder).kill_on_drop(true);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = std::time::Instant::now();
    while world.browser().get("/health/ready").await.is_err() {
        assert!(begun.elapsed().as_secs() < 30, "the program never serves");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    child
}

/// Limits the size of every file that the process writes; `prlimit` is of util-linux.
async fn limit(child: &Child, bytes: &str) {
    let process = child.id().unwrap().to_string();
    let mut command = Command::new("prlimit");
    command.args(["--pid", &process, &format!("--fsize={bytes}:")]);
    assert!(command.status().await.unwrap().success());
}

/// E 5: connections of the pool that met the full disk are of use again; nothing that stood is lost.
#[tokio::test]
async fn a_full_disk_is_over_when_there_is_room() {
    let world = on_file(Options::default()).await;
    let (reader, id) = connected(&world).await;
    let child = program(&world).await;
    assert_eq!(accounts(&reader, &id).await.status, 200);
    limit(&child, "1").await;
    for _ in 0..10 {
        let begun = world.browser().start("cnb", "aisp").await;
        let told = begun.err().expect("nothing can be kept, so nobody is sent away").to_string();
        assert!(told.contains("503") && told.contains("\"internal\""), "{told}");
    }
    limit(&child, "unlimited").await;
    assert_eq!(accounts(&reader, &id).await.status, 200, "what stood still stands");
    for _ in 0..10 {
        let browser = world.browser();
        let id = browser.connect("cnb", "aisp").await.unwrap();
        assert_eq!(accounts(&browser, &id).await.status, 200);
    }
    drop(child);
}
