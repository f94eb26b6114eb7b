//! Every outcome of the redirect back, and what the redirect URI may be: bank-api fact 5.5.

use bank_sim::{Client, Knob, Pkce, RedirectUri};

use crate::browser::Browser;
use crate::world::{CALLBACK, CHALLENGE, CLIENT, LICENCE, SECRET, World, query};

const SORRY: &str = "Přihlášení nelze dokončit";

async fn with_uris(uris: &[&str]) -> World {
    World::with(|options| {
        options.clients = vec![Client {
            redirect_uris: uris.iter().map(ToString::to_string).collect(),
            ..client()
        }];
    })
    .await
}

fn client() -> Client {
    Client {
        client_id: CLIENT.to_owned(),
        client_secret: SECRET.to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        scopes: vec!["aisp".to_owned()],
        licence: LICENCE.to_owned(),
        name: "App".to_owned(),
    }
}

/// The request with its redirect URI replaced; `None` leaves it out.
fn request(world: &World, redirect_uri: Option<&str>) -> String {
    let url = world.authorize_url("aisp");
    let (before, rest) = url.split_once("&redirect_uri=").unwrap();
    let (_, after) = rest.split_once('&').unwrap();
    let encode = |uri: &str| uri.replace('%', "%25").replace('&', "%26").replace('#', "%23");
    let uri = redirect_uri.map(|uri| format!("&redirect_uri={}", encode(uri)));
    format!("{before}{}&{after}", uri.unwrap_or_default())
}

async fn walked(world: &World, url: &str) -> Browser {
    let mut browser = Browser::new(world);
    browser.walk(world, "eva", url).await;
    browser
}

#[tokio::test]
async fn success_carries_code_and_state_with_the_status_of_the_knob() {
    let world = World::start().await;
    for (position, status) in [(303.into(), 303), (Knob::always(302), 302)] {
        world.bank.update_knobs(|knobs| knobs.redirect_status = position);
        let browser = walked(&world, &world.authorize_url("aisp")).await;
        assert_eq!(browser.page.status, status);
        let code = query(&browser.left_to, "code").unwrap();
        assert_eq!(browser.left_to, format!("{CALLBACK}?code={code}&state=s-1"));
        assert_eq!(browser.page.header("cache-control"), "no-store");
        assert_eq!(browser.page.header("referrer-policy"), "no-referrer");
    }
}

#[tokio::test]
async fn errors_after_the_login_are_told_to_the_app_word_by_word() {
    let world = World::with(|options| options.clients = vec![client()]).await;
    let good = world.authorize_url("pisp");
    let browser = walked(&world, &good).await;
    assert_eq!(browser.page.status, 303);
    assert_eq!(
        browser.left_to,
        format!(
            "{CALLBACK}?error=invalid_scope&error_description=Invalid%20scope&state=s-1&scope=aisp"
        )
    );
    let other_type =
        world.authorize_url("aisp").replace("response_type=code", "response_type=token");
    let browser = walked(&world, &other_type).await;
    let expected = format!("{CALLBACK}?error=unsupported_response_type&state=s-1");
    assert_eq!(browser.left_to, expected);
    // any other exception of the library has its code in the redirect too
    world.bank.update_knobs(|knobs| knobs.pkce = Pkce::Enforced.into());
    let bare = world.authorize_url("aisp").replace(CHALLENGE, "short");
    let browser = walked(&world, &bare).await;
    assert_eq!(query(&browser.left_to, "error").as_deref(), Some("invalid_request"));
    assert_eq!(query(&browser.left_to, "state").as_deref(), Some("s-1"));
    assert_eq!(query(&browser.left_to, "code"), None);
}

#[tokio::test]
async fn unknown_clients_and_other_redirects_get_a_page_and_no_redirect() {
    let world = World::start().await;
    let cases = [
        (world.authorize_url("aisp").replace("client-1", "client-x"), 401, "invalid_client"),
        (request(&world, Some("http://127.0.0.1:9/evil")), 400, "redirect_uri_mismatch"),
    ];
    for (url, status, cause) in cases {
        let browser = walked(&world, &url).await;
        assert_eq!((browser.page.status.as_u16(), &*browser.left_to), (status, ""), "{cause}");
        assert!(browser.page.text.contains(cause) && browser.page.text.contains(SORRY));
    }
}

