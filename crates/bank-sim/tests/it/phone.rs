//! The phone at `/phone`: what was sent by SMS, newest first, and nothing of it in the journal.

use reqwest::Method;
use serde_json::json;

use crate::browser::Browser;
use crate::payer::Payer;
use crate::world::World;

/// The texts of the messages, in their order.
async fn messages(world: &World, language: &str) -> Vec<String> {
    let mut browser = Browser::new(world);
    language.clone_into(&mut browser.language);
    browser.open(&world.bank.phone_url()).await;
    assert_eq!(browser.page.status, 200);
    assert_eq!(browser.page.header("content-language"), language);
    let list = browser.page.text.split("<ol id=\"messages\">").nth(1).unwrap();
    let items = list.split("</ol>").next().unwrap().split("<li ").skip(1);
    items.map(|item| item.split("class=\"message\">").nth(1).unwrap().to_owned()).collect()
}

#[tokio::test]
async fn codes_of_logins_and_of_payments_are_on_the_phone_newest_first() {
    let payer = Payer::start("jana").await;
    let bank = &payer.world.bank;
    let before = messages(&payer.world, "cs").await;
    assert_eq!(before.len(), 2, "two logins: {before:?}");
    assert!(before.iter().all(|text| text.starts_with("Přihlášení do banky.")), "{before:?}");
    assert_ne!(before[0], before[1]);

    let ordered = payer.initiated(&payer.domestic()).await;
    payer.sign(Method::POST, &ordered, json!({ "authorizationType": "SMS" })).await;
    let code = format!("<strong class=\"code\">{}<", bank.sms_code("jana").unwrap());
    let after = messages(&payer.world, "cs").await;
    assert_eq!(after[1..], before);
    assert!(after[0].starts_with("Potvrzení platby 150,50"), "{after:?}");
    assert!(after[0].contains(&code), "{after:?}");
    let english = messages(&payer.world, "en").await;
    assert!(english[0].starts_with("Payment ") && english[0].contains(&code), "{english:?}");
}

#[tokio::test]
async fn another_code_is_another_message_and_the_page_of_a_payment_says_the_same() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let mut browser = Browser::new(&payer.world);
    browser.open(&crate::signing::begin(&payer, &ordered).await).await;
    browser.log_in(&payer.world, "jana").await;
    let first = messages(&payer.world, "cs").await;
    let code = payer.world.bank.sms_code("jana").unwrap();
    assert!(first[0].starts_with("Potvrzení platby") && first[0].contains(&code), "{first:?}");
    let told = first[0].split(" <strong").next().unwrap();
    assert!(browser.page.text.contains(told), "{told}");

    browser.press("resend", &[]).await;
    assert_eq!(messages(&payer.world, "cs").await, first, "too soon");
    payer.world.clock.advance(std::time::Duration::from_secs(61));
    browser.press("resend", &[]).await;
    let second = messages(&payer.world, "cs").await;
    assert_eq!(second[1..], first);
    assert!(second[0].contains(&payer.world.bank.sms_code("jana").unwrap()), "{second:?}");
}

/// On one connection with requests that are recorded as they came.
#[tokio::test]
async fn looking_at_the_phone_is_not_taken_down() {
    let world = World::start().await;
    let client = world.without_certificate();
    let front = world.bank.front_url();
    for path in ["/phone", "/", "/phone?lang=en", "/powerauth-webflow/oauth/error", "/phone"] {
        let answer = client.get(format!("{front}{path}")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap();
    }
    let requests = world.bank.requests();
    let paths: Vec<_> = requests.iter().map(bank_sim::RecordedRequest::path).collect();
    assert_eq!(paths, ["/", "/powerauth-webflow/oauth/error"]);
    for (request, path) in requests.iter().zip(&paths) {
        let raw = String::from_utf8_lossy(request.raw.as_deref().unwrap());
        assert!(raw.starts_with(&format!("GET {path} HTTP/1.1")), "{raw}");
    }
}
