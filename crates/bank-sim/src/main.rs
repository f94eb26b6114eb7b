//! The bank as a process of its own: opens its doors, writes its certificate authority and a set
//! of client identities, and waits.

mod arguments;

use std::error::Error;
use std::fs::{OpenOptions, create_dir_all};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use bank_sim::{BankSim, CertificateSource, Client, Identity, Knobs, Options, Population};
use clap::Parser;
#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};

use arguments::{Arguments, Behaviour, Source};

#[tokio::main]
async fn main() -> ExitCode {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let knobs = knobs(&arguments.behaviour)?;
    let bank = BankSim::start(options(arguments, knobs)).await?;
    if let Some(folder) = &arguments.out {
        write_identities(&bank, &arguments.application.licence, folder)?;
    }
    announce(&bank, arguments);
    told_to_stop().await;
    bank.stop().await;
    Ok(())
}

/// Ctrl-C, or SIGTERM as containers and service managers send it.
async fn told_to_stop() {
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    if let Ok(mut terminate) = signal(SignalKind::terminate()) {
        tokio::select! {
            () = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    interrupt.await;
}

/// The knobs of the file, then those of the command line.
fn knobs(behaviour: &Behaviour) -> Result<Knobs, Box<dyn Error>> {
    let mut knobs = Knobs::default();
    if let Some(file) = &behaviour.knobs {
        let named = |error: &dyn Error| format!("--knobs {}: {error}", file.display());
        let json = std::fs::read_to_string(file).map_err(|error| named(&error))?;
        knobs = knobs.patched_from(&json).map_err(|error| named(&error))?;
    }
    for knob in &behaviour.knob {
        knobs = knobs.assigned(knob).map_err(|error| format!("--knob {knob}: {error}"))?;
    }
    Ok(knobs)
}

fn options(arguments: &Arguments, knobs: Knobs) -> Options {
    let Arguments { doors, application, .. } = arguments;
    Options {
        front: doors.front,
        front_url: doors.front_url.clone(),
        tls: doors.tls,
        sandbox: doors.sandbox,
        control: doors.control,
        control_anywhere: doors.control_anywhere,
        client_certificate: match doors.client_certificate {
            Source::Tls => CertificateSource::Tls,
            Source::Header => CertificateSource::ProxyHeader,
        },
        host_names: arguments.host_names.clone(),
        clients: vec![Client {
            client_id: application.client_id.clone(),
            client_secret: application.client_secret.clone(),
            redirect_uris: application.redirect_uris.clone(),
            scopes: vec!["aisp".to_owned(), "pisp".to_owned()],
            licence: application.licence.clone(),
            name: application.client_name.clone(),
        }],
        knobs,
        seed: arguments.behaviour.seed,
        population: Population {
            crowd: arguments.behaviour.crowd,
            movements: arguments.behaviour.movements,
        },
        ..Options::default()
    }
}

/// Writes `ca.pem` and `NAME.crt.pem`, `NAME.key.pem` for each ready-made identity.
fn write_identities(bank: &BankSim, licence: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
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
    println!("phone          {}", bank.phone_url());
    if let Some(sandbox) = bank.sandbox_addr() {
        println!("sandbox        https://{sandbox}/psd2-cobs/cobs/2.0/");
    }
    if let Some(control) = bank.control_addr() {
        println!("control        http://{control}/");
    }
    println!("client         {} (scopes aisp, pisp)", arguments.application.client_id);
    for uri in &arguments.application.redirect_uris {
        println!("redirect       {uri}");
    }
    let customers = bank.credentials();
    let crowd = usize::try_from(arguments.behaviour.crowd).unwrap_or(customers.len());
    let named = &customers[..customers.len().saturating_sub(crowd)];
    for credential in named {
        println!(
            "customer       {} / {} ({})",
            credential.username, credential.password, credential.display_name
        );
    }
    if crowd > 0 {
        println!("               and {crowd} more; GET /customers at --control lists them");
    }
    if let Some(folder) = &arguments.out {
        println!(
            "certificates   {} (ca.pem, and .crt.pem and .key.pem of aisp, pisp, all, other, no-psd, ic, as, \
             expired, not-yet-valid, untrusted, revoked)",
            folder.display()
        );
    }
}

#[expect(clippy::print_stderr, reason = "this is what the program says to its user")]
fn complain(error: &dyn Error) {
    eprint!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprint!(": {error}");
        cause = error.source();
    }
    eprintln!();
}
