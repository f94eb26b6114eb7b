//! The frame of every page, its security headers, and the pages outside a flow.

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::flow::{PATIENCE, WARNING};
use super::words::{Language, Words};

/// The place of the pages' own files.
pub(super) const RESOURCES: &str = "/powerauth-webflow/resources";

/// What a page is, and so what it has beside its main part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A step of a login: the language can be switched, and time runs.
    Step,
    /// The phone: the language can be switched, and it follows what the bank sends.
    Phone,
    /// One that only says something.
    Plain,
}

impl Kind {
    fn script(self) -> Option<&'static str> {
        match self {
            Self::Step => Some("patience.js"),
            Self::Phone => Some("phone.js"),
            Self::Plain => None,
        }
    }
}

/// A page before it is written.
pub(super) struct Page<'a> {
    pub(super) language: Language,
    pub(super) title: &'a str,
    pub(super) kind: Kind,
    pub(super) status: StatusCode,
    /// Markup of the main part, already escaped.
    pub(super) main: String,
    /// Origin beside our own that a form may lead to: the app's.
    pub(super) form_target: Option<String>,
}

impl Page<'_> {
    /// Writes the page with its headers.
    pub(super) fn respond(self) -> Response {
        let words = self.language.words();
        let title = match self.status {
            StatusCode::UNPROCESSABLE_ENTITY => format!("{}: {}", words.error_prefix, self.title),
            _ => self.title.to_owned(),
        };
        let script = self
            .kind
            .script()
            .map(|name| format!("<script src=\"{RESOURCES}/{name}\" defer></script>\n"));
        let script = script.unwrap_or_default();
        let (warning, footer) = match self.kind {
            Kind::Step => (warning(words), format!("<footer><p>{}</p></footer>\n", words.patience)),
            Kind::Phone | Kind::Plain => Default::default(),
        };
        let html = format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"robots\" content=\"noindex\">\n\
             <title>{title} – {bank}</title>\n\
             <link rel=\"stylesheet\" href=\"{RESOURCES}/style.css\">\n\
             <link rel=\"icon\" type=\"image/svg+xml\" href=\"{RESOURCES}/logo.svg\">\n{script}</head>\n\
             <body>\n<a class=\"skip\" href=\"#main\">{skip}</a>\n{top}\
             <main id=\"main\" tabindex=\"-1\">\n{main}{warning}</main>\n\
             {footer}</body>\n</html>\n",
            lang = self.language.code(),
            bank = words.bank,
            skip = words.skip,
            top = top(words, self.language, self.kind != Kind::Plain),
            main = self.main,
        );
        let policy = policy(self.kind.script().is_some(), self.form_target.as_deref());
        (self.status, headers(&policy, self.language), Html(html)).into_response()
    }
}

/// The page for a login that cannot go back to its app.
pub(crate) fn failure(status: StatusCode, language: Language, cause: &str) -> Response {
    let words = language.words();
    let cause = match cause {
        "" => String::new(),
        cause => {
            format!(
                "<p class=\"cause\">{} <code>{}</code></p>\n",
                words.failure_cause,
                escape(cause)
            )
        }
    };
    let main = format!("<h1>{}</h1>\n<p>{}</p>\n{cause}", words.failure_title, words.failure_text);
    let title = words.failure_title;
    Page { language, title, kind: Kind::Plain, status, main, form_target: None }.respond()
}

/// The page at the root of the front door.
pub(super) fn welcome(language: Language) -> Response {
    let words = language.words();
    let main = format!(
        "<h1>{}</h1>\n<p>{}</p>\n<p><a href=\"/phone\">{}</a></p>\n",
        words.home_title, words.home_text, words.phone_title
    );
    let (title, status) = (words.home_title, StatusCode::OK);
    Page { language, title, kind: Kind::Plain, status, main, form_target: None }.respond()
}

/// Text for markup and quoted attributes.
pub(super) fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, symbol| {
        match symbol {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
        escaped
    })
}

fn top(words: &Words, language: Language, switch: bool) -> String {
    let other = if language == Language::Czech { "en" } else { "cs" };
    let switch = if switch {
        format!(
            "<a class=\"language\" lang=\"{other}\" hreflang=\"{other}\" href=\"?lang={other}\">{}</a>",
            words.other_language
        )
    } else {
        String::new()
    };
    format!(
        "<header><div class=\"top\"><div class=\"brand\">\
         <img src=\"{RESOURCES}/logo.svg\" alt=\"\" width=\"40\" height=\"40\">\
         <span>{}</span></div>{switch}</div>\n\
         <p class=\"simulator\" role=\"note\">{}</p></header>\n",
        words.bank, words.simulator
    )
}

/// What the script shows when time runs out. The live regions stand empty until then, or a screen
/// reader would not notice what comes into them.
fn warning(words: &Words) -> String {
    // a second more, so that the bank agrees that time is over
    let (warning, over) = (WARNING / 1000, PATIENCE / 1000 + 1);
    format!(
        "<div id=\"warning\" class=\"warning\" role=\"alert\" data-after=\"{warning}\" \
         data-over=\"{over}\"></div>\n<p id=\"stayed\" class=\"stayed\" role=\"status\"></p>\n\
         <template id=\"warning-text\"><p>{}</p>\
         <button type=\"button\" id=\"stay\">{}</button></template>\n\
         <template id=\"stayed-text\">{}</template>\n",
        words.warning, words.stay, words.stayed
    )
}

/// Chromium applies `form-action` to the redirects after a form as
/// well, so the app's origin is in, unless it could end the directive.
fn policy(has_script: bool, form_target: Option<&str>) -> String {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.:/[]".contains(&byte);
    let form_target = form_target.filter(|origin| origin.bytes().all(legal));
    let target = form_target.map(|origin| format!(" {origin}")).unwrap_or_default();
    let script = if has_script { " script-src 'self'; connect-src 'self';" } else { "" };
    format!(
        "default-src 'none';{script} style-src 'self'; img-src 'self'; form-action 'self'{target}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}

fn headers(policy: &str, language: Language) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_disarmed() {
        assert_eq!(escape("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    }
}
