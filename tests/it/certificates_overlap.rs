//! Several certificates of ours for one bank: each is presented in its time, and who has laid the next one out in
//! time has nothing to do on its first day. What the bank saw tells which certificate a call came with.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bank_sim::{CertificateRequest, Role};
use demo::{Options, World};
use serde_json::{Value, json};

use crate::cli::{self, change};
use crate::common::{accounts, connected, health, our_request, problem, start};
use crate::load::{Load, presented};
use crate::logs;

/// A certificate to lay out: the name in it, its first and last minute from now on, its roles.
#[derive(Clone, Copy)]
pub(crate) struct Laid {
    pub(crate) name: &'static str,
    pub(crate) minutes: (i64, i64),
    pub(crate) roles: &'static [Role],
}

const BOTH: &[Role] = &[Role::AccountInformation, Role::PaymentInitiation];
const DAY: i64 = 24 * 60;

pub(crate) const fn laid(name: &'static str, from: i64, until: i64) -> Laid {
    Laid { name, minutes: (from, until), roles: BOTH }
}

const fn lesser(laid: Laid, roles: &'static [Role]) -> Laid {
    Laid { roles, ..laid }
}

fn minutes(minutes: i64) -> Duration {
    Duration::from_mins(minutes.unsigned_abs())
}

/// Writes it beside the configuration, as `NAME.crt` and `NAME.key`.
pub(crate) fn write(world: &World, laid: &Laid) {
    let now = UNIX_EPOCH + Duration::from_secs(world.now());
    let at = |from_now: i64| -> SystemTime {
        if from_now < 0 { now - minutes(from_now) } else { now + minutes(from_now) }
    };
    let roles = laid.roles.to_vec();
    let request = CertificateRequest { roles, common_name: laid.name.to_owned(), ..our_request() };
    let identity = world.bank.pki().issue_between(request, at(laid.minutes.0), at(laid.minutes.1));
    let file = |ending: &str| world.folder.join(format!("{}.{ending}", laid.name));
    std::fs::write(file("crt"), identity.cert_pem).unwrap();
    // made by the copy with the rights of a secret
    std::fs::copy(world.folder.join("private-key.pem"), file("key")).unwrap();
    std::fs::write(file("key"), identity.key_pem).unwrap();
}

/// The list of `cnb`, in place of its pair.
pub(crate) fn list(world: &World, all: &[Laid]) {
    let entry = |laid: &Laid| {
        let name = laid.name;
        format!("{{ certificate_file = \"{name}.crt\", private_key_file = \"{name}.key\" }}")
    };
    for laid in all {
        write(world, laid);
    }
    let entries: Vec<_> = all.iter().map(entry).collect();
    let pair = "certificate_file = \"certificate.pem\"\nprivate_key_file = \"private-key.pem\"";
    change(world, pair, &format!("certificates = [{}]", entries.join(", ")));
}

/// A world with one bank, whose broker begins with these. Nobody looks at the files, unless told to.
async fn laid_out(all: &[Laid]) -> World {
    let limit_settings = "reload_seconds = 3600".to_owned();
    let options = Options { second_provider: false, limit_settings, ..Options::stepped() };
    let mut world = start(options).await;
    list(&world, all);
    logs::begin();
    world.restart_broker().await.unwrap();
    world
}

/// What health says of the end: of the certificate in use and of all, in minutes from a moment, and the step.
async fn ends(world: &World, from: u64) -> (i64, i64, Value) {
    let told = health(world, "cnb").await;
    let minutes = |key: &str| {
        let end: jiff::Timestamp = told[key].as_str().unwrap().parse().unwrap();
        (end.as_second() - i64::try_from(from).unwrap()) / 60
    };
    let of = (minutes("certificate_ends_at"), minutes("certificate_covered_until"));
    (of.0, of.1, told["certificate_step"].clone())
}

/// What the log says of switches: which certificate was taken.
fn switches() -> Vec<String> {
    let events = logs::events("certificate_switched");
    assert!(events.iter().all(|event| event["provider"] == "cnb"));
    events.iter().map(|event| event["certificate"].as_str().unwrap().to_owned()).collect()
}