#[tokio::test]
async fn a_cancel_that_web_flow_cannot_place_ends_on_its_own_page() {
    let world = with_uris(&[CALLBACK]).await;
    let good = world.authorize_url("aisp");
    let cases = [
        ("no state", good.replace("&state=s-1", "")),
        ("two clients", format!("{good}&client_id={CLIENT}")),
        ("two redirect URIs", format!("{good}&redirect_uri={CALLBACK}")),
        ("no redirect URI", request(&world, None)),
        ("two response types", format!("{good}&response_type=code")),
        ("no response type", good.replace("response_type=code&", "")),
        ("another response type", good.replace("response_type=code", "response_type=token")),
        ("another port", good.replace("%3A9%2F", "%3A4711%2F")),
        ("unknown client", good.replace(CLIENT, "client-x")),
    ];
    for (what, url) in cases {
        let mut browser = Browser::new(&world);
        browser.open(&url).await;
        browser.follows = false;
        browser.cancel().await;
        assert_eq!(browser.page.status, 302, "{what}");
        assert_eq!(browser.page.header("location"), "/powerauth-webflow/oauth/error", "{what}");
    }
}

#[tokio::test]
async fn a_lost_session_ends_on_the_error_page() {
    let world = World::start().await;
    let front = world.bank.front_url();
    for path in ["authenticate", "authenticate/continue", "authenticate/cancel"] {
        let mut browser = Browser::new(&world);
        browser.follows = false;
        browser.open(&format!("{front}/powerauth-webflow/{path}")).await;
        assert_eq!(browser.page.status, 302, "{path}");
        assert_eq!(browser.page.header("location"), "/powerauth-webflow/oauth/error", "{path}");
    }
    let mut browser = Browser::new(&world);
    browser.open(&format!("{front}/powerauth-webflow/oauth/error")).await;
    assert_eq!(browser.page.status, 200);
    assert_eq!(browser.page.header("content-type"), "text/html; charset=utf-8");
    assert!(browser.page.text.contains(SORRY));
}

#[tokio::test]
async fn the_cancel_address_takes_get_and_post_at_any_step() {
    let world = World::start().await;
    let front = world.bank.front_url();
    for (method, step) in [("GET", 0), ("GET", 1), ("POST", 0), ("POST", 1)] {
        let mut browser = Browser::new(&world);
        browser.open(&world.authorize_url("aisp")).await;
        if step > 0 {
            browser.log_in(&world, "petr").await;
        }
        let place = format!("{front}/powerauth-webflow/authenticate/cancel");
        if method == "GET" {
            browser.open(&place).await;
        } else {
            browser.post(&place, &[]).await;
        }
        assert_eq!(browser.page.status, 302);
        assert_eq!(
            browser.left_to,
            format!(
                "{CALLBACK}?error=access_denied\
                 &error_description=User%20canceled%20authentication%20request&state=s-1"
            )
        );
        assert!(browser.page.header("set-cookie").contains("Max-Age=0"));
    }
}

#[tokio::test]
async fn the_redirect_uri_is_the_registered_one_with_the_requested_port_and_query() {
    const REGISTERED: &str = "https://app.example/a/cb?tenant=1";
    let world = with_uris(&[REGISTERED]).await;
    let fits = [
        (REGISTERED, REGISTERED),
        ("https://app.example:8443/a/cb?tenant=1", "https://app.example:8443/a/cb?tenant=1"),
        ("https://app.example/a/cb?tenant=1&x=2", "https://app.example/a/cb?tenant=1&x=2"),
        ("https://app.example/a/cb?x=2&tenant=1", "https://app.example/a/cb?x=2&tenant=1"),
        ("https://app.example/a/b/../cb?tenant=1", REGISTERED),
        ("https://app.example/a/cb?tenant=1#part", REGISTERED),
    ];
    for (requested, resolved) in fits {
        let browser = walked(&world, &request(&world, Some(requested))).await;
        assert!(browser.left_to.starts_with(&format!("{resolved}&code=")), "{requested}");
        // at the token endpoint the resolved one counts, as a string
        let code = query(&browser.left_to, "code").unwrap();
        let grant = ("grant_type", "authorization_code");
        let fields = [grant, ("code", &*code), ("redirect_uri", resolved)];
        assert_eq!(world.token(&fields).await.status, 200, "{requested}");
    }
    let others = [
        "http://app.example/a/cb?tenant=1",
        "https://other.example/a/cb?tenant=1",
        "https://app.example.evil.example/a/cb?tenant=1",
        "https://x@app.example/a/cb?tenant=1",
        "https://app.example/a/cb/?tenant=1",
        "https://app.example/a/CB?tenant=1",
        "https://app.example/a/cb",
        "https://app.example/a/cb?tenant=2",
        "https://app.example/a/cb?tenant=1&tenant=1",
        "https://app.example/a/cb?tenant=1\\@evil.example",
    ];
    for requested in others {
        let browser = walked(&world, &request(&world, Some(requested))).await;
        assert_eq!((browser.page.status.as_u16(), &*browser.left_to), (400, ""), "{requested}");
    }
}

