//! The pages: limits of bank-api fact 5.4, escaping, languages, headers.

use std::time::Duration;

use crate::browser::Browser;
use crate::world::{CALLBACK, World, query};

#[tokio::test]
async fn five_wrong_passwords_end_the_login() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    for left in (1..5).rev() {
        browser.submit(&[("username", "jana"), ("password", "wrong")]).await;
        assert_eq!(browser.page.status, 422);
        assert!(browser.page.text.contains(&format!("Zbývá pokusů: {left}.")));
        assert!(browser.page.text.contains("id=\"errors\" role=\"alert\""));
    }
    browser.submit(&[("username", "jana"), ("password", "wrong")]).await;
    assert!(browser.left_to.starts_with(CALLBACK));
    assert_eq!(query(&browser.left_to, "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_wrong_sms_code_is_refused_and_the_right_one_is_on_the_phone() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    browser.log_in(&world, "jana").await;
    browser.submit(&[("sms_code", "0000000")]).await;
    assert_eq!(browser.page.status, 422);
    let code = world.bank.sms_code("jana").unwrap();
    assert!(browser.page.text.contains(&code));
    browser.submit(&[("sms_code", &code)]).await;
    assert!(browser.page.text.contains("name=\"account\""));
}

#[tokio::test]
async fn the_sms_code_is_that_of_the_newest_login_in_time() {
    let world = World::start().await;
    let mut codes = Vec::new();
    for _ in 0..5 {
        let mut browser = Browser::new(&world);
        browser.open(&world.authorize_url("aisp")).await;
        browser.log_in(&world, "jana").await;
        let code = world.bank.sms_code("jana").unwrap();
        assert!(browser.page.text.contains(&format!("id=\"phone-code\">{code}<")));
        codes.push(code);
        world.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(world.bank.sms_code("jana").as_ref(), codes.last());
    assert_eq!(world.bank.sms_code("petr"), None);
    world.clock.advance(Duration::from_mins(5));
    assert_eq!(world.bank.sms_code("jana"), None);
}

#[tokio::test]
async fn a_pasted_sms_code_may_have_a_space() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    browser.log_in(&world, "jana").await;
    assert!(browser.page.text.contains("maxlength=\"9\""));
    let code = world.bank.sms_code("jana").unwrap();
    browser.submit(&[("sms_code", &format!("{} {}", &code[..4], &code[4..]))]).await;
    assert!(browser.page.text.contains("name=\"account\""));
}

#[tokio::test]
async fn no_account_and_no_consent_are_refused() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    browser.log_in(&world, "petr").await;
    browser.confirm_sms().await;
    let tied = "aria-invalid=\"true\" aria-describedby=\"complaint\"";
    let boxes = |browser: &Browser| browser.page.text.matches(tied).count();
    assert_eq!(boxes(&browser), 0);
    browser.submit(&[]).await;
    assert_eq!(browser.page.status, 422);
    assert_eq!(boxes(&browser), browser.values("account").len());
    browser.submit(&[("account", "acc-of-somebody-else")]).await;
    assert_eq!(browser.page.status, 422);
    let account = browser.values("account").remove(0);
    browser.submit(&[("account", &account)]).await;
    assert!(browser.page.text.contains("name=\"consent\""));
    assert_eq!(boxes(&browser), 0);
    browser.submit(&[]).await;
    assert_eq!(browser.page.status, 422);
    assert_eq!(boxes(&browser), 1);
    browser.submit(&[("consent", "yes")]).await;
    assert!(query(&browser.left_to, "code").is_some());
}

#[tokio::test]
async fn the_consent_promises_no_more_than_the_law_allows() {
    let world = World::start().await;
    for (hours, czech, english) in [
        (365 * 24, "nejdéle 180 dní.", "at most 180 days."),
        (5 * 24, "nejdéle 5 dní.", "at most 5 days."),
        (3 * 24, "nejdéle 3 dny.", "at most 3 days."),
        (24, "nejdéle 1 den.", "at most 1 day."),
        (23, "<dd>méně než den.", "<dd>less than a day."),
    ] {
        let life = Duration::from_hours(hours);
        world.bank.update_knobs(|knobs| knobs.refresh_ttl = life.into());
        let mut browser = Browser::new(&world);
        browser.open(&world.authorize_url("aisp")).await;
        browser.log_in(&world, "eva").await;
        browser.confirm_sms().await;
        let account = browser.values("account").remove(0);
        browser.submit(&[("account", &account)]).await;
        assert!(browser.page.text.contains(czech), "{}", browser.page.text);
        let front = world.bank.front_url();
        browser.open(&format!("{front}/powerauth-webflow/authenticate?lang=en")).await;
        assert!(browser.page.text.contains(english), "{}", browser.page.text);
    }
}