/// D.4 `cert=swapped`, K45, P14: as its first day comes, the next certificate is presented, under load, without a
/// look at the files, without a call that fails and without one more under the certificate before.
#[tokio::test]
async fn a_new_certificate_takes_over_by_the_clock() {
    let (old, next) = (laid("old.example", -DAY, 60), laid("next.example", 30, 120));
    let world = laid_out(&[next, old, laid("last.example", 90, 90 * DAY)]).await;
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            let load = Load::of_readers(&world, &["cnb"]).await;
            load.goes_on().await;
            assert_eq!(presented(&world), ["old.example"]);
            for (name, switched) in
                [("next.example", "certificates[0]"), ("last.example", "certificates[2]")]
            {
                logs::begin();
                world.advance(minutes(45));
                load.goes_on().await;
                world.bank.clear_requests();
                load.goes_on().await;
                assert_eq!(presented(&world), [name]);
                assert_eq!(switches(), [switched], "told once");
            }
            load.stop().await;
        })
        .await;
    let connects = world.browser().connect("cnb", "pisp").await;
    assert!(connects.is_ok(), "and so do token calls");
    assert_eq!(presented(&world), ["last.example"]);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// K45: nobody looked between the last second of one and the first call after it.
#[tokio::test]
async fn no_call_goes_out_under_one_that_has_ended() {
    let world = laid_out(&[laid("old.example", -DAY, 60), laid("next.example", 50, 3 * DAY)]).await;
    let (browser, id) = connected(&world).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(&world), ["old.example"]);
    world.bank.clear_requests();
    world.advance(minutes(61));
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(&world), ["next.example"]);
    assert_eq!(switches(), ["certificates[1]"]);
}

/// K46: the one that covers the scopes is presented, though another lasts longer; the other when there is nothing
/// better, and then what it lacks is told and refused here. Of equals it is the first of the file.
#[tokio::test]
async fn the_scopes_come_before_the_end() {
    let payments = lesser(laid("payments.example", -DAY, 90 * DAY), &[Role::PaymentInitiation]);
    let (wide, short) = (laid("wide.example", -DAY, 60), laid("short.example", -DAY, 30));
    let world = laid_out(&[payments, short, wide, laid("twin.example", -DAY, 60)]).await;
    let begun = world.now();
    let (browser, id) = connected(&world).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(&world), ["wide.example"]);
    assert_eq!(ends(&world, begun).await, (60, 60, json!(1)), "payments alone cover no accounts");
    logs::begin();
    world.bank.clear_requests();
    world.advance(minutes(61));
    assert_eq!(ends(&world, begun).await, (90 * DAY, 90 * DAY, json!(null)));
    assert_eq!(switches(), ["certificates[0]"], "told by whoever asks first");
    assert_eq!(health(&world, "cnb").await["certificate_lacks"], json!(["aisp"]));
    let lacks = logs::events("certificate");
    assert!(lacks.len() == 1 && lacks[0]["lacks"] == "aisp", "{lacks:?}");
    problem(&accounts(&browser, &id).await, 422, "bank_refused");
    assert_eq!(presented(&world), ["payments.example"]);
    assert!(browser.start("cnb", "aisp").await.is_err());
    assert!(browser.start("cnb", "pisp").await.is_ok());
}

/// K46: while the next one takes over in time, nothing is alarmed, and the end of all is told.
#[tokio::test]
async fn an_overlap_does_not_warn() {
    let (old, next) =
        (laid("old.example", -DAY, 20 * DAY), laid("next.example", 19 * DAY, 60 * DAY));
    let world = laid_out(&[old, next, laid("last.example", 59 * DAY, 100 * DAY)]).await;
    let begun = world.now();
    assert_eq!(ends(&world, begun).await, (20 * DAY, 100 * DAY, json!(null)));
    assert_eq!(health(&world, "cnb").await["certificate_days_left"], 100);
    world.advance(minutes(20 * DAY - 1));
    world.reload().await;
    assert_eq!(logs::events("certificate"), [] as [Value; 0]);
    assert_eq!(ends(&world, begun).await, (60 * DAY, 100 * DAY, json!(null)));
    world.advance(minutes(50 * DAY));
    world.reload().await;
    assert_eq!(ends(&world, begun).await, (100 * DAY, 100 * DAY, json!(30)));
    let [event] = &logs::events("certificate")[..] else { panic!("the end of the last one") };
    assert_eq!((&event["days"], &event["step"]), (&json!(30), &json!(30)));
    assert_eq!(event["next_begins_at"], json!(null));
}

