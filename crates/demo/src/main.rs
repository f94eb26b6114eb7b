//! `./just demo`: starts everything and says where to click. `bench` measures instead.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use bank_sim::{Credential, Population};
use clap::{Args, Parser, Subcommand, ValueEnum};
use demo::world::Failure;
use demo::{Options, World, bench, control, page};

/// A simulated bank, the broker and the page in one process.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    show: Show,
}

#[derive(Subcommand)]
enum Command {
    /// Measures the broker and prints the figures.
    Bench(bench::Settings),
}

#[derive(Args)]
struct Show {
    /// Port of the page and the broker; 0 takes a free one.
    #[arg(long, default_value_t = 4200)]
    port: u16,
    /// Port of the bank's pages; 0 takes a free one.
    #[arg(long, default_value_t = 4201)]
    bank_port: u16,
    /// Prints one line of JSON for programs, and opens a control port that shows what the bank sees.
    #[arg(long)]
    json: bool,
    /// Which session cookie: WebKit takes only the development one on plain localhost.
    #[arg(long, value_enum, default_value_t = Cookie::Development)]
    cookie: Cookie,
    /// Asks browsers for `Cross-Origin-Opener-Policy: same-origin` on the page.
    #[arg(long)]
    coop: bool,
    /// How many banks people can choose from; the further ones are doors to the first.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=40))]
    banks: u8,
    /// The version of the standard that the broker speaks to the bank.
    #[arg(long, default_value = "2.0", value_parser = ["2.0", "5.0"])]
    cobs: String,
    /// Movements on the account of the customer `obec`, who has more of them than fit on any screen.
    #[arg(long, default_value_t = 100_000)]
    movements: u32,
    /// Folder of a page of your own, instead of the built one in web/dist; needs callback.html.
    #[arg(long, long_help = page_help())]
    page: Option<PathBuf>,
    /// Where an app of your own answers, such as `http://localhost:5173`; its server passes /bank on to `--port`.
    #[arg(long)]
    origin: Option<String>,
    /// Stops when standard input ends, and so with the program that holds the other end of that pipe.
    #[arg(long)]
    end_with_stdin: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Cookie {
    Development,
    Production,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Some(Command::Bench(settings)) => bench::run(&settings).await,
        None => Box::pin(show(arguments.show)).await,
    };
    if let Err(error) = done {
        say(&format!("error: {error}"));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn show(show: Show) -> Result<(), Failure> {
    let own = show.page.is_some() || show.origin.is_some();
    let page = folder(show.page)?;
    let level = if show.json { tracing::Level::WARN } else { tracing::Level::INFO };
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).init();
    let here = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let world = World::start(Options {
        address: here(show.port),
        origin: show.origin,
        development_cookie: show.cookie == Cookie::Development,
        page: Some((page, show.coop)),
        bank_front: here(show.bank_port),
        plain_login: true,
        second_provider: false,
        further_banks: usize::from(show.banks) - 1,
        bank_name: Some("Česká zkušební banka".to_owned()),
        provider_settings: format!("cobs_version = \"{}\"", show.cobs),
        population: Population { movements: show.movements, ..Population::default() },
        ..Options::default()
    })
    .await?;
    if !show.json && !own {
        // who only looks at the demo has the phone on the bank's pages, and need not find it elsewhere
        let pages = vec!["USERAGENT_REDIRECT".to_owned()];
        world.bank.update_knobs(|knobs| knobs.sign_scenarios = vec![pages].into());
    }
    let world = Arc::new(world);
    let credentials = world.bank.credentials();
    let credential = credentials.first().ok_or("the bank has no customer")?;
    if show.json {
        let control = control::open(&world).await?;
        out(&serde_json::json!({
            "app_url": world.origin,
            "broker_url": format!("http://{}", world.address),
            "bank_url": world.bank.front_url(),
            "phone_url": world.bank.phone_url(),
            "control_url": format!("http://{control}"),
            "user": user(credential),
            "users": credentials.iter().map(user).collect::<Vec<_>>(),
        })
        .to_string());
    } else {
        out(&format!(
            "\n  Open   {}\n  Log in at the bank as {} / {} (its pages say so too)\n  \
             Phone  {} (what the bank sends by SMS)\n  Stop   Ctrl-C\n",
            world.origin,
            credential.username,
            credential.password,
            world.bank.phone_url(),
        ));
    }
    told_to_stop(show.end_with_stdin).await?;
    if let Some(world) = Arc::into_inner(world) {
        world.stop().await; // and its temporary folder goes with it
    }
    Ok(())
}

/// What `--page` says at length.
fn page_help() -> String {
    let policy = page::policy(&["THE-BANK".to_owned()]);
    format!(
        "Folder of a page of your own, instead of the built one in web/dist. index.html is served at /. \
         {CALLBACK} belongs there too: the bank sends people back to /callback, from a login and \
         from a signed payment, and this file is what they get. It holds the elements with auto-callback, or \
         calls handleRedirect() and handlePayment().\n\nEverything is sent with this \
         Content-Security-Policy, so scripts and styles are files:\n{policy}",
        CALLBACK = page::CALLBACK,
    )
}

/// The folder of the page; tells where nobody could come back to it from the bank.
///
/// Errors: there is no page.
fn folder(own: Option<PathBuf>) -> Result<PathBuf, Failure> {
    let built = own.is_none();
    let folder = own.unwrap_or_else(|| PathBuf::from("web/dist"));
    let lacks = |file: &str| !folder.join(file).exists();
    let here = folder.display();
    if built && lacks("index.html") {
        return Err(format!("{here} holds no built page; run ./just demo, which builds it").into());
    }
    if lacks("index.html") {
        return Err(format!("{here} has no index.html, see demo --help at --page").into());
    }
    if lacks(page::CALLBACK) {
        say(&format!("note: {here} has no {}, see demo --help at --page", page::CALLBACK));
    }
    Ok(folder)
}

/// How a customer logs in.
fn user(credential: &Credential) -> serde_json::Value {
    serde_json::json!({ "username": credential.username, "password": credential.password })
}

/// Ctrl-C, or SIGTERM as a test runner sends it, or the end of standard input.
async fn told_to_stop(with_stdin: bool) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
        () = stdin_ended(), if with_stdin => {}
    }
    Ok(())
}

/// Standard input has come to its end.
async fn stdin_ended() {
    let (ended, told) = tokio::sync::oneshot::channel();
    // not tokio's own reader: a runtime does not end before it has read something
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        ended.send(())
    });
    let _ = told.await;
}

#[expect(clippy::print_stdout, reason = "the program's own output")]
fn out(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "a command line program speaks to its terminal")]
fn say(text: &str) {
    eprintln!("{text}");
}
