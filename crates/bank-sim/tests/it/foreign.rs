//! Clients that are not ours, in ../foreign: what only our own client gets along with proves little.
//! Each walks from the login to the revocation over mutual TLS; then the bank's book is read.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bank_sim::{BankSim, Client, Clock, RecordedRequest, Role};
use tokio::process::Command;
use tokio::time::timeout;

use crate::world::{CALLBACK, LICENCE, World, basic, certificate};

/// Letters and digits only, which every client writes alike into a Basic header.
const LETTERS: (&str, &str) = ("foreign1", "secret0f1");
/// UUIDs, as Web Flow gives them out (bank-api fact 4.4).
const UUIDS: (&str, &str) =
    ("5f0c7e0a-3c55-4c6e-9b53-0d1f2a7c9e41", "b8f4a0de-7a52-4f0b-8a86-6a4b1c2d3e4f");

const TOKEN: &str = "/powerauth-webflow/oauth/token";
const INTROSPECTION: &str = "/powerauth-webflow/oauth/check_token";
const REVOCATION: &str = "/powerauth-webflow/oauth/token/revoke";
const ACCOUNTS: &str = "/psd2-cobs/cobs/2.0/my/accounts";

/// What each client asks in its flow: the last call finds the access token dead.
const FLOW: [&str; 7] = [TOKEN, ACCOUNTS, INTROSPECTION, TOKEN, ACCOUNTS, REVOCATION, ACCOUNTS];

#[tokio::test(flavor = "multi_thread")]
async fn openid_client_with_basic() {
    let world = Foreign::start(LETTERS).await;
    world.node("openid-client.mjs", "basic").await;
    world.assert_flow(LETTERS, Method::Basic);
}

