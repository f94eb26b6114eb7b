//! `GET /metrics` at the private door: every bank's condition as gauges, for alarms (Prometheus text format
//! 0.0.4). The same as `GET /health/providers`, in numbers; no label says anything of a person.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::Broker;
use crate::bank::Bank;

/// A gauge of each bank; `None` where it is not known.
struct Gauge {
    name: &'static str,
    help: &'static str,
    value: fn(&Bank) -> Option<i64>,
}

const GAUGES: [Gauge; 7] = [
    Gauge {
        name: "bankconnect_bank_trouble",
        help: "1 while the operator has something to mend before the bank takes us again.",
        value: |bank| Some(i64::from(bank.condition().trouble().is_some())),
    },
    Gauge {
        name: "bankconnect_bank_frozen",
        help: "1 while an operator keeps calls from going there.",
        value: |bank| Some(i64::from(bank.frozen().is_some())),
    },
    Gauge {
        name: "bankconnect_bank_paused",
        help: "1 while the token endpoint is left alone, because it refuses us or is in trouble.",
        value: |bank| Some(i64::from(bank.paused_until().is_some())),
    },
    Gauge {
        name: "bankconnect_bank_clock_skew_seconds",
        help: "By how much the bank's clock is ahead of ours.",
        value: |bank| bank.condition().skew(),
    },
    Gauge {
        name: "bankconnect_certificate_end_timestamp_seconds",
        help: "When our certificate in use ends, since 1970.",
        value: |bank| bank.certificate().map(|own| own.ends_at),
    },
    Gauge {
        name: "bankconnect_certificate_covered_until_timestamp_seconds",
        help: "When the last certificate ends that takes over without a gap, since 1970.",
        value: Bank::covered_until,
    },
    Gauge {
        name: "bankconnect_certificate_files_refused",
        help: "1 while new certificate files cannot be used.",
        value: |bank| Some(i64::from(bank.condition().files_refused().is_some())),
    },
];

/// All gauges.
pub(crate) async fn metrics(State(broker): State<Arc<Broker>>) -> impl IntoResponse {
    let mut text = String::new();
    for Gauge { name, help, value } in &GAUGES {
        // writing to a String cannot fail; a provider's id is plain, so no label needs escaping
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for bank in broker.banks.iter() {
            if let Some(value) = value(bank) {
                let _ = writeln!(text, "{name}{{provider=\"{}\"}} {value}", bank.provider.id);
            }
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
