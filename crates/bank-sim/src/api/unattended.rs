//! How often an application may look without the person (Delegated Regulation (EU) 2018/389,
//! article 36(5)(b): four times a day), counted per application, person, resource and day in
//! Prague. A later page belongs to the access that asked for the first one.

use std::collections::HashMap;
use std::sync::Mutex;

use http::StatusCode;
use jiff::civil::Date;

use super::Refusal;
use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::{Occasion, UnattendedReply};
use crate::oauth::Authorized;
use crate::sync::lock;

/// The accesses of one day.
#[derive(Default)]
pub(crate) struct Unattended(Mutex<(Date, HashMap<[String; 3], u32>)>);

impl Unattended {
    /// Counts an access; answers the how many-th of the day it is.
    fn count(&self, today: Date, access: [String; 3]) -> u32 {
        let mut book = lock(&self.0);
        if book.0 != today {
            *book = (today, HashMap::new());
        }
        let times = book.1.entry(access).or_default();
        *times += 1;
        *times
    }
}

/// Counts a call without the person.
///
/// Errors: 429, or 400 `AUTH_LIMIT_EXCEEDED`, beyond the number of the knob.
pub(super) fn admit(bank: &Bank, call: &Call, authorized: &Authorized) -> Result<(), Refusal> {
    let later = call.query().first("page").is_some_and(|page| page != "0");
    if call.header("user-involved") != Some("false") || later {
        return Ok(());
    }
    let path = call.uri.path().to_owned();
    let access = [authorized.client_id.clone(), authorized.user.clone(), path];
    let times = bank.unattended.count(bank.clock.today(), access);
    let occasion = Occasion::of(call).about(Some(&authorized.user));
    let most = bank.meet(occasion, |knobs| &mut knobs.unattended_per_day);
    if most.is_none_or(|most| times <= most) {
        return Ok(());
    }
    Err(match bank.meet(occasion, |knobs| &mut knobs.unattended_reply) {
        UnattendedReply::TooManyRequests => Refusal::with_status(StatusCode::TOO_MANY_REQUESTS),
        UnattendedReply::AuthLimitExceeded => {
            Refusal::bare(StatusCode::BAD_REQUEST, "AUTH_LIMIT_EXCEEDED")
        }
    })
}
