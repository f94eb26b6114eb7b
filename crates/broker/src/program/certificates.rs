//! What `check` and `doctor` say of several certificates: a line for each, with the one in use.

use crate::config::Certificates;
use crate::connections::rfc3339;

/// In the order of the file; none where there is no choice.
pub(super) fn listed(certificates: &Certificates, in_use: usize) -> Vec<String> {
    if !certificates.are_several() {
        return Vec::new();
    }
    let lines = certificates.iter().enumerate().map(|(at, one)| {
        let word = if at == in_use { ", in use" } else { "" };
        let (from, until) = (rfc3339(one.own.begins_at), rfc3339(one.own.ends_at));
        format!("{}{word}: from {from} until {until}, {}", one.place, one.own.roles())
    });
    lines.collect()
}
