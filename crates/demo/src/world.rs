//! A bank and a broker that know each other, on free ports, with a folder of their own.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bank_sim::{BankSim, Clock, Knobs, Population, Role};
use broker::ambient::{Ambient, Gates};
use broker::serve::Listener;
use tempfile::TempDir;

use crate::browser::Browser;
use crate::node::{Node, ambient};
use crate::setup;

/// Anything that stops a world from starting; told to a developer, not to a caller.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How a world differs from a plain one.
#[expect(clippy::struct_excessive_bools, reason = "independent switches of a test's stage")]
pub struct Options {
    /// Where the broker and the page answer; port 0 takes a free one.
    pub address: SocketAddr,
    /// The app's origin; `None`: `http://localhost:PORT`, as the demo is opened.
    pub origin: Option<String>,
    /// Cookie without `Secure`, for WebKit on `http://localhost`.
    pub development_cookie: bool,
    /// Folder of the built page, and whether it asks for `Cross-Origin-Opener-Policy`.
    pub page: Option<(PathBuf, bool)>,
    /// The bank's front door; port 0 takes a free one.
    pub bank_front: SocketAddr,
    /// Send people to the bank's plain front door instead of its TLS door (a browser would not
    /// trust the simulated authority).
    pub plain_login: bool,
    /// A second provider with a registration and callback page of its own.
    pub second_provider: bool,
    /// So many more banks with names of their own, all of them doors to the same one.
    pub further_banks: usize,
    /// Name of the bank as the page shows it.
    pub bank_name: Option<String>,
    /// Customers and movements beside the bank's four named customers.
    pub population: Population,
    /// The bank's initial behaviour.
    pub knobs: Knobs,
    /// The time of both; tests step it.
    pub clock: Clock,
    /// The bank's own time, where its clock is wrong.
    pub bank_clock: Option<Clock>,
    /// Roles in the client certificate.
    pub roles: Vec<Role>,
    /// Whether the broker presents a certificate at all.
    pub mutual_tls: bool,
    /// Have the certificate issued by an authority the bank does not know.
    pub foreign_certificate: bool,
    /// URL of a PostgreSQL database for the broker; else it has a file.
    pub store_url: Option<String>,
    /// More lines of `[listen]`.
    pub listen_settings: String,
    /// The lines of `[admin]`, where the broker has a private door.
    pub admin_settings: Option<String>,
    /// More lines of `[limits]`.
    pub limit_settings: String,
    /// More lines of every `[providers.…]` that people log in at.
    pub provider_settings: String,
    /// Words of `dangerous` for what the settings above add to a world's own dangers.
    pub dangers: Vec<&'static str>,
    /// Keeps files here instead of a temporary folder.
    pub folder: Option<PathBuf>,
}

impl Default for Options {
    /// As in production: an https origin in front of the broker, the hardened cookie.
    fn default() -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            address: any,
            origin: Some("https://app.example".to_owned()),
            development_cookie: false,
            page: None,
            bank_front: any,
            plain_login: false,
            second_provider: true,
            further_banks: 0,
            bank_name: None,
            population: Population::default(),
            knobs: Knobs::default(),
            clock: Clock::system(),
            bank_clock: None,
            roles: vec![Role::AccountInformation, Role::PaymentInitiation],
            mutual_tls: true,
            foreign_certificate: false,
            store_url: None,
            listen_settings: String::new(),
            admin_settings: None,
            limit_settings: String::new(),
            provider_settings: String::new(),
            dangers: Vec::new(),
            folder: None,
        }
    }
}

impl Options {
    /// As in production, with a clock that [`World::advance`] steps.
    pub fn stepped() -> Self {
        Self { clock: Clock::manual(std::time::SystemTime::now()), ..Self::default() }
    }

    pub(crate) fn provider_settings(
        &self,
        id: &str,
        own_name: Option<&str>,
        bank: &BankSim,
    ) -> String {
        let mut settings = self.provider_settings.clone();
        settings.push_str(if self.mutual_tls {
            "\ncertificate_file = \"certificate.pem\"\nprivate_key_file = \"private-key.pem\""
        } else {
            "\nmutual_tls = false"
        });
        if self.plain_login {
            let path = "/powerauth-webflow/oauth/authorize";
            let front = bank.front_url();
            settings.push_str(&["\nauthorization_url = \"", &front, path, "\""].concat());
        }
        if let Some(name) = own_name.or(self.bank_name.as_deref()) {
            // no real money behind it, and the page should say so
            settings.push_str(&["\nenvironment = \"sandbox\"\nname = \"", name, "\""].concat());
        } else if id != "cnb" {
            settings.push_str("\nname = \"Jiná banka\"");
        }
        settings
    }

    /// The words that this world needs, as a list in TOML: its banks are simulated, and it says that they are
    /// production.
    pub(crate) fn dangerous(&self) -> String {
        let mut words = self.dangers.clone();
        // a bank with another name is written as a sandbox, which has no money behind it
        if self.bank_name.is_none() {
            words.push("resolve");
            if !self.mutual_tls {
                words.push("no_mutual_tls");
            }
        }
        format!("{words:?}")
    }

