//! Time on the pages: another SMS, the warning and the way to stay, many logins at once.

use std::time::Duration;

use crate::browser::Browser;
use crate::world::{CALLBACK, World, query};

async fn at_sms(world: &World, user: &str) -> Browser {
    let mut browser = Browser::new(world);
    browser.open(&world.authorize_url("aisp")).await;
    browser.log_in(world, user).await;
    browser
}

async fn stay(world: &World, browser: &mut Browser, csrf: &str) -> u16 {
    let front = world.bank.front_url();
    let page = browser.page.text.clone();
    browser.post(&format!("{front}/powerauth-webflow/authenticate/stay"), &[("csrf", csrf)]).await;
    browser.page.text = page;
    browser.page.status.as_u16()
}

#[tokio::test]
async fn another_sms_is_sent_a_minute_after_the_last_one() {
    let world = World::start().await;
    let mut browser = at_sms(&world, "jana").await;
    let first = world.bank.sms_code("jana").unwrap();
    for (after, left) in
        [(0, "Zbývá sekund: 60."), (50, "Zbývá sekund: 10."), (9, "Zbývá sekund: 1.")]
    {
        world.clock.advance(Duration::from_secs(after));
        browser.press("resend", &[]).await;
        assert_eq!(browser.page.status, 422);
        assert!(browser.page.text.contains(left), "{left}");
        assert!(browser.page.text.contains("<a href=\"#resend\">"));
        assert!(!browser.page.text.contains("aria-invalid"), "the field is not to blame");
        assert_eq!(world.bank.sms_code("jana").unwrap(), first);
    }
    world.clock.advance(Duration::from_secs(1));
    browser.press("resend", &[]).await;
    assert_eq!(browser.page.status, 200);
    assert!(browser.page.text.contains("Poslali jsme vám další zprávu"));
    let second = world.bank.sms_code("jana").unwrap();
    assert_ne!(second, first);
    browser.press("resend", &[]).await;
    assert_eq!(browser.page.status, 422, "the minute starts anew");
    browser.submit(&[("sms_code", &first)]).await;
    assert!(browser.page.text.contains("Zbývá pokusů: 4."), "the old code is worth nothing");
    browser.submit(&[("sms_code", &second)]).await;
    assert!(browser.page.text.contains("name=\"account\""));
}

#[tokio::test]
async fn another_sms_gives_no_more_tries() {
    let world = World::start().await;
    let mut browser = at_sms(&world, "jana").await;
    for _ in 0..4 {
        browser.submit(&[("sms_code", "x")]).await;
        world.clock.advance(Duration::from_mins(1));
        browser.press("resend", &[]).await;
        assert_eq!(browser.page.status, 200);
    }
    browser.submit(&[("sms_code", "x")]).await;
    assert_eq!(query(&browser.left_to, "error").as_deref(), Some("access_denied"));
    let why = query(&browser.left_to, "error_description");
    assert_eq!(why.as_deref(), Some("Maximum number of authentication attempts exceeded"));
}

#[tokio::test]
async fn only_the_sms_step_sends_messages() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.language = "en".to_owned();
    browser.open(&world.authorize_url("aisp")).await;
    assert!(!browser.page.text.contains("id=\"resend\""));
    browser.press("resend", &[("username", "jana"), ("password", "x")]).await;
    assert!(browser.page.text.contains("Tries left: 4."));
    browser.log_in(&world, "jana").await;
    browser.press("resend", &[]).await;
    assert!(browser.page.text.contains("Seconds left: 60."));
    assert!(browser.page.text.contains(">Send the code again</button>"));
}

