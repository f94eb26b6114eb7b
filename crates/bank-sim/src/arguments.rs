//! What the program is started with, and what is refused before any door opens.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, ValueEnum};
use http::Uri;

/// A simulated Czech bank: PowerAuth Web Flow, COBS 2.0 and 5.0 API, mutual TLS.
///
/// Point a third party's software at it as at a real bank. Certificates for both sides are made
/// at each start and written to --out.
#[derive(Parser)]
#[command(version, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) doors: Doors,
    #[command(flatten)]
    pub(crate) application: Application,
    #[command(flatten)]
    pub(crate) behaviour: Behaviour,
    /// Folder for ca.pem and the client identities; without it none are written
    #[arg(long, help_heading = "Certificates")]
    pub(crate) out: Option<PathBuf>,
    /// Names in the server certificate, beside 127.0.0.1; may be given several times
    #[arg(
        long = "host-name",
        value_name = "NAME",
        value_parser = host_name,
        default_values = ["localhost", "aboktpp.cnb.cz"],
        help_heading = "Certificates"
    )]
    pub(crate) host_names: Vec<String>,
}

const AFTER_HELP: &str = "\
Knobs: a value is a lasting position, such as --knob refresh=rotate, or has rules for some
requests, such as
  --knob 'api_reply={\"rules\":[{\"to\":\"hang\",\"user\":\"jana\",\"percent\":30}]}'
docs/knobs.md of the crate lists all knobs and positions; GET /knobs at --control shows them.";

#[derive(Args)]
#[command(next_help_heading = "Doors")]
pub(crate) struct Doors {
    /// Plain HTTP for browsers (login and consent pages)
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4201")]
    pub(crate) front: SocketAddr,
    /// How browsers reach the front door where something stands before it, such as a proxy
    #[arg(long, value_name = "URL", value_parser = front_url)]
    pub(crate) front_url: Option<String>,
    /// TLS for software (token endpoint and API), client certificate required there
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4202")]
    pub(crate) tls: SocketAddr,
    /// TLS of the sandbox (fixed tokens, no client certificate); shut by default
    #[arg(long, value_name = "ADDR")]
    pub(crate) sandbox: Option<SocketAddr>,
    /// Where the client certificate comes from: `tls`, or `header` for a proxy in front of the bank
    /// that terminates TLS and sends X-Client-Certificate to the front or the TLS door
    #[arg(long, value_enum, default_value = "tls")]
    pub(crate) client_certificate: Source,
    /// Plain HTTP for tests: turns knobs and clock, shows requests, breaches, tokens and
    /// passwords; shut by default, loopback only
    #[arg(long, value_name = "ADDR")]
    pub(crate) control: Option<SocketAddr>,
    /// Let --control stand on any address, and be called by any host name
    #[arg(long, requires = "control")]
    pub(crate) control_anywhere: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Registered application")]
pub(crate) struct Application {
    /// Its identifier
    #[arg(
        long,
        value_name = "ID",
        value_parser = NonEmptyStringValueParser::new(),
        default_value = "demo-client"
    )]
    pub(crate) client_id: String,
    /// Its secret
    #[arg(
        long,
        value_name = "SECRET",
        value_parser = NonEmptyStringValueParser::new(),
        env = "BANK_SIM_CLIENT_SECRET",
        default_value = "demo-secret"
    )]
    pub(crate) client_secret: String,
    /// Its redirect URI; may be given several times
    #[arg(
        long = "redirect-uri",
        value_name = "URI",
        value_parser = redirect_uri,
        default_value = "http://127.0.0.1:4200/callback"
    )]
    pub(crate) redirect_uris: Vec<String>,
    /// Its name as the consent page shows it
    #[arg(long, value_name = "NAME", default_value = "Ukázková aplikace")]
    pub(crate) client_name: String,
    /// Its licence, organizationIdentifier in the certificates
    #[arg(long, value_parser = licence, default_value = "PSDCZ-CNB-12345678")]
    pub(crate) licence: String,
}

#[derive(Args)]
#[command(next_help_heading = "Behaviour")]
pub(crate) struct Behaviour {
    /// Seed of the customers, their accounts, and the chances of the knobs
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Customers beside the named ones, klient00001 and on
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) crowd: u32,
    /// Movements in the last 400 days of one more customer, the municipality obec
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    pub(crate) movements: u32,
    /// JSON file of knobs to start with
    #[arg(long, value_name = "FILE")]
    pub(crate) knobs: Option<PathBuf>,
    /// One knob to start with, after --knobs; may be given several times
    #[arg(long = "knob", value_name = "NAME=JSON_OR_WORD")]
    pub(crate) knob: Vec<String>,
}

/// The two sources of `CertificateSource`, as one types them.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Source {
    Tls,
    Header,
}

/// The address of the front door without a slash at the end: paths are put behind it.
fn front_url(text: &str) -> Result<String, &'static str> {
    let right = "an http:// or https:// address of a host, without a path";
    let url = text.strip_suffix('/').unwrap_or(text);
    let address = web(url).filter(|address| !address.contains(['/', '?', '@']));
    address.map(|_| url.to_owned()).ok_or(right)
}

fn redirect_uri(text: &str) -> Result<String, &'static str> {
    let right = "an absolute URI without a fragment, such as https://tpp.example/callback";
    let (scheme, rest) = text.split_once(':').ok_or(right)?;
    let mut letters = scheme.bytes();
    let named = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let written = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic());
    let is_web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    let placed = !is_web || web(text).is_some();
    let good = named && written && placed && !rest.contains('#');
    good.then(|| text.to_owned()).ok_or(right)
}

/// What follows the scheme of a web address whose host can be one.
fn web(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let uri: Uri = text.parse().ok()?;
    let known = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri.host()?;
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let placed = literal
        .map_or_else(|| host_name(host).is_ok(), |address| address.parse::<Ipv6Addr>().is_ok());
    (known && placed).then_some(rest)
}

/// A name or an address, as certificates have it.
fn host_name(text: &str) -> Result<String, &'static str> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(legal);
    let name = text.strip_prefix("*.").unwrap_or(text);
    let good = text.parse::<IpAddr>().is_ok() || name.split('.').all(label);
    good.then(|| text.to_owned()).ok_or("a host name such as bank.example, or an IP address")
}

/// `organizationIdentifier` (bank-api fact 6.2).
fn licence(text: &str) -> Result<String, &'static str> {
    let right = "PSD, country, authority and number, such as PSDCZ-CNB-12345678";
    let mut parts = text.splitn(3, '-');
    let (Some(country), Some(authority), Some(number)) = (parts.next(), parts.next(), parts.next())
    else {
        return Err(right);
    };
    let upper = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase());
    let good = country.len() == 5
        && country.starts_with("PSD")
        && upper(country)
        && (2..=8).contains(&authority.len())
        && upper(authority)
        && !number.is_empty();
    good.then(|| text.to_owned()).ok_or(right)
}
