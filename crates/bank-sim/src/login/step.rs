//! The body of each step: headings, fields, the error summary (linked to its field and focused),
//! and the boxes that exist only because this is a simulation.

use http::StatusCode;

use super::flow::{Flow, Step, TRIES};
use super::page::{Kind, Page, escape};
use super::words::Words;
use super::{operation, order_page};
use crate::bank::Bank;
use crate::data::Account;
use crate::oauth::origin;

/// Something wrong with the last answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Complaint {
    WrongLogin,
    WrongSms,
    NoAccounts,
    NoConsent,
    /// Seconds until there can be another SMS.
    TooSoon(i64),
    /// Another customer than the one who pays.
    NotPayer,
}

/// The page of the flow's current step.
pub(super) fn page(bank: &Bank, flow: &Flow, complaint: Option<Complaint>) -> Page<'static> {
    let words = flow.language.words();
    let (title, fields, beside) = match flow.step {
        Step::Login => (words.login_title, login(words, complaint), hint(bank, words)),
        Step::Sms => (words.sms_title, sms(flow, words, complaint), phone(flow, words.sms_message)),
        Step::Accounts => {
            (words.accounts_title, accounts(bank, flow, words, complaint), String::new())
        }
        Step::Consent | Step::Done => {
            (words.consent_title, consent(bank, flow, words, complaint), String::new())
        }
        Step::Confirm => order_page::parts(bank, flow, complaint),
    };
    let errors = complaint.map(|complaint| summary(flow, words, complaint)).unwrap_or_default();
    let button = match flow.step {
        Step::Consent => words.agree_button,
        Step::Confirm => order_page::button(bank, flow),
        _ => words.proceed,
    };
    let main = format!(
        "{progress}<h1>{title}</h1>\n{asks}{errors}<div class=\"columns\">\n\
         <form method=\"post\" action=\"/powerauth-webflow/authenticate\" novalidate>\n\
         <input type=\"hidden\" name=\"csrf\" value=\"{csrf}\">\n\
         <input type=\"hidden\" name=\"step\" value=\"{step}\">\n{fields}\
         <div class=\"buttons\">\n\
         <button type=\"submit\" name=\"action\" value=\"continue\" id=\"continue\">{button}</button>\n\
         <button type=\"submit\" name=\"action\" value=\"cancel\" id=\"cancel\" class=\"quiet\">{cancel}</button>\n\
         </div>\n{resend}</form>\n{beside}</div>\n",
        progress = progress(bank, flow, words),
        asks = asks(bank, flow, words),
        csrf = escape(&flow.csrf),
        step = flow.step.name(),
        cancel = if flow.signs() { order_page::refuse(bank, flow) } else { words.cancel },
        resend = if flow.step.asks_for_code() { resend(words) } else { String::new() },
    );
    let status = match complaint {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let form_target = operation::target(bank, flow).or_else(|| app_origin(bank, flow));
    Page { language: flow.language, title, kind: Kind::Step, status, main, form_target }
}

/// The origin of the registered redirect URI of this flow.
fn app_origin(bank: &Bank, flow: &Flow) -> Option<String> {
    let request = flow.request();
    let client = bank.client(request.first("client_id")?)?;
    let position = bank.knobs(|knobs| *knobs.redirect_uri.lasting());
    let requested = request.first("redirect_uri");
    origin(&crate::oauth::resolve(&client.redirect_uris, requested, position)?)
}

fn progress(bank: &Bank, flow: &Flow, words: &Words) -> String {
    let steps = if flow.signs() {
        vec![(Step::Login, words.step_login), (Step::Confirm, order_page::step(bank, flow))]
    } else {
        vec![
            (Step::Login, words.step_login),
            (Step::Sms, words.step_sms),
            (Step::Accounts, words.step_accounts),
            (Step::Consent, words.step_consent),
        ]
    };
    let items = steps.into_iter().map(|(step, name)| {
        let current = if step == flow.step { " aria-current=\"step\"" } else { "" };
        format!("<li{current}>{name}</li>")
    });
    let items: String = items.collect();
    format!("<ol class=\"steps\" aria-label=\"{}\">{items}</ol>\n", words.progress)
}

