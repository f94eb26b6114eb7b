//! Watches what clients do, request by request, and notes breaches that no refusal would tell them
//! of: what the conformance suite for `OpenID` clients checks silently (security facts D.2), and
//! what only the other side of the wire can see.

mod api;
mod authorization;
mod endpoint;
mod presented;
mod seen;
mod token;
mod transport;

use std::sync::{Arc, Mutex};

use crate::bank::Bank;
use crate::call::Call;
use crate::form::Fields;
use crate::sync::lock;

use authorization::Requests;
use endpoint::Endpoint;
use presented::{Presented, Presenting};
use seen::Seen;

/// What has to be remembered to notice that something comes again.
#[derive(Default)]
pub(crate) struct Watch {
    requests: Mutex<Requests>,
    codes_issued: Seen,
    codes_shown: Seen,
    refresh_issued: Seen,
    /// Refresh tokens that may be shown again: the answer to them was lost, or was an error.
    refresh_excused: Seen,
    presenting: Presenting,
}

impl Watch {
    /// Looks at a request before it is answered. The guard wants to know how that went.
    pub(crate) fn inspect(bank: &Arc<Bank>, call: &Call) -> Option<Presented> {
        let endpoint = Endpoint::of(call.uri.path());
        transport::check(bank, call, endpoint);
        match endpoint {
            Endpoint::Token => {
                let form = call.form();
                token::check_client(bank, call, &form);
                token::check_grant(bank, &form);
                return Presented::of(bank, &form);
            }
            Endpoint::BesideToken => token::check_client(bank, call, &call.form()),
            Endpoint::Api => api::check(bank, call),
            Endpoint::Authorization | Endpoint::Registration | Endpoint::Page => {}
        }
        None
    }

    /// Looks at a new authorization request.
    pub(crate) fn authorization(&self, bank: &Bank, request: &Fields) {
        authorization::check(bank, request);
        if !authorization::is_banks_own(request) {
            lock(&self.requests).begin(bank, request);
        }
    }

    /// Notes that the authorization request with this `state` was answered.
    pub(crate) fn answered(&self, state: Option<&str>) {
        lock(&self.requests).answer(state);
    }

    /// Notes a code that was issued.
    pub(crate) fn code_issued(&self, code: &str) {
        self.codes_issued.note(code);
        self.codes_shown.forget(code);
    }

    /// Notes that a client was refused before its code was looked at: it may come again with another secret.
    pub(crate) fn client_refused(&self, form: &Fields) {
        if let Some(code) = form.first("code") {
            self.codes_shown.forget(code);
        }
    }

    /// Notes a refresh token that was issued.
    pub(crate) fn refresh_issued(&self, token: Option<&str>) {
        token.map(|token| self.refresh_issued.note(token));
    }

    /// Whether a client may show a refresh token that was rotated away.
    pub(crate) fn is_excused(&self, token: &str) -> bool {
        self.refresh_excused.knows(token)
    }
}
