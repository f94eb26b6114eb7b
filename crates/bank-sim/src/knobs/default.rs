//! Where the knobs rest: the bank as its documents have it.

use std::time::Duration;

use super::{Knob, Knobs, allowed};
use crate::orders::PaymentKind;

impl Default for Knobs {
    fn default() -> Self {
        Self {
            web_flow: Knob::default(),
            token_reply: Knob::default(),
            refresh_reply: Knob::default(),
            token_delay: Knob::default(),
            token_type: Knob::default(),
            expires_in: Knob::default(),
            scope: Knob::default(),
            code_ttl: Knob::default(),
            access_ttl: Duration::from_mins(5).into(),
            refresh_ttl: Duration::from_hours(365 * 24).into(),
            refresh: Knob::default(),
            refresh_failure: Knob::default(),
            revoke_reply: Knob::default(),
            iss: Knob::default(),
            state: Knob::default(),
            redirect_extra: Knob::default(),
            redirect_status: 303.into(),
            pkce: Knob::default(),
            redirect_uri: Knob::default(),
            api_reply: Knob::default(),
            expired_status: 401.into(),
            no_psd_status: 403.into(),
            no_scope: Knob::default(),
            registration_delete_status: 204.into(),
            registration_keeps_contact: true.into(),
            registration_failure: Knob::default(),
            require_mtls_at_token: true.into(),
            client_auth: Knob::default(),
            strict_headers: true.into(),
            unattended_per_day: Knob::default(),
            unattended_reply: Knob::default(),
            consent_days: 180.into(),
            accept_delay: Knob::default(),
            slow_handshake: Knob::default(),
            payment_kinds: PaymentKind::ALL.to_vec().into(),
            instant_payments: false.into(),
            strict_elements: true.into(),
            strict_characters: false.into(),
            strict_ibans: true.into(),
            narrative: Knob::default(),
            sign_scenarios: allowed::each_method().into(),
            sign_at_initiation: true.into(),
            sign_page: Knob::default(),
            sign_ttl: Duration::from_hours(24).into(),
            settle_after: Duration::from_secs(10).into(),
            overdue_for: Knob::default(),
            batch_payments: 100.into(),
            consents_resource: true.into(),
            delete_status: 200.into(),
            optional_resources: true.into(),
            short_due_mode: false.into(),
            card_consent: false.into(),
        }
    }
}