#[tokio::test]
async fn the_redirect_uri_may_be_absent_where_exactly_one_is_registered() {
    let world = with_uris(&[CALLBACK]).await;
    let browser = walked(&world, &request(&world, None)).await;
    let code = query(&browser.left_to, "code").unwrap();
    assert!(browser.left_to.starts_with(CALLBACK));
    let grant = ("grant_type", "authorization_code");
    assert_eq!(world.token(&[grant, ("code", &code)]).await.status, 200, "absent twice");

    let browser = walked(&world, &request(&world, None)).await;
    let code = query(&browser.left_to, "code").unwrap();
    let other = [grant, ("code", &code), ("redirect_uri", "http://127.0.0.1:9/other")];
    assert_eq!(world.token(&other).await.status, 400, "where it is sent, it must be right");

    let world = with_uris(&[CALLBACK, "http://127.0.0.1:9/second"]).await;
    let browser = walked(&world, &request(&world, None)).await;
    assert_eq!((browser.page.status.as_u16(), &*browser.left_to), (400, ""));
}

#[tokio::test]
async fn the_answer_can_carry_more_than_it_should() {
    let world = World::start().await;
    let extra = |pairs: &[(&str, &str)]| -> Vec<_> {
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    };
    let issuer = "https://bank.example/powerauth-webflow";
    let cases = [
        (extra(&[("state", "s-2")]), "&state=s-1&iss=ISS&state=s-2"),
        (
            extra(&[("iss", "https://evil.example")]),
            "&state=s-1&iss=ISS&iss=https%3A%2F%2Fevil.example",
        ),
        (extra(&[("code", "stolen")]), "&state=s-1&iss=ISS&code=stolen"),
        (extra(&[("x", "1"), ("x", "2")]), "&state=s-1&iss=ISS&x=1&x=2"),
        (
            extra(&[("a\r\nSet-Cookie: b", "c\r\nLocation: //evil")]),
            "&state=s-1&iss=ISS&a%0D%0ASet-Cookie%3A%20b=c%0D%0ALocation%3A%20%2F%2Fevil",
        ),
    ];
    for (pairs, tail) in cases {
        world.bank.update_knobs(|knobs| {
            knobs.redirect_extra = Knob::next(1, pairs);
            knobs.iss = Some(issuer.to_owned()).into();
        });
        let browser = walked(&world, &world.authorize_url("aisp")).await;
        let code = query(&browser.left_to, "code").unwrap();
        let tail = tail.replace("ISS", "https%3A%2F%2Fbank.example%2Fpowerauth-webflow");
        assert_eq!(browser.left_to, format!("{CALLBACK}?code={code}{tail}"));
    }
    world.bank.update_knobs(|knobs| knobs.iss = Some(format!("{issuer}/")).into());
    let browser = walked(&world, &world.authorize_url("aisp")).await;
    assert!(browser.left_to.ends_with("&iss=https%3A%2F%2Fbank.example%2Fpowerauth-webflow%2F"));
    let mut browser = Browser::new(&world);
    world.bank.update_knobs(|knobs| {
        knobs.redirect_extra = Knob::next(1, extra(&[("code", "planted")]));
        knobs.iss = None.into();
    });
    browser.open(&world.authorize_url("aisp")).await;
    browser.cancel().await;
    assert!(browser.left_to.ends_with("&state=s-1&code=planted"), "{}", browser.left_to);
}

/// The knob `redirect_uri`: one below a registered one is taken, or any at the token endpoint.
#[tokio::test]
async fn a_lax_bank_returns_below_and_forgets_where_it_returned() {
    let world = World::start().await;
    let below = format!("{CALLBACK}/more?a=1");
    world.bank.update_knobs(|knobs| knobs.redirect_uri = RedirectUri::Below.into());
    for (asked, taken) in [(&*below, true), ("http://127.0.0.1:9/evil", false)] {
        let browser = walked(&world, &request(&world, Some(asked))).await;
        assert_eq!(browser.left_to.starts_with(asked), taken, "{}", browser.left_to);
    }
    world.bank.update_knobs(|knobs| knobs.redirect_uri = RedirectUri::Unbound.into());
    let browser = walked(&world, &request(&world, Some(&below))).await;
    assert_eq!(browser.page.status, 400);
    for (position, status) in [(RedirectUri::Unbound, 200), (RedirectUri::Normal, 400)] {
        world.bank.update_knobs(|knobs| knobs.redirect_uri = position.into());
        let browser = walked(&world, &world.authorize_url("aisp")).await;
        let code = query(&browser.left_to, "code").unwrap();
        let grant = ("grant_type", "authorization_code");
        let fields = [grant, ("code", &*code), ("redirect_uri", &*below)];
        assert_eq!(world.token(&fields).await.status, status);
    }
}