/// Who wants in: the registered name and licence, never what the request claims.
fn asks(bank: &Bank, flow: &Flow, words: &Words) -> String {
    let claimed = || flow.request().first("client_id").map(ToOwned::to_owned);
    let client = operation::client(bank, flow).or_else(claimed);
    let client = client.and_then(|client_id| bank.client(&client_id));
    let in_sandbox = client.is_none() && flow.signs();
    let who = match client {
        Some(client) => format!(
            "<strong>{}</strong>, {} {}",
            escape(&client.name),
            words.licence,
            escape(&client.licence)
        ),
        None if in_sandbox => {
            format!("<strong>{}</strong>", order_page::sandbox(flow.language))
        }
        None => format!("<strong>{}</strong>", words.unregistered),
    };
    let asks = if flow.signs() { order_page::asks(bank, flow) } else { words.asks };
    // the sandbox names no application but calls it one
    let asks = asks.strip_suffix(" aplikace").filter(|_| in_sandbox).unwrap_or(asks);
    format!("<p class=\"asks\">{asks}: {who}</p>\n")
}

fn summary(flow: &Flow, words: &Words, complaint: Complaint) -> String {
    let (target, text, number) = match complaint {
        Complaint::WrongLogin => ("username", words.wrong_login, Some(words.tries_left)),
        Complaint::WrongSms => ("sms_code", words.wrong_sms, Some(words.tries_left)),
        Complaint::NoAccounts => ("account-0", words.no_accounts, None),
        Complaint::NoConsent => ("consent", words.no_consent, None),
        Complaint::TooSoon(_) => ("resend", words.too_soon, Some(words.seconds_left)),
        Complaint::NotPayer => {
            ("username", order_page::not_payer(flow.language), Some(words.tries_left))
        }
    };
    let left = match complaint {
        Complaint::TooSoon(seconds) => seconds,
        _ => TRIES.saturating_sub(flow.tries).into(),
    };
    let left = number.map(|number| format!(" {number} {left}.")).unwrap_or_default();
    format!(
        "<div class=\"errors\" id=\"errors\" role=\"alert\" aria-live=\"assertive\" tabindex=\"-1\" autofocus>\n\
         <h2>{}</h2>\n<p id=\"complaint\"><a href=\"#{target}\">{text}</a>{left}</p>\n</div>\n",
        words.error_title
    )
}

/// Attributes of a field: focus when nothing is wrong, otherwise the tie to the complaint.
pub(super) fn state(complaint: Option<Complaint>, first: bool) -> &'static str {
    match (complaint, first) {
        (None, true) => " autofocus",
        (None, false) | (Some(Complaint::TooSoon(_)), _) => "",
        (Some(_), _) => " aria-invalid=\"true\" aria-describedby=\"complaint\"",
    }
}

fn login(words: &Words, complaint: Option<Complaint>) -> String {
    format!(
        "<p class=\"field\"><label for=\"username\">{}</label>\n\
         <input id=\"username\" name=\"username\" type=\"text\" autocomplete=\"username\" \
         autocapitalize=\"none\" spellcheck=\"false\" required{}></p>\n\
         <p class=\"field\"><label for=\"password\">{}</label>\n\
         <input id=\"password\" name=\"password\" type=\"password\" \
         autocomplete=\"current-password\" required{}></p>\n",
        words.username,
        state(complaint, true),
        words.password,
        state(complaint, false),
    )
}

fn hint(bank: &Bank, words: &Words) -> String {
    let rows = bank.ledger.shown().iter().map(|customer| {
        format!(
            "<tr><td>{}</td><td><code>{}</code></td><td><code>{}</code></td></tr>\n",
            escape(&customer.name),
            escape(&customer.username),
            escape(&customer.password),
        )
    });
    format!(
        "<aside class=\"hint\" aria-labelledby=\"hint\">\n<h2 id=\"hint\">{}</h2>\n<p>{}</p>\n\
         <table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th></tr></thead><tbody>\n{}</tbody></table>\n</aside>\n",
        words.hint_title,
        words.hint_text,
        words.customer,
        words.username,
        words.password,
        rows.collect::<String>(),
    )
}

