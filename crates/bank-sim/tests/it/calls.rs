//! A third party that knows the bank from openapi.json alone, and calls what stands there.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};

use bank_sim::{Role, SignPage, WebFlow};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::browser::Browser;
use crate::contract::{Operation, conforms, document, operations, resolved};
use crate::world::{
    Answer, CALLBACK, CLIENT, LICENCE, SECRET, VERIFIER, World, basic, form, http_date, query,
    request_id,
};

/// What a call needs beyond its description.
type Parameters = HashMap<String, String>;

pub(crate) struct Caller {
    world: World,
    /// With every role, that of card issuers included.
    tpp: reqwest::Client,
    number: AtomicU64,
}

/// A call that went well.
struct Called {
    path: Parameters,
    body: Value,
}

/// The versions in which a call exists.
pub(crate) fn versions(operation: &Operation) -> &'static [&'static str] {
    let both = operation.template.contains("{version}");
    match operation.template {
        _ if both => &["2.0", "5.0"],
        template if template.contains("/5.0/") => &["5.0"],
        _ => &["2.0"],
    }
}

impl Caller {
    pub(crate) async fn start() -> Self {
        // where the document's examples send the browser
        let home = "http://127.0.0.1:4200/callback".to_owned();
        let world = World::with(|options| options.clients[0].redirect_uris.push(home)).await;
        let roles = vec![Role::AccountInformation, Role::PaymentInitiation, Role::CardInstruments];
        let tpp = world.tpp_with(roles, Some(LICENCE));
        world.bank.update_knobs(|knobs| knobs.card_consent = true.into());
        Self { world, tpp, number: AtomicU64::new(2) }
    }

    /// Calls what may not exist, with good papers.
    pub(crate) async fn bare(&self, template: &str, method: &Method, version: &str) -> Answer {
        let path = template.split('/').map(|part| match part {
            "{version}" => version,
            part if part.starts_with('{') => "x",
            part => part,
        });
        let path = path.collect::<Vec<_>>().join("/");
        let request = self.request(method, &path).bearer_auth(self.token("aisp").await);
        self.send(template, request).await
    }

    /// Calls an operation as described, and holds the answer against its description.
    pub(crate) async fn good(&self, operation: &'static Operation, version: &'static str) {
        self.call(operation, version).await;
    }