#[tokio::test(flavor = "multi_thread")]
async fn openid_client_with_post() {
    let world = Foreign::start(UUIDS).await;
    world.node("openid-client.mjs", "post").await;
    world.assert_flow(UUIDS, Method::Post);
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth4webapi() {
    let world = Foreign::start(UUIDS).await;
    world.node("oauth4webapi.mjs", "flow").await;
    world.assert_flow(UUIDS, Method::Basic);
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth4webapi_takes_refusals_for_what_they_are() {
    let world = Foreign::start(UUIDS).await;
    world.node("oauth4webapi.mjs", "refusals").await;
    // on purpose
    world.assert_clean(&["code_reused", "refresh_token_unknown"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn authlib_with_basic() {
    let world = Foreign::start(UUIDS).await;
    world.python("authlib_client.py", "client_secret_basic").await;
    world.assert_flow(UUIDS, Method::Basic);
}

#[tokio::test(flavor = "multi_thread")]
async fn authlib_with_post() {
    let world = Foreign::start(UUIDS).await;
    world.python("authlib_client.py", "client_secret_post").await;
    world.assert_flow(UUIDS, Method::Post);
}

/// How the client shows its secret at the token endpoint.
#[derive(Clone, Copy, PartialEq)]
enum Method {
    Basic,
    Post,
}

/// A bank, and what its foreign client is given in files and environment.
struct Foreign {
    bank: BankSim,
    files: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Foreign {
    /// The machine's clock: the clients have no other.
    async fn start((client_id, client_secret): (&str, &str)) -> Self {
        let client = Client {
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            redirect_uris: vec![CALLBACK.to_owned()],
            scopes: vec!["aisp".to_owned()],
            licence: LICENCE.to_owned(),
            name: "Cizí klient".to_owned(),
        };
        let World { bank, .. } = World::with(|options| {
            options.clock = Clock::system();
            options.clients = vec![client];
        })
        .await;
        let files = tempfile::tempdir().unwrap();
        let written = |name: &str, content: &str| {
            let path = files.path().join(name);
            fs::write(&path, content).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let identity = bank.pki().issue(certificate(vec![Role::AccountInformation], Some(LICENCE)));
        let ca = written("ca.pem", bank.pki().ca_pem().as_str());
        let person = bank.credentials().remove(0);
        let environment = vec![
            ("BANK_URL", format!("https://{}", bank.tls_addr())),
            ("NODE_EXTRA_CA_CERTS", ca.clone()),
            ("BANK_CA", ca),
            ("BANK_USER", person.username),
            ("BANK_PASSWORD", person.password),
            ("CLIENT_CERT", written("client.crt.pem", &identity.cert_pem)),
            ("CLIENT_KEY", written("client.key.pem", &identity.key_pem)),
            ("CLIENT_ID", client_id.to_owned()),
            ("CLIENT_SECRET", client_secret.to_owned()),
            ("REDIRECT_URI", CALLBACK.to_owned()),
        ];
        Self { bank, files, environment }
    }

    async fn node(&self, file: &str, argument: &str) {
        installed(&folder().join("package-lock.json"), "node_modules/.installed-lock");
        self.run(Path::new("node"), file, argument).await;
    }

    async fn python(&self, file: &str, argument: &str) {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/python");
        let stamp = home.join(".installed-requirements");
        installed(&folder().join("requirements.txt"), stamp.to_str().unwrap());
        self.run(&home.join("bin/python"), file, argument).await;
    }

    /// Runs a client to its good end.
    async fn run(&self, program: &Path, file: &str, argument: &str) {
        let mut command = Command::new(program);
        command.current_dir(self.files.path()).kill_on_drop(true);
        command.arg(folder().join(file)).arg(argument);
        // a proxy of the machine has no way to this bank
        command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let output = timeout(Duration::from_mins(1), command.output()).await;
        let output = output.unwrap_or_else(|_| panic!("{file} {argument} takes over a minute"));
        let output =
            output.unwrap_or_else(|error| lacking(&format!("{}: {error}", program.display())));
        assert!(
            output.status.success(),
            "{file} {argument}: {}\n{}\nviolations: {:?}",
            output.status,
            String::from_utf8_lossy(&output.stderr),
            self.bank.violations(),
        );
    }

    /// Nothing but this was done wrong, every call came with the certificate, nothing is left alive.
    fn assert_clean(&self, wrong: &[&str]) {
        let records = self.bank.violation_records();
        let codes: Vec<_> = records.iter().map(|violation| violation.code).collect();
        assert_eq!(codes, wrong, "{records:?}");
        assert!(self.bank.live_tokens().is_empty(), "{:?}", self.bank.live_tokens());
        let calls = self.calls();
        assert!(!calls.is_empty());
        for call in calls {
            let licence = call.peer.as_ref().and_then(|peer| peer.licence.as_deref());
            assert_eq!(licence, Some(LICENCE), "{} {}", call.method, call.target);
        }
    }

    /// Clean, and the whole flow in its order, with the secret shown as it should be.
    fn assert_flow(&self, (client_id, client_secret): (&str, &str), method: Method) {
        self.assert_clean(&[]);
        let calls = self.calls();
        let paths: Vec<_> = calls.iter().map(RecordedRequest::path).collect();
        assert_eq!(paths, FLOW);
        let header = basic(client_id, client_secret);
        for call in calls.iter().filter(|call| call.path() == TOKEN) {
            let by_header = call.header("authorization").as_ref() == Some(&header);
            let by_form = call.form("client_secret").as_deref() == Some(client_secret);
            assert_eq!((by_header, by_form), (method == Method::Basic, method == Method::Post));
        }
        let verifier = calls.first().and_then(|call| call.form("code_verifier"));
        assert!(verifier.is_some_and(|verifier| verifier.len() >= 43));
    }

    /// The client's own requests; the person's browser has no certificate.
    fn calls(&self) -> Vec<RecordedRequest> {
        let mut requests = self.bank.requests();
        let pages = ["/powerauth-webflow/oauth/authorize", "/powerauth-webflow/authenticate"];
        requests.retain(|request| !pages.iter().any(|page| request.path().starts_with(page)));
        requests
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign")
}

/// Set-up leaves a copy of what it installed from; an old copy is an old installation.
fn installed(wanted: &Path, stamp: &str) {
    let stamp = folder().join(stamp);
    if fs::read(&stamp).ok() != Some(fs::read(wanted).unwrap()) {
        lacking(&format!("what {} pins is not installed", wanted.display()));
    }
}

fn lacking(what: &str) -> ! {
    panic!("{what}; run `./just setup-peers`, which installs the clients this test drives")
}
