//! The broker's folder, as an operator would lay it out: configuration, secrets, certificates.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use bank_sim::{BankSim, CertificateRequest, Client, Identity, Role};
use broker::ambient::Ambient;
use broker::vault::Ring;

use crate::banks;
use crate::world::{Failure, Options};

/// Our licence number, in the certificate and in the bank's register.
pub(crate) const LICENCE: &str = "PSDCZ-CNB-12345678";
const TPP: &str = "Ukazkova fintech a.s.";

/// The key of the private door in every world that has one.
pub const ADMIN_KEY: &str = "c0ffee00c0ffee00c0ffee00c0ffee00";

/// An application registered at the bank, and the provider that uses it.
struct Registration {
    /// A bank wants every application of a licence to have a name of its own.
    name: String,
    provider: String,
    client_id: String,
    client_secret: String,
    callback: String,
    /// What people call the bank, where that is not for the options to say.
    bank_name: Option<&'static str>,
    /// The others show their initials.
    has_logo: bool,
}

/// The applications of a world: the first, and the others it was asked for.
fn registrations(options: &Options) -> Vec<Registration> {
    let mut all = vec![cnb()];
    if options.second_provider {
        all.push(other());
    }
    let further = banks::NAMES.iter().take(options.further_banks);
    all.extend(further.enumerate().map(|(at, name)| further_bank(at + 2, name)));
    all
}

fn cnb() -> Registration {
    Registration {
        name: "Ukázková fintech a.s.".to_owned(),
        provider: "cnb".to_owned(),
        client_id: "0f4e2c1a-6d0b-4d86-9a55-2f1c7f2f9a10".to_owned(),
        client_secret: "7a1d6a52-9d0e-4a60-8d7d-3b0a4e5f1c22".to_owned(),
        callback: "/callback".to_owned(),
        bank_name: None,
        has_logo: true,
    }
}

fn other() -> Registration {
    Registration {
        name: "Ukázková fintech a.s., jiná banka".to_owned(),
        provider: "other".to_owned(),
        client_id: "5a0c31fe-4be3-4f2e-b6c2-91f2b1e8d3aa".to_owned(),
        // with every character that form encoding must take care of (requirement K14)
        client_secret: "c2b8:%+ é&=".to_owned(),
        callback: "/callback-other".to_owned(),
        bank_name: None,
        has_logo: false,
    }
}

/// One of many banks, all of which are doors to the same one.
fn further_bank(number: usize, name: &'static str) -> Registration {
    Registration {
        name: format!("Ukázková fintech a.s., banka {number}"),
        provider: format!("bank-{number}"),
        client_id: format!("5a0c31fe-4be3-4f2e-b6c2-{number:012}"),
        client_secret: format!("7a1d6a52-9d0e-4a60-8d7d-{number:012}"),
        callback: format!("/callback/bank-{number}"),
        bank_name: Some(name),
        has_logo: number.is_multiple_of(3),
    }
}

/// What the bank has in its register, whether the broker uses it or not.
pub(crate) fn clients(origin: &str, options: &Options) -> Vec<Client> {
    let mut all = registrations(options);
    if !options.second_provider {
        all.push(other());
    }
    all.into_iter()
        .map(|registration| Client {
            client_id: registration.client_id,
            client_secret: registration.client_secret,
            redirect_uris: vec![format!("{origin}{}", registration.callback)],
            scopes: vec!["aisp".to_owned(), "pisp".to_owned()],
            licence: LICENCE.to_owned(),
            name: registration.name,
        })
        .collect()
}

/// A picture of a bank: nobody's.
const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 48 48\">\
    <rect width=\"48\" height=\"48\" rx=\"10\" fill=\"#1d4e89\"/>\
    <path d=\"M24 9 8 18v4h32v-4zM11 24h5v11h-5zm10.5 0h5v11h-5zM32 24h5v11h-5zM8 37h32v4H8z\" fill=\"#fff\"/>\
    </svg>\n";