#[tokio::test]
async fn tries_are_counted_for_each_step() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    for _ in 0..4 {
        browser.submit(&[("username", "jana"), ("password", "wrong")]).await;
    }
    browser.log_in(&world, "jana").await;
    for _ in 0..4 {
        browser.submit(&[("sms_code", "x")]).await;
    }
    browser.confirm_sms().await;
    for _ in 0..4 {
        browser.submit(&[]).await;
    }
    let account = browser.values("account").remove(0);
    browser.submit(&[("account", &account)]).await;
    for _ in 0..4 {
        browser.submit(&[]).await;
        assert_eq!(browser.page.status, 422);
    }
    browser.submit(&[]).await;
    assert_eq!(query(&browser.left_to, "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn answers_at_once_do_not_share_a_try() {
    let world = World::start().await;
    let browser = at_sms(&world, "jana").await;
    let code = world.bank.sms_code("jana").unwrap();
    let (fields, place) = browser.form("continue", &[("sms_code", "x")]);
    let sent = (0..8).map(|_| {
        let request = browser.client.post(&place).body(fields.clone());
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        tokio::spawn(request.header("cookie", browser.cookie.clone()).send())
    });
    for sent in sent.collect::<Vec<_>>() {
        sent.await.unwrap().unwrap();
    }
    assert_eq!(world.bank.sms_code("jana"), None, "the login is over");
    let mut browser = browser;
    browser.submit(&[("sms_code", &code)]).await;
    assert!(browser.left_to.is_empty() && browser.page.status == 200, "{:?}", browser.page);
    assert!(browser.page.text.contains("Přihlášení nelze dokončit"));
}

#[tokio::test]
async fn the_warning_stands_ready_and_its_action_starts_the_five_minutes_anew() {
    let world = World::start().await;
    let mut browser = at_sms(&world, "jana").await;
    let warning = "role=\"alert\" data-after=\"240\" data-over=\"301\"></div>";
    assert!(browser.page.text.contains(warning));
    assert!(
        browser
            .page
            .text
            .contains("<button type=\"button\" id=\"stay\">Prodloužit přihlášení</button>")
    );
    let csrf = browser.values("csrf").remove(0);
    for _ in 0..3 {
        world.clock.advance(Duration::from_secs(299));
        assert_eq!(stay(&world, &mut browser, &csrf).await, 204);
    }
    world.clock.advance(Duration::from_secs(299));
    browser.confirm_sms().await;
    assert!(browser.page.text.contains("name=\"account\""));

    assert_eq!(stay(&world, &mut browser, "x").await, 403);
    world.clock.advance(Duration::from_secs(301));
    assert_eq!(stay(&world, &mut browser, &csrf).await, 410);
    // the way out, to which the script leads
    let front = world.bank.front_url();
    browser.open(&format!("{front}/powerauth-webflow/authenticate")).await;
    assert_eq!(
        browser.left_to,
        format!(
            "{CALLBACK}?error=access_denied&error_description=Authentication%20timed%20out&state=s-1"
        )
    );
    assert_eq!(stay(&world, &mut browser, &csrf).await, 410);
}

#[tokio::test]
async fn several_people_and_several_browsers_do_not_meet() {
    let world = World::start().await;
    let mut jana = at_sms(&world, "jana").await;
    let mut petr = at_sms(&world, "petr").await;
    let mut second = at_sms(&world, "jana").await;
    let (codes, other) =
        (world.bank.sms_code("jana").unwrap(), world.bank.sms_code("petr").unwrap());
    petr.submit(&[("sms_code", &codes)]).await;
    assert_eq!(petr.page.status, 422);
    petr.submit(&[("sms_code", &other)]).await;
    jana.confirm_sms().await;
    second.cancel().await;
    assert_eq!(query(&second.left_to, "error").as_deref(), Some("access_denied"));
    for browser in [&mut jana, &mut petr] {
        let account = browser.values("account").remove(0);
        browser.submit(&[("account", &account)]).await;
        browser.submit(&[("consent", "yes")]).await;
        let code = query(&browser.left_to, "code").unwrap();
        assert_eq!(world.exchange(&code).await.status, 200);
    }
    let users: Vec<_> = world.bank.live_tokens().into_iter().map(|info| info.user).collect();
    assert_eq!(users, ["jana", "petr"]);
}

#[tokio::test]
async fn a_new_request_in_the_same_browser_takes_the_place_of_the_old_one() {
    let world = World::start().await;
    let mut browser = at_sms(&world, "jana").await;
    let old = browser.page.text.clone();
    browser.open(&world.authorize_url("pisp")).await;
    assert!(browser.page.text.contains("name=\"password\""));
    assert_eq!(world.bank.sms_code("jana"), None);
    browser.page.text = old;
    browser.confirm_sms().await;
    assert_eq!(browser.page.status, 403, "the old page has the old token");
}