/// K46: a gap between two is told ahead as the end of the first, and while it lasts; then the next one is taken by
/// itself.
#[tokio::test]
async fn a_gap_warns() {
    let (old, next) =
        (laid("old.example", -DAY, 20 * DAY), laid("next.example", 21 * DAY, 90 * DAY));
    let mut world = laid_out(&[old, next]).await;
    let begun = world.now();
    let (browser, id) = connected(&world).await;
    assert_eq!(ends(&world, begun).await, (20 * DAY, 20 * DAY, json!(30)));
    let [event] = &logs::events("certificate")[..] else { panic!("at the start") };
    assert_eq!((&event["level"], &event["step"]), (&json!("WARN"), &json!(30)));
    let resumed = begun + 21 * 86_400;
    assert_eq!(event["next_begins_at"], resumed);
    logs::begin();
    world.advance(minutes(20 * DAY + 60));
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(ends(&world, begun).await, (20 * DAY, 20 * DAY, json!(0)), "the old one stays");
    world.reload().await;
    let told = |events: &[Value]| json!([events[0]["level"], events[0]["next_begins_at"]]);
    assert_eq!(told(&logs::events("certificate")), json!(["ERROR", resumed]));
    assert_eq!(switches(), [] as [&str; 0]);
    // a start goes on in the gap too, with the one that ends last
    logs::begin();
    world.restart_broker().await.unwrap();
    assert_eq!(ends(&world, begun).await, (90 * DAY, 20 * DAY, json!(0)));
    assert_eq!(told(&logs::events("certificate")), json!(["ERROR", resumed]));
    world.advance(minutes(DAY));
    world.bank.clear_requests();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(&world), ["next.example"]);
    assert_eq!(ends(&world, begun).await, (90 * DAY, 90 * DAY, json!(null)));
}

/// K45: one that is no good among several keeps the broker from starting, and the others in use at a reload; it is
/// told by its place. What is new and good is taken.
#[tokio::test]
async fn a_bad_pair_of_several_is_refused_by_name() {
    let world = laid_out(&[laid("old.example", -DAY, 60), laid("next.example", 50, DAY)]).await;
    let (browser, id) = connected(&world).await;
    let read = |name: &str| std::fs::read(world.folder.join(name)).unwrap();
    let (good, key, other) =
        (read("next.example.crt"), read("next.example.key"), read("old.example.crt"));
    for (chain, key, named, says) in [
        (&good[..good.len() / 4], &*key, "certificate_file", "no PEM"),
        (&*good, b"nonsense", "private_key_file", "PEM key"),
        (&*other, &*key, "private_key_file", "is not the key"),
    ] {
        let named = format!("certificates[1].{named}");
        std::fs::write(world.folder.join("next.example.crt"), chain).unwrap();
        std::fs::write(world.folder.join("next.example.key"), key).unwrap();
        logs::begin();
        world.reload().await;
        let [event] = &logs::events("files_refused")[..] else { panic!("{named}") };
        assert_eq!((&event["level"], &event["key"]), (&json!("ERROR"), &json!(named)));
        assert!(event["what"].as_str().unwrap().contains(says), "{event}");
        assert_eq!(health(&world, "cnb").await["files_refused"], named);
        let refused = cli::run(&world.folder, &["serve"]).await;
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains(&format!("providers.cnb.{named}: ")), "{}", refused.err);
        assert_eq!(accounts(&browser, &id).await.status, 200, "the old ones stay");
    }
    for name in ["old.example", "next.example"] {
        write(&world, &laid(name, -DAY, -1));
    }
    world.reload().await;
    assert_eq!(health(&world, "cnb").await["files_refused"], "certificates");
    assert_eq!(presented(&world), ["old.example"]);
    write(&world, &laid("next.example", -1, DAY));
    world.reload().await;
    assert_eq!(health(&world, "cnb").await["files_refused"], json!(null));
    let [event] = &logs::events("files_taken")[..] else { panic!("once") };
    assert_eq!(event["certificate"], "certificates[1]");
    world.bank.clear_requests();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(&world), ["next.example"]);
    assert_eq!(switches(), [] as [&str; 0], "new files are an event of their own");
}
