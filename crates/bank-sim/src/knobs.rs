//! Switchable hostility: everything in which a real bank may differ, err or attack. Each knob is
//! a [`Knob`]: one lasting position, and rules that turn it for some requests only.

mod allowed;
mod default;
mod json;
mod millis;
mod no_scope;
mod position;
mod rule;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(crate) use rule::Occasion;
pub use rule::Rule;

use crate::orders::PaymentKind;
use crate::random::Dice;

pub use json::KnobError;
pub use no_scope::NoScope;
pub use position::{
    ApiReply, ClientAuth, Field, Pkce, RedirectUri, Refresh, RefreshFailure, RevokeReply, SignPage,
    State, TokenReply, UnattendedReply, WebFlow,
};

/// One switch: a lasting position, and rules for some requests. `Knob::from(x)` stays at `x`;
/// [`Knob::next`] returns to the default afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Knob<T> {
    lasting: T,
    rules: Vec<Rule<T>>,
}

impl<T: Clone> Knob<T> {
    /// A knob that stays at `value`.
    pub fn always(value: T) -> Self {
        Self { lasting: value, rules: Vec::new() }
    }

    /// A knob at `value` for the next `count` requests that meet it, then at the default.
    pub fn next(count: u32, value: T) -> Self
    where
        T: Default,
    {
        Self::always(T::default()).with(Rule::to(value).times(count))
    }

    /// The same knob, resting at `value` where no rule applies.
    #[must_use]
    pub fn then(self, value: T) -> Self {
        Self { lasting: value, ..self }
    }

    /// The same knob with one more rule; of several that apply, the first one counts.
    #[must_use]
    pub fn with(mut self, rule: Rule<T>) -> Self {
        self.rules.push(rule);
        self
    }

    /// The position the next request will meet, if it fulfils every condition.
    pub fn position(&self) -> &T {
        let ready = |rule: &&Rule<T>| rule.times != Some(0) && rule.after == 0;
        self.rules.iter().find(ready).map_or(&self.lasting, |rule| &rule.to)
    }

    /// The position that stays, for those who must not use up a rule.
    pub(crate) fn lasting(&self) -> &T {
        &self.lasting
    }

    /// The same knob over other positions.
    fn map<U>(self, change: impl Fn(T) -> U) -> Knob<U> {
        let rules = self.rules.into_iter().map(|rule| rule.map(&change)).collect();
        Knob { lasting: change(self.lasting), rules }
    }

    /// The position for this request; counts the rule that applies down.
    pub(crate) fn meet(&mut self, occasion: Occasion<'_>, dice: &mut Dice) -> T {
        let applied = self.rules.iter_mut().position(|rule| rule.applies(occasion, dice));
        applied.map_or(&self.lasting, |at| &self.rules[at].to).clone()
    }
}

impl<T: Clone> From<T> for Knob<T> {
    fn from(value: T) -> Self {
        Self::always(value)
    }
}