fn sms(flow: &Flow, words: &Words, complaint: Option<Complaint>) -> String {
    let intro = if flow.sms_count > 1 { words.sms_again } else { words.sms_intro };
    // nine characters: people paste the eight digits with a space in the middle
    format!(
        "<p role=\"status\">{intro}</p>\n\
         <p class=\"field\"><label for=\"sms_code\">{}</label>\n\
         <input id=\"sms_code\" name=\"sms_code\" type=\"text\" inputmode=\"numeric\" \
         autocomplete=\"one-time-code\" maxlength=\"9\" required{}></p>\n",
        words.sms_code,
        state(complaint, true),
    )
}

/// Sends another SMS. It comes after the button that Enter presses.
fn resend(words: &Words) -> String {
    format!(
        "<p class=\"resend\">{}\n\
         <button type=\"submit\" name=\"action\" value=\"resend\" id=\"resend\" class=\"quiet\">{}</button></p>\n",
        words.no_sms, words.resend
    )
}

/// The phone beside the field for its code.
pub(super) fn phone(flow: &Flow, message: &str) -> String {
    format!(
        "<aside class=\"phone\" aria-labelledby=\"phone\">\n<h2 id=\"phone\">{}</h2>\n\
         <p class=\"message\">{} <strong id=\"phone-code\">{}</strong></p>\n</aside>\n",
        flow.language.words().phone,
        message,
        flow.sms
    )
}

fn accounts(bank: &Bank, flow: &Flow, words: &Words, complaint: Option<Complaint>) -> String {
    let customer = flow.user.as_deref().and_then(|user| bank.ledger.customer(user));
    let owned = customer.map_or(&[][..], |customer| &customer.accounts);
    let boxes = owned.iter().enumerate().map(|(at, account)| {
        let checked = if flow.accounts.contains(&account.id) { " checked" } else { "" };
        let state = state(complaint, at == 0);
        format!(
            "<p class=\"choice\"><input type=\"checkbox\" id=\"account-{at}\" name=\"account\" \
             value=\"{}\"{checked}{state}>\n<label for=\"account-{at}\">{}</label></p>\n",
            escape(&account.id),
            described(account, flow),
        )
    });
    format!(
        "<p>{}</p>\n<fieldset><legend>{}</legend>\n{}</fieldset>\n",
        words.accounts_intro,
        words.accounts_legend,
        boxes.collect::<String>(),
    )
}

fn consent(bank: &Bank, flow: &Flow, words: &Words, complaint: Option<Complaint>) -> String {
    let customer = flow.user.as_deref().and_then(|user| bank.ledger.customer(user));
    let owned = customer.map_or(&[][..], |customer| &customer.accounts);
    let chosen = owned.iter().filter(|account| flow.accounts.contains(&account.id));
    let chosen: Vec<_> =
        chosen.map(|account| format!("<li>{}</li>", described(account, flow))).collect();
    let chosen = chosen.concat();
    let may = if flow.scope() == Some("pisp") { words.may_pay } else { words.may_read };
    let days = bank.knobs(|knobs| knobs.refresh_ttl.position().as_secs()) / 86_400;
    let days = days.min(bank.knobs(|knobs| u64::from(*knobs.consent_days.position())));
    let request = flow.request();
    let client = request.first("client_id").and_then(|client_id| bank.client(client_id));
    let who = client.map_or(words.unregistered.to_owned(), |client| {
        format!("{} ({} {})", escape(&client.name), words.licence, escape(&client.licence))
    });
    format!(
        "<dl>\n<dt>{}</dt><dd>{who}</dd>\n<dt>{}</dt><dd>{may}</dd>\n<dt>{}</dt>\
         <dd><ul>{chosen}</ul></dd>\n<dt>{}</dt><dd>{}. {}</dd>\n</dl>\n\
         <p class=\"choice\"><input type=\"checkbox\" id=\"consent\" name=\"consent\" value=\"yes\" \
         required{state}>\n<label for=\"consent\">{}</label></p>\n",
        words.who,
        words.what,
        words.which,
        words.how_long,
        flow.language.at_most(days),
        words.withdraw,
        words.agree,
        state = state(complaint, false),
    )
}

pub(super) fn described(account: &Account, flow: &Flow) -> String {
    let name = match flow.language.code() {
        "en" => account.english,
        _ => account.name,
    };
    format!(
        "<span class=\"account\">{}</span> <span class=\"number\">{}/{}</span> \
         <span class=\"currency\">{}</span>",
        escape(name),
        account.number.local(),
        account.number.bank,
        account.currency,
    )
}
