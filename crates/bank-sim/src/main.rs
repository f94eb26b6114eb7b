//! The bank as a process of its own: opens its doors, writes its certificate authority and a set
//! of client identities, and waits.

use std::fs::{OpenOptions, create_dir_all};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use bank_sim::{BankSim, CertificateSource, Client, Identity, Options};
use clap::{Parser, ValueEnum};

/// A simulated Czech bank: PowerAuth Web Flow, COBS 2.0 API, mutual TLS.
///
/// Point a third party's software at it as at a real bank. Certificates for both sides are made
/// at each start and written to --out.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Plain HTTP door for browsers (login and consent pages)
    #[arg(long, default_value = "127.0.0.1:4201")]
    front: SocketAddr,
    /// How browsers reach the front door where something stands before it, such as a proxy
    #[arg(long)]
    front_url: Option<String>,
    /// TLS door for software (token endpoint and API), client certificate required there
    #[arg(long, default_value = "127.0.0.1:4202")]
    tls: SocketAddr,
    /// TLS door of the sandbox (fixed tokens, no client certificate)
    #[arg(long)]
    sandbox: Option<SocketAddr>,
    /// Where the client certificate comes from: `tls`, or `header` for a proxy in front of the bank
    /// that terminates TLS and sends X-Client-Certificate to the front or the TLS door
    #[arg(long, value_enum, default_value = "tls")]
    client_certificate: Source,
    /// Identifier of the registered application
    #[arg(long, default_value = "demo-client")]
    client_id: String,
    /// Secret of the registered application
    #[arg(long, env = "BANK_SIM_CLIENT_SECRET", default_value = "demo-secret")]
    client_secret: String,
    /// Registered redirect URI; may be given several times
    #[arg(long = "redirect-uri", default_value = "http://127.0.0.1:4200/callback")]
    redirect_uris: Vec<String>,
    /// Name of the application as the consent page shows it
    #[arg(long, default_value = "Ukázková aplikace")]
    client_name: String,
    /// organizationIdentifier in the certificates, and the licence of the application
    #[arg(long, default_value = "PSDCZ-CNB-12345678")]
    licence: String,
    /// Names in the server certificate, beside 127.0.0.1; may be given several times
    #[arg(long = "host-name", default_values = ["localhost", "aboktpp.cnb.cz"])]
    host_names: Vec<String>,
    /// Seed of the customers and their accounts
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for ca.pem and the client identities; without it none are written
    #[arg(long)]
    out: Option<PathBuf>,
}

/// The two sources of `CertificateSource`, as one types them.
#[derive(Clone, Copy, ValueEnum)]
enum Source {
    Tls,
    Header,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let bank = BankSim::start(options(&arguments)).await?;
    if let Some(folder) = &arguments.out {
        write_identities(&bank, &arguments.licence, folder)?;
    }
    announce(&bank, &arguments);
    tokio::signal::ctrl_c().await?;
    bank.stop().await;
    Ok(())
}

fn options(arguments: &Arguments) -> Options {
    Options {
        front: arguments.front,
        front_url: arguments.front_url.clone(),
        tls: arguments.tls,
        sandbox: arguments.sandbox,
        client_certificate: match arguments.client_certificate {
            Source::Tls => CertificateSource::Tls,
            Source::Header => CertificateSource::ProxyHeader,
        },
        host_names: arguments.host_names.clone(),
        clients: vec![Client {
            client_id: arguments.client_id.clone(),
            client_secret: arguments.client_secret.clone(),
            redirect_uris: arguments.redirect_uris.clone(),
            scopes: vec!["aisp".to_owned(), "pisp".to_owned()],
            licence: arguments.licence.clone(),
            name: arguments.client_name.clone(),
        }],
        seed: arguments.seed,
        ..Options::default()
    }
}

/// Writes `ca.pem` and `NAME.crt.pem`, `NAME.key.pem` for each ready-made identity.
fn write_identities(
    bank: &BankSim,
    licence: &str,
    folder: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    create_dir_all(folder)?;
    write(&folder.join("ca.pem"), &bank.pki().ca_pem(), 0o644)?;
    for (name, identity) in bank.identities(licence)? {
        write_identity(folder, name, &identity)?;
    }
    Ok(())
}

fn write_identity(folder: &Path, name: &str, identity: &Identity) -> std::io::Result<()> {
    write(&folder.join(format!("{name}.crt.pem")), &identity.cert_pem, 0o644)?;
    write(&folder.join(format!("{name}.key.pem")), &identity.key_pem, 0o600)
}

/// Writes a new file; an old one of that name goes first, and with it its permissions.
fn write(path: &Path, content: &str, mode: u32) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options.open(path)?.write_all(content.as_bytes())
}

#[expect(clippy::print_stdout, reason = "this is what the program says to its user")]
fn announce(bank: &BankSim, arguments: &Arguments) {
    let front = bank.front_url();
    let tls = bank.tls_addr();
    println!("Czech Test Bank, a simulator. Ctrl-C ends it.\n");
    println!("authorization  {front}/powerauth-webflow/oauth/authorize");
    println!("token          https://{tls}/powerauth-webflow/oauth/token");
    println!("API            https://{tls}/psd2-cobs/cobs/2.0/");
    if let Some(sandbox) = bank.sandbox_addr() {
        println!("sandbox        https://{sandbox}/psd2-cobs/cobs/2.0/");
    }
    println!("client         {} (scopes aisp, pisp)", arguments.client_id);
    for uri in &arguments.redirect_uris {
        println!("redirect       {uri}");
    }
    for credential in bank.credentials() {
        println!(
            "customer       {} / {} ({})",
            credential.username, credential.password, credential.display_name
        );
    }
    if let Some(folder) = &arguments.out {
        println!(
            "certificates   {} (ca.pem, and .crt.pem and .key.pem of aisp, pisp, all, no-psd, ic, as, \
             expired, not-yet-valid, untrusted, revoked)",
            folder.display()
        );
    }
}