    fn call(
        &self,
        operation: &'static Operation,
        version: &'static str,
    ) -> Pin<Box<dyn Future<Output = Called> + '_>> {
        Box::pin(async move {
            let name = operation.value["operationId"].as_str().unwrap();
            let (mut parameters, mut body) = self.linked(name, version).await;
            fill(operation, version, &mut parameters);
            if body.is_null() {
                let content = &operation.value["requestBody"]["content"]["application/json"];
                body = self.numbered(&content["example"]);
            }
            let path = operation.template.split('/').map(|part| {
                let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
                name.map_or(part, |name| &parameters[name])
            });
            let path = path.collect::<Vec<_>>().join("/");
            let fields = self.fields(name).await;
            let mut request = self.request(&operation.method, &target(operation, &path, &fields));
            request = self.papers(request, &operation.value["security"]).await;
            if operation.method != Method::GET && !fields.is_empty() {
                request = request.header("content-type", "application/x-www-form-urlencoded");
                request = request.body(form(&pairs(&fields)));
            } else {
                request = request.header("content-type", "application/json");
            }
            if !body.is_null() {
                request = request.body(body.to_string());
            }
            let answer = self.send(operation.template, request).await;
            conforms(&answer, &operation.method, &path);
            let without_login = operation.value["x-needs-login"] == true && answer.status == 410;
            let responses = operation.value["responses"].as_object().unwrap();
            let denied = responses.keys().all(|status| !status.starts_with(['2', '3']));
            let well = answer.status.is_success() || answer.status.is_redirection();
            assert!(well || without_login || denied, "{name} {version} {path}: {answer:?}");
            let body = serde_json::from_str(&answer.text).unwrap_or_default();
            Called { path: parameters, body }
        })
    }

    /// Path parameters and body that another call has for this one.
    async fn linked(&self, name: &str, version: &'static str) -> (Parameters, Value) {
        for source in operations() {
            for response in source.value["responses"].as_object().unwrap().values() {
                let links = response["links"].as_object().into_iter().flatten();
                let mut links = links.map(|(_, link)| link);
                if let Some(link) = links.find(|link| link["operationId"] == name) {
                    let called = self.call(source, version).await;
                    let parameters = link["parameters"].as_object().unwrap().iter();
                    let parameters = parameters
                        .map(|(name, from)| (name.clone(), called.value(from.as_str().unwrap())));
                    return (
                        parameters.collect(),
                        called.filled(&self.numbered(&link["requestBody"])),
                    );
                }
            }
        }
        (Parameters::new(), Value::Null)
    }

    /// An example with a number of its own instead of 0001: names and references are used once.
    fn numbered(&self, example: &Value) -> Value {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let text = example.to_string().replace("0001", &format!("{number:04}"));
        serde_json::from_str(&text).unwrap()
    }

    /// The one table of what the document cannot give: fields that come from a person's login
    /// or from another call.
    async fn fields(&self, name: &str) -> Vec<(&'static str, String)> {
        let text = |text: &str| text.to_owned();
        match name {
            "authorize" | "authorize2" => vec![
                ("response_type", text("code")),
                ("client_id", text(CLIENT)),
                ("redirect_uri", text(CALLBACK)),
                ("scope", text("aisp")),
                ("state", text("s-1")),
            ],
            "token" | "token2" => vec![
                ("grant_type", text("authorization_code")),
                ("code", self.code(name == "token2").await),
                ("redirect_uri", text(CALLBACK)),
                ("code_verifier", text(VERIFIER)),
            ],
            "checkToken" | "checkTokenByForm" | "revoke" | "revoke2" | "introspect2" => {
                let tokens = self.world.connect("petr", "aisp").await;
                vec![("token", tokens["access_token"].as_str().unwrap().to_owned())]
            }
            "openSigningPage" => {
                let turn = |page: SignPage| {
                    self.world.bank.update_knobs(|knobs| knobs.sign_page = page.into());
                };
                turn(SignPage::Post);
                let start =
                    operations().iter().find(|one| one.value["operationId"] == "startSigning");
                let begun = self.call(start.unwrap(), "2.0").await;
                turn(SignPage::Get);
                let field = |name| (name, begun.value(&format!("$response.body#/formData/{name}")));
                vec![field("SAMLRequest"), field("relayState")]
            }
            _ => Vec::new(),
        }
    }

    /// What the first way of `security` asks for; the certificate is shown in any case.
    async fn papers(&self, request: RequestBuilder, security: &Value) -> RequestBuilder {
        let first = &security[0];
        if let Some(scope) = first["bearer"][0].as_str() {
            return request.bearer_auth(self.token(scope).await);
        }
        match first.get("basic") {
            Some(_) => request.header("authorization", basic(CLIENT, SECRET)),
            None => request,
        }
    }

    async fn code(&self, later: bool) -> String {
        if !later {
            return self.world.code("petr", "aisp").await;
        }
        self.turn(WebFlow::V1_5);
        let mut browser = Browser::new(&self.world);
        let url = self.world.authorize_url("aisp").replace("/oauth/", "/oauth2/");
        browser.walk(&self.world, "petr", &url).await;
        self.turn(WebFlow::V1_4);
        query(&browser.left_to, "code").unwrap()
    }

    /// Sends to the generation of Web Flow that has the path (bank-api fact 5.1).
    async fn send(&self, template: &str, request: RequestBuilder) -> Answer {
        if template.contains("/oauth2/") {
            self.turn(WebFlow::V1_5);
        }
        let answer = Answer::raw(request.send().await.unwrap()).await;
        self.turn(WebFlow::V1_4);
        answer
    }

    fn turn(&self, generation: WebFlow) {
        self.world.bank.update_knobs(|knobs| knobs.web_flow = generation.into());
    }

    /// A token that lives, whatever the calls before have ended.
    async fn token(&self, scope: &str) -> String {
        let tokens = self.world.connect("jana", scope).await;
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    fn request(&self, method: &Method, target: &str) -> RequestBuilder {
        let request = self.tpp.request(method.clone(), self.world.tls(target));
        request
            .header("x-request-id", request_id())
            .header("date", http_date(self.world.clock.now()))
            .header("user-involved", "true")
            .header("tpp-name", "Ukazka")
    }
}

impl Called {
    /// A runtime expression of a link.
    fn value(&self, expression: &str) -> String {
        if let Some(name) = expression.strip_prefix("$request.path.") {
            return self.path[name].clone();
        }
        let place = expression.strip_prefix("$response.body#").unwrap();
        let value = self.body.pointer(place).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no {expression} in {}", self.body)).to_owned()
    }

    /// A body with the expressions in it worked out.
    fn filled(&self, body: &Value) -> Value {
        match body {
            Value::String(text) => match text.strip_prefix('{').and_then(|it| it.strip_suffix('}'))
            {
                Some(expression) => Value::String(self.value(expression)),
                None => body.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.filled(item)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter();
                fields.map(|(name, value)| (name.clone(), self.filled(value))).collect()
            }
            other => other.clone(),
        }
    }
}

/// Path parameters that need no link: the version, and the first of a list.
fn fill(operation: &Operation, version: &str, parameters: &mut Parameters) {
    parameters.insert("version".to_owned(), version.to_owned());
    let item = &document()["paths"][operation.template];
    let both = [&item["parameters"], &operation.value["parameters"]];
    for parameter in both.into_iter().filter_map(Value::as_array).flatten().map(resolved) {
        if let (Some(name), Some(first)) =
            (parameter["name"].as_str(), parameter["schema"]["enum"][0].as_str())
        {
            parameters.entry(name.to_owned()).or_insert_with(|| first.to_owned());
        }
    }
}

fn target(operation: &Operation, path: &str, fields: &[(&str, String)]) -> String {
    if operation.method == Method::GET && !fields.is_empty() {
        return format!("{path}?{}", form(&pairs(fields)));
    }
    path.to_owned()
}

fn pairs<'a>(fields: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