/// All switches of the bank. The default is a well-behaved Web Flow 1.4 with strict API headers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knobs {
    /// The generation of the authorization server.
    pub web_flow: Knob<WebFlow>,
    /// How `oauth/token` answers, whatever the grant.
    pub token_reply: Knob<TokenReply>,
    /// How `oauth/token` answers a refresh; `Normal` leaves it to `token_reply`.
    pub refresh_reply: Knob<TokenReply>,
    /// Wait of the token endpoint before it looks at the request.
    #[serde(rename = "token_delay_ms", with = "millis::knob")]
    pub token_delay: Knob<Duration>,
    /// The field `token_type` of a token reply.
    pub token_type: Knob<Field>,
    /// The field `expires_in` of a token reply.
    pub expires_in: Knob<Field>,
    /// The field `scope` of a token reply.
    pub scope: Knob<Field>,
    /// Life of a code; `None` is as the generation has it: for ever up to 1.4, 300 s from 1.5.
    #[serde(rename = "code_ttl_ms", with = "millis::optional")]
    pub code_ttl: Knob<Option<Duration>>,
    /// Life of an access token.
    #[serde(rename = "access_ttl_ms", with = "millis::knob")]
    pub access_ttl: Knob<Duration>,
    /// Life of a refresh token.
    #[serde(rename = "refresh_ttl_ms", with = "millis::knob")]
    pub refresh_ttl: Knob<Duration>,
    /// Whether there are refresh tokens and what a refresh does to them.
    pub refresh: Knob<Refresh>,
    /// Refuses refreshes although the token is good.
    pub refresh_failure: Knob<RefreshFailure>,
    /// How `oauth/token/revoke` answers.
    pub revoke_reply: Knob<RevokeReply>,
    /// The parameter `iss` (RFC 9207) of the redirect back; Web Flow sends none.
    pub iss: Knob<Option<String>>,
    /// What becomes of `state` in the redirect back.
    pub state: Knob<State>,
    /// Further query parameters of the redirect back, after all others: a second `state`, `code` or
    /// `iss`, unknown ones, line breaks (encoded, as everything in a query).
    pub redirect_extra: Knob<Vec<(String, String)>>,
    /// Status of the redirect back with a code or an error of the authorization endpoint: 303, or
    /// 302 as in library versions before 2.3.7.
    #[serde(deserialize_with = "allowed::redirects")]
    pub redirect_status: Knob<u16>,
    /// Whether PKCE (RFC 7636) binds the code; Web Flow up to 1.4 ignores it.
    pub pkce: Knob<Pkce>,
    /// How far the redirect URI binds: one that is not registered, or not the code's own.
    pub redirect_uri: Knob<RedirectUri>,
    /// How API resources answer.
    pub api_reply: Knob<ApiReply>,
    /// Status for an expired access token: 401, or 403 as the COBS tables have it.
    #[serde(deserialize_with = "allowed::refusals")]
    pub expired_status: Knob<u16>,
    /// Status of the API for a certificate without PSD2 licence: 403, or 401 where it is not read.
    #[serde(deserialize_with = "allowed::refusals")]
    pub no_psd_status: Knob<u16>,
    /// How the API refuses a token without the scope of the resource.
    pub no_scope: Knob<NoScope>,
    /// Status of a good deletion of an application: 204, or 201 as the example of COBS has it.
    #[serde(deserialize_with = "allowed::deletions")]
    pub registration_delete_status: Knob<u16>,
    /// Whether the registration still knows `client_name#en-US`, `logo_uri` and `contact` when an
    /// application is read; the product has no place for them.
    pub registration_keeps_contact: Knob<bool>,
    /// Status with which the registration fails as `server_error`, 500 or 503, nothing done.
    #[serde(deserialize_with = "allowed::failures")]
    pub registration_failure: Knob<Option<u16>>,
    /// Whether the token endpoint demands the client certificate. Revocation and introspection
    /// follow the lasting position and use no passing one up.
    pub require_mtls_at_token: Knob<bool>,
    /// Accepted client authentication at the token endpoint, and only there.
    pub client_auth: Knob<ClientAuth>,
    /// Whether the API, 2.0 and 5.0 alike and the sandbox included, refuses missing or malformed
    /// headers of the COBS common set: with `PARAMETER_INVALID` on account resources, otherwise with
    /// `FIELD_MISSING` or `FIELD_INVALID`. (The text of 2.0 demands fewer headers than its later
    /// description does, and so than 5.0; a rule for the path `/2.0/` relaxes that version alone.)
    pub strict_headers: Knob<bool>,
    /// How many calls a day an application may make to one resource of a person without that
    /// person (`User-Involved: false`); `None` for any number. The law says four (Delegated
    /// Regulation (EU) 2018/389, article 36(5)(b)).
    pub unattended_per_day: Knob<Option<u32>>,
    /// How a call beyond `unattended_per_day` is refused.
    pub unattended_reply: Knob<UnattendedReply>,
    /// Days that a consent lasts; afterwards the API refuses the access token as an expired one,
    /// and a refresh is an `invalid_grant`. Delegated Regulation (EU) 2022/2360 says 180.
    pub consent_days: Knob<u32>,
    /// Wait of the TLS doors before they take a new connection's first byte.
    #[serde(rename = "accept_delay_ms", with = "millis::knob")]
    pub accept_delay: Knob<Duration>,
    /// Wait of the TLS doors before each 64 bytes of their side of a handshake.
    #[serde(rename = "slow_handshake_ms", with = "millis::knob")]
    pub slow_handshake: Knob<Duration>,
    /// Kinds of payments that the bank carries out.
    pub payment_kinds: Knob<Vec<PaymentKind>>,
    /// Whether payments of the priority `INST` are carried out.
    pub instant_payments: Knob<bool>,
    /// Whether elements that a payment of its kind must not have, and unknown ones, are refused;
    /// otherwise they are ignored.
    pub strict_elements: Knob<bool>,
    /// Whether names and messages, too, must keep to the characters of SWIFT; identifications
    /// always must.
    pub strict_characters: Knob<bool>,
    /// Whether check digits of account numbers are checked.
    pub strict_ibans: Knob<bool>,
    /// Refuses payments with `NARR` and this reason.
    pub narrative: Knob<Option<String>>,
    /// Ways to sign: lists of method codes, of which one list has to be passed in its order.
    #[serde(deserialize_with = "allowed::scenarios")]
    pub sign_scenarios: Knob<Vec<Vec<String>>>,
    /// Whether an initiation already names its signing; otherwise step 0 does.
    pub sign_at_initiation: Knob<bool>,
    /// How the bank's page of a signing is opened.
    pub sign_page: Knob<SignPage>,
    /// Time to sign.
    #[serde(rename = "sign_ttl_ms", with = "millis::knob")]
    pub sign_ttl: Knob<Duration>,
    /// Time from the signature to the booking, on the day of the payment.
    #[serde(rename = "settle_after_ms", with = "millis::knob")]
    pub settle_after: Knob<Duration>,
    /// How long a signed payment waits for missing money before it is rejected.
    #[serde(rename = "overdue_for_ms", with = "millis::knob")]
    pub overdue_for: Knob<Duration>,
    /// The most payments of one batch.
    pub batch_payments: Knob<u32>,
    /// Whether consents can be read and withdrawn by the API of 5.0.
    pub consents_resource: Knob<bool>,
    /// Status of a deletion: 200, or 201 or 204, which the standard has too.
    #[serde(deserialize_with = "allowed::deletions")]
    pub delete_status: Knob<u16>,
    /// Whether the resources exist for which the standard allows 501: detail and deletion of a
    /// payment, steps 0, I and III of a signing.
    pub optional_resources: Knob<bool>,
    /// Whether standing orders have the due mode `DUE_DAY`, as ČNB's own pages print it.
    pub short_due_mode: Knob<bool>,
    /// Whether the holder of an account has allowed card issuers to ask about its balance.
    pub card_consent: Knob<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passing_position_is_used_up() {
        let mut knob = Knob::next(2, State::Drop).then(State::Alter);
        let mut dice = Dice::new(1, "test");
        assert_eq!(knob.position(), &State::Drop);
        let seen = [0; 4].map(|_| knob.meet(Occasion::default(), &mut dice));
        assert_eq!(seen, [State::Drop, State::Drop, State::Alter, State::Alter]);
    }
}