    pub(crate) fn sandbox_settings(&self) -> String {
        let name = self.bank_name.as_ref();
        name.map(|name| format!("name = \"{name} (sandbox)\"")).unwrap_or_default()
    }
}

/// A running bank and a running broker.
pub struct World {
    /// The bank.
    pub bank: BankSim,
    /// The app's origin, as a browser would send it.
    pub origin: String,
    /// Where the broker listens.
    pub address: SocketAddr,
    /// The broker's files.
    pub folder: PathBuf,
    node: Node,
    clock: Clock,
    _temporary: Option<TempDir>,
}

impl World {
    /// Starts a bank, sets a broker up for it, starts the broker.
    pub async fn start(options: Options) -> Result<Self, Failure> {
        // the port is needed for the origin, so the listener comes first
        let listener = Listener::bind(options.address, None)?;
        let address = listener.address()?;
        let origin = options.origin.clone();
        let origin = origin.unwrap_or_else(|| format!("http://localhost:{}", address.port()));
        let bank = BankSim::start(bank_sim::Options {
            front: options.bank_front,
            sandbox: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
            clients: setup::clients(&origin, &options),
            population: options.population,
            knobs: options.knobs.clone(),
            clock: options.bank_clock.clone().unwrap_or_else(|| options.clock.clone()),
            ..bank_sim::Options::default()
        })
        .await?;
        let (folder, temporary) = folder(options.folder.as_deref())?;
        setup::write(&folder, &options, &bank, address, &origin)?;
        let clock = options.clock.clone();
        let node = Node::start(&folder, ambient(&clock), listener, options.page.as_ref()).await?;
        Ok(Self { bank, origin, address, folder, node, clock, _temporary: temporary })
    }

    /// A new browser with empty jars.
    pub fn browser(&self) -> Browser {
        let first = self.bank.credentials().into_iter().next();
        let credential = first.map(|c| (c.username, c.password)).unwrap_or_default();
        Browser::new(http_client(&self.bank), self.address, self.origin.clone(), credential)
    }

    /// Lets time pass, for the bank and the broker alike.
    pub fn advance(&self, step: Duration) {
        self.clock.advance(step);
    }

    /// Seconds since 1970, as the broker's clock has them.
    pub fn now(&self) -> u64 {
        let since_1970 = self.clock.now().duration_since(std::time::UNIX_EPOCH);
        since_1970.map(|since| since.as_secs()).unwrap_or_default()
    }

    /// Where the broker's private door is, if it has one.
    pub fn admin(&self) -> Option<SocketAddr> {
        self.node.admin
    }

    /// Stops the broker as a service manager would, then the bank.
    pub async fn stop(self) {
        self.stop_broker().await;
        self.bank.stop().await;
    }

    /// One more broker on the same files, at an address of its own.
    pub async fn join(&self) -> Result<Node, Failure> {
        self.join_as(ambient(&self.clock)).await
    }

    /// The same with gates, at which a test holds what goes on in it.
    pub async fn join_with(&self, gates: impl Gates + 'static) -> Result<Node, Failure> {
        self.join_as(ambient(&self.clock).with_gates(gates)).await
    }

    async fn join_as(&self, ambient: Ambient) -> Result<Node, Failure> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Node::start(&self.folder, ambient, Listener::bind(any, None)?, None).await
    }

    /// Has the broker look at its certificate files, as SIGHUP does.
    pub async fn reload(&self) {
        self.node.reload().await;
    }

    /// Stops the broker and starts another on the same files, as an upgrade does.
    pub async fn restart_broker(&mut self) -> Result<(), Failure> {
        self.stop_broker().await;
        self.start_broker().await
    }

    /// Starts a broker where the one before has stopped.
    pub async fn start_broker(&mut self) -> Result<(), Failure> {
        let listener = bind_again(self.address).await?;
        self.node = Node::start(&self.folder, ambient(&self.clock), listener, None).await?;
        Ok(())
    }

    /// Stops the broker as a service manager would.
    pub async fn stop_broker(&self) {
        self.node.stop().await;
    }
}

/// The address had a broker; meanwhile the system may have lent its port to somebody's outgoing call.
async fn bind_again(address: SocketAddr) -> Result<Listener, Failure> {
    for _ in 0..100 {
        if let Ok(listener) = Listener::bind(address, None) {
            return Ok(listener);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(Listener::bind(address, None)?)
}

/// A client that reaches the bank by its real name, trusts it, and follows no redirect.
pub fn http_client(bank: &BankSim) -> reqwest::Client {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        // sooner than the broker closes an idle connection, so that no call meets a closing one
        .pool_idle_timeout(Duration::from_secs(4))
        .resolve("aboktpp.cnb.cz", bank.tls_addr());
    if let Ok(authority) = reqwest::Certificate::from_pem(bank.pki().ca_pem().as_bytes()) {
        builder = builder.tls_certs_only([authority]);
    }
    builder.build().unwrap_or_default()
}

fn folder(kept: Option<&Path>) -> Result<(PathBuf, Option<TempDir>), Failure> {
    if let Some(folder) = kept {
        std::fs::create_dir_all(folder)?;
        return Ok((folder.to_owned(), None));
    }
    let temporary = tempfile::tempdir()?;
    Ok((temporary.path().to_owned(), Some(temporary)))
}
