//! The script of the README, run as a stranger runs it: the program with the documented arguments,
//! then every `bash` block by bash, in their order. Only the ports are others. It takes bash and
//! curl, which `./just setup-peers` installs where they are missing.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

const README: &str = include_str!("../../README.md");
const START: &str = "cargo run -p bank-sim -- ";

/// The documented doors, in the order in which the program names them.
const DOORS: [(&str, &str); 3] = [
    ("authorization", "127.0.0.1:4201"),
    ("token", "localhost:4202"),
    ("sandbox", "localhost:4203"),
];

#[tokio::test]
async fn the_script_of_the_readme_works() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, ports) = start(folder.path()).await;
    let mut script = blocks("bash").join("\n");
    for ((_, documented), port) in DOORS.iter().zip(ports) {
        let (host, _) = documented.split_once(':').unwrap();
        assert!(script.contains(documented), "{documented}");
        script = script.replace(documented, &format!("{host}:{port}"));
    }
    let output = run(&script, folder.path()).await;
    let said = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{said}\n{error}", output.status);
    for shown in ["\"accounts\":[", "\"balances\":[", "\"transactions\":[", "\"state\":\"DONE\""] {
        assert!(said.contains(shown), "no {shown} in {said}");
    }
    assert!(["ACSP", "ACSC"].iter().any(|status| said.contains(status)), "{said}");
    drop(bank);
    let noted = fs::read_to_string(folder.path().join("bank.log")).unwrap();
    assert_eq!(noted, "", "the bank has nothing to blame");
}

/// The code blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let rest = README.split(&fence).skip(1);
    rest.map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The program as documented, its doors on free ports.
async fn start(folder: &Path) -> (Child, Vec<String>) {
    let line = blocks("sh").into_iter().find_map(|block| block.strip_prefix(START)).unwrap();
    let documented = line.trim().split(' ').map(|word| match word {
        door if door.starts_with("127.0.0.1:") => "127.0.0.1:0",
        word => word,
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_bank-sim"));
    command.args(documented).args(["--front", "127.0.0.1:0", "--tls", "127.0.0.1:0"]);
    command.current_dir(folder).stdout(Stdio::piped()).kill_on_drop(true);
    command.stderr(File::create(folder.join("bank.log")).unwrap());
    let mut bank = command.spawn().unwrap();
    let mut lines = BufReader::new(bank.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    // the last line comes when the doors are open and the certificates written
    while !said.last().is_some_and(|line: &String| line.starts_with("certificates")) {
        said.push(lines.next_line().await.unwrap().unwrap_or_else(|| panic!("{said:?}")));
    }
    let port = |name: &str| {
        let line = said.iter().find(|line| line.starts_with(name)).unwrap();
        line.split("127.0.0.1:").nth(1).unwrap().split('/').next().unwrap().to_owned()
    };
    let ports = DOORS.map(|(name, _)| port(name)).to_vec();
    (bank, ports)
}

async fn run(script: &str, folder: &Path) -> Output {
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", script]).current_dir(folder).kill_on_drop(true);
    // a proxy of the machine has no way to this bank
    command.env("NO_PROXY", "127.0.0.1,localhost").env("no_proxy", "127.0.0.1,localhost");
    let output = timeout(Duration::from_mins(1), command.output()).await;
    output.unwrap_or_else(|_| panic!("the script takes over a minute")).unwrap_or_else(|error| {
        panic!("bash: {error}; run `./just setup-peers`, which installs what this test drives")
    })
}

/// What no container engine is needed for: it copies what there is, and starts the program with
/// arguments that it takes.
#[tokio::test]
async fn the_containerfile_is_of_this_repository() {
    let file = include_str!("../../Containerfile");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let copied = file.lines().filter_map(|line| line.strip_prefix("COPY "));
    let sources = copied.filter(|line| !line.starts_with("--from")).flat_map(|line| {
        let (sources, _) = line.rsplit_once(' ').unwrap();
        sources.split(' ')
    });
    let sources: Vec<_> = sources.collect();
    assert!(sources.contains(&"crates"), "{sources:?}");
    let context = fs::read_to_string(root.join(".dockerignore")).unwrap();
    for source in sources {
        assert!(root.join(source).exists(), "{source}");
        assert!(context.lines().any(|line| line == format!("!{source}")), "{source} is ignored");
    }
    let entry = file.lines().find_map(|line| line.strip_prefix("ENTRYPOINT ")).unwrap();
    let entry: Vec<String> = serde_json::from_str(entry).unwrap();
    let container = blocks("sh").into_iter().filter(|block| block.contains("docker run"));
    let runs = container.flat_map(|block| block.split("docker run").skip(1));
    let mut controlled = 0;
    for run in runs {
        let (engine, arguments) = run.split_once(" bank-sim").unwrap();
        let arguments = arguments.split_whitespace().filter(|word| *word != "\\");
        let mut command = Command::new(env!("CARGO_BIN_EXE_bank-sim"));
        command.args(&entry[1..]).args(arguments.clone()).arg("--help");
        let output = command.output().await.unwrap();
        assert!(output.status.success(), "{output:?}");
        for port in arguments.filter_map(|word| word.strip_prefix("0.0.0.0:")) {
            assert!(engine.contains(&format!("{port}:{port}")), "{port} is not published");
            controlled += 1;
        }
    }
    assert_eq!(controlled, 1);
}