#[tokio::test]
async fn five_minutes_of_silence_end_the_login_and_actions_prolong_it() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    world.clock.advance(Duration::from_mins(4));
    browser.log_in(&world, "jana").await;
    world.clock.advance(Duration::from_mins(4));
    browser.confirm_sms().await;
    world.clock.advance(Duration::from_secs(301));
    browser.submit(&[]).await;
    assert_eq!(query(&browser.left_to, "error").as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn a_finished_login_waits_no_longer_than_another() {
    let world = World::start().await;
    let front = world.bank.front_url();
    let proceed = format!("{front}/powerauth-webflow/authenticate/continue");
    for place in [proceed, world.authorize_url("aisp")] {
        let mut browser = Browser::new(&world);
        browser.open(&world.authorize_url("aisp")).await;
        browser.log_in(&world, "jana").await;
        browser.confirm_sms().await;
        let account = browser.values("account").remove(0);
        browser.submit(&[("account", &account)]).await;
        browser.follows = false;
        browser.submit(&[("consent", "yes")]).await;
        assert_eq!(browser.page.status, 303);
        world.clock.advance(Duration::from_secs(301));
        browser.follows = true;
        browser.open(&place).await;
        assert_eq!(query(&browser.left_to, "error").as_deref(), Some("access_denied"), "{place}");
    }
}

#[tokio::test]
async fn the_pages_speak_both_languages_and_keep_the_step() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.language = "en-GB,en;q=0.9".to_owned();
    browser.open(&world.authorize_url("aisp")).await;
    assert!(browser.page.text.contains("<html lang=\"en\">"));
    browser.log_in(&world, "jana").await;
    assert!(browser.page.text.contains("<label for=\"sms_code\">SMS code</label>"));
    let front = world.bank.front_url();
    browser.open(&format!("{front}/powerauth-webflow/authenticate?lang=cs")).await;
    assert!(browser.page.text.contains("<label for=\"sms_code\">Kód z SMS</label>"));
}

#[tokio::test]
async fn an_apps_host_ends_no_directive_of_the_policy() {
    let world = World::with(|options| {
        options.clients[0].redirect_uris = vec!["http://a;sandbox/callback".to_owned()];
    });
    let world = world.await;
    let mut browser = Browser::new(&world);
    let url = world.authorize_url("aisp").replace("127.0.0.1%3A9", "a%3Bsandbox");
    browser.open(&url).await;
    assert_eq!(browser.page.status, 200);
    let policy = browser.page.header("content-security-policy");
    assert!(policy.contains("form-action 'self'; frame-ancestors"), "{policy}");
    assert!(!policy.contains("sandbox"), "{policy}");
}

#[tokio::test]
async fn names_are_escaped_and_the_policy_names_the_apps_origin_only() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    assert!(browser.page.text.contains("Účty &lt;pohromadě&gt;"));
    assert!(!browser.page.text.contains("<pohromadě>"));
    assert_eq!(
        browser.page.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
         img-src 'self'; form-action 'self' http://127.0.0.1:9; frame-ancestors 'none'; base-uri 'none'"
    );
    assert_eq!(browser.page.header("cache-control"), "no-store");
    let script = "<script src=\"/powerauth-webflow/resources/patience.js\" defer></script>";
    assert_eq!(browser.page.text.replace(script, "").matches("<script").count(), 0);
    assert!(!browser.page.text.contains("style="));

    let evil = world.authorize_url("aisp").replace("127.0.0.1%3A9", "evil.example");
    browser.open(&evil).await;
    assert!(!browser.page.header("content-security-policy").contains("evil"));
}

#[tokio::test]
async fn a_form_without_the_sessions_token_is_refused() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    let mut other = Browser::new(&world);
    other.open(&world.authorize_url("aisp")).await;
    browser.page = std::mem::replace(&mut other.page, browser.page);
    browser.log_in(&world, "jana").await;
    assert_eq!(browser.page.status, 403);
}

#[tokio::test]
async fn the_old_form_of_a_past_step_changes_nothing() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    let first = browser.page.text.clone();
    browser.log_in(&world, "jana").await;
    browser.page.text = first;
    browser.submit(&[("username", "jana"), ("password", "wrong")]).await;
    assert_eq!(browser.page.status, 200);
    assert!(browser.page.text.contains("name=\"sms_code\""));
}

#[tokio::test]
async fn the_pages_own_files_are_served() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    let front = world.bank.front_url();
    browser.open(&format!("{front}/powerauth-webflow/resources/style.css")).await;
    assert_eq!(browser.page.header("content-type"), "text/css;charset=UTF-8");
    browser.open(&format!("{front}/powerauth-webflow/resources/logo.svg")).await;
    assert_eq!(browser.page.header("content-type"), "image/svg+xml");
    browser.open(&format!("{front}/powerauth-webflow/resources/patience.js")).await;
    assert_eq!(browser.page.header("content-type"), "text/javascript;charset=UTF-8");
    browser.open(&format!("{front}/")).await;
    assert_eq!(browser.page.status, 200);
    assert!(!browser.page.text.contains("<script"));
    assert!(!browser.page.header("content-security-policy").contains("script-src"));
}