/// Writes every file into `folder`; the configuration is `bankconnect.toml`.
pub(crate) fn write(
    folder: &Path,
    options: &Options,
    bank: &BankSim,
    address: SocketAddr,
    origin: &str,
) -> Result<(), Failure> {
    let request = certificate(options.roles.clone());
    let identity = if options.foreign_certificate {
        bank.pki().issue_untrusted(request)
    } else {
        bank.pki().issue(request)
    };
    write_identity(folder, &identity)?;
    std::fs::write(folder.join("bank-ca.pem"), bank.pki().ca_pem())?;
    std::fs::write(folder.join("logo.svg"), LOGO)?;
    let keys = folder.join("bankconnect.keys");
    if !keys.exists() {
        write_secret(&keys, &Ring::new(&Ambient::system())?.text())?;
    }
    let config = configuration(folder, options, bank, address, origin)?;
    std::fs::write(folder.join("bankconnect.toml"), config)?;
    Ok(())
}

/// A client certificate of ours.
fn certificate(roles: Vec<Role>) -> CertificateRequest {
    CertificateRequest {
        roles,
        licence: Some(LICENCE.to_owned()),
        organisation: TPP.to_owned(),
        common_name: "tpp.example".to_owned(),
        ..CertificateRequest::default()
    }
}

fn write_identity(folder: &Path, identity: &Identity) -> Result<(), Failure> {
    std::fs::write(folder.join("certificate.pem"), &identity.cert_pem)?;
    write_secret(&folder.join("private-key.pem"), &identity.key_pem)
}

/// Where the broker keeps things.
const FILE: &str = "file = \"bankconnect.db\"";
const SERVER: &str = "url_file = \"store.url\"";

fn configuration(
    folder: &Path,
    options: &Options,
    bank: &BankSim,
    address: SocketAddr,
    origin: &str,
) -> Result<String, Failure> {
    let mut text = format!(
        "dangerous = {dangerous}\n\n[listen]\naddress = \"{address}\"\n{listen}\n\n\
         [app]\norigins = [\"{origin}\"]\ndevelopment_cookie = {development}\n\n\
         [store]\n{store}\nkey_file = \"bankconnect.keys\"\n\n\
         [tpp]\nname = \"{TPP}\"\nidentification = \"{LICENCE}\"\n\n\
         [limits]\n{limits}\n",
        dangerous = options.dangerous(),
        listen = options.listen_settings,
        development = options.development_cookie,
        store = if options.store_url.is_some() { SERVER } else { FILE },
        limits = options.limit_settings,
    );
    if let Some(url) = &options.store_url {
        write_secret(&folder.join("store.url"), url)?;
    }
    if let Some(admin) = &options.admin_settings {
        write_secret(&folder.join("admin.key"), ADMIN_KEY)?;
        write!(text, "\n[admin]\napi_key_file = \"admin.key\"\n{admin}\n")?;
    }
    for registration in registrations(options) {
        let secret = format!("{}.secret", registration.provider);
        write_secret(&folder.join(&secret), &registration.client_secret)?;
        // all a test changes of the preset: where the bank's name leads, and whom to trust
        write!(
            text,
            "\n[providers.{id}]\npreset = \"cnb\"\nclient_id = \"{client_id}\"\n\
             client_secret_file = \"{secret}\"\nredirect_uri = \"{origin}{callback}\"\n\
             ca_file = \"bank-ca.pem\"\n{settings}\n\n\
             [providers.{id}.resolve]\n\"aboktpp.cnb.cz\" = \"{bank}\"\n",
            id = registration.provider,
            client_id = registration.client_id,
            callback = registration.callback,
            settings =
                options.provider_settings(&registration.provider, registration.bank_name, bank)
                    + if registration.has_logo { "\nlogo_file = \"logo.svg\"" } else { "" },
            bank = bank.tls_addr(),
        )?;
    }
    if let Some(sandbox) = bank.sandbox_addr() {
        write!(
            text,
            "\n[providers.cnb-sandbox]\npreset = \"cnb-sandbox\"\nca_file = \"bank-ca.pem\"\n\
             base_api_url = \"https://localhost:{}/psd2-cobs/\"\n{}\n",
            sandbox.port(),
            options.sandbox_settings(),
        )?;
    }
    Ok(text)
}

fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())?;
    Ok(())
}
