//! A person with a browser, walking the login by its forms.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::world::{Answer, World, client_with, form};

/// A person's browser: one cookie, no redirects followed by itself.
pub(crate) struct Browser {
    pub(crate) client: reqwest::Client,
    base: String,
    pub(crate) cookie: String,
    pub(crate) language: String,
    /// False for somebody who closes the lid after each answer.
    pub(crate) follows: bool,
    /// The last address outside the bank.
    pub(crate) left_to: String,
    pub(crate) page: Answer,
}

impl Browser {
    pub(crate) fn new(world: &World) -> Self {
        Self::by(client_with(&world.bank, None), world)
    }

    /// A browser that shares its connections with others.
    pub(crate) fn by(client: reqwest::Client, world: &World) -> Self {
        let page =
            Answer { status: StatusCode::OK, headers: HeaderMap::new(), text: String::new() };
        Self {
            client,
            base: world.bank.front_url(),
            cookie: String::new(),
            language: "cs".to_owned(),
            follows: true,
            left_to: String::new(),
            page,
        }
    }

    /// The whole way from the app to its callback.
    pub(crate) async fn walk(&mut self, world: &World, user: &str, url: &str) {
        self.open(url).await;
        self.log_in(world, user).await;
        self.confirm_sms().await;
        let accounts = self.values("account");
        let accounts: Vec<_> = accounts.iter().map(|id| ("account", id.as_str())).collect();
        self.submit(&accounts).await;
        self.submit(&[("consent", "yes")]).await;
    }

    pub(crate) async fn log_in(&mut self, world: &World, user: &str) {
        let known = world.bank.credentials();
        let known = known.iter().find(|known| known.username == user).unwrap();
        self.submit(&[("username", user), ("password", &known.password)]).await;
    }

    pub(crate) async fn confirm_sms(&mut self) {
        let (_, rest) = self.page.text.split_once("id=\"phone-code\">").expect("a phone");
        let code = rest[..8].to_owned();
        self.submit(&[("sms_code", &code)]).await;
    }

    /// Goes to an address and follows the bank's own redirects.
    pub(crate) async fn open(&mut self, url: &str) {
        self.send(self.client.get(url)).await;
    }

    pub(crate) async fn submit(&mut self, fields: &[(&str, &str)]) {
        self.press("continue", fields).await;
    }

    pub(crate) async fn cancel(&mut self) {
        self.press("cancel", &[]).await;
    }

    /// Values of all inputs of a name.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let inputs = self.page.text.split("<input ").skip(1);
        let named = inputs.filter(|input| input.contains(&format!("name=\"{name}\"")));
        named
            .filter_map(|input| input.split("value=\"").nth(1)?.split('"').next())
            .map(ToOwned::to_owned)
            .collect()
    }

    /// Posts a form without the hidden fields of the page.
    pub(crate) async fn post(&mut self, url: &str, fields: &[(&str, &str)]) {
        let request = self.client.post(url).body(form(fields));
        self.send(request.header("content-type", "application/x-www-form-urlencoded")).await;
    }

    pub(crate) async fn press(&mut self, action: &str, fields: &[(&str, &str)]) {
        let (body, url) = self.form(action, fields);
        let request = self.client.post(url).body(body);
        self.send(request.header("content-type", "application/x-www-form-urlencoded")).await;
    }

    /// The form of the page as it would be sent, and where to.
    pub(crate) fn form(&self, action: &str, fields: &[(&str, &str)]) -> (String, String) {
        let hidden = [("csrf", self.values("csrf")), ("step", self.values("step"))];
        let hidden: Vec<_> = hidden.iter().map(|(name, all)| (*name, all[0].as_str())).collect();
        let all = [hidden.as_slice(), &[("action", action)], fields].concat();
        (form(&all), format!("{}/powerauth-webflow/authenticate", self.base))
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) {
        let mut request = request;
        loop {
            let full = request
                .header("cookie", self.cookie.clone())
                .header("accept-language", self.language.clone());
            self.page = Answer::read(full.send().await.unwrap()).await;
            if let Some(cookie) = self.page.headers.get("set-cookie") {
                let cookie = cookie.to_str().unwrap();
                cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
            }
            let place = self.page.header("location").to_owned();
            if !self.page.status.is_redirection() || !self.follows {
                return;
            }
            if !place.starts_with('/') {
                self.left_to = place;
                return;
            }
            request = self.client.get(format!("{}{place}", self.base));
        }
    }
}
