//! Numbers, and the bounds they must keep.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::check::Check;
use super::{Limits, file};

impl Check<'_> {
    /// A number within its bounds, or its default.
    pub(super) fn within(
        &mut self,
        key: &str,
        written: Option<u64>,
        default: u64,
        bounds: RangeInclusive<u64>,
    ) -> u64 {
        let number = written.unwrap_or(default);
        if !bounds.contains(&number) {
            let fix = format!("write a number from {} to {}", bounds.start(), bounds.end());
            self.wrong::<()>(key, "is out of its bounds", &fix);
        }
        number.clamp(*bounds.start(), *bounds.end())
    }

    /// Bounds on calls to banks.
    pub(super) fn limits(&mut self, limits: &file::Limits) -> Limits {
        let seconds = Duration::from_secs;
        // together they stay below the time a whole call may take (`http::LONGEST`)
        let connect = self.within("limits.connect_seconds", limits.connect_seconds, 5, 1..=10);
        let first_byte =
            self.within("limits.first_byte_seconds", limits.first_byte_seconds, 30, 1..=35);
        let idle = self.within("limits.idle_seconds", limits.idle_seconds, 15, 1..=300);
        let total = self.within("limits.total_seconds", limits.total_seconds, 120, 1..=3600);
        let mib = self.within("limits.response_mib", limits.response_mib, 64, 1..=4096);
        let kib = self.within("limits.request_kib", limits.request_kib, 64, 1..=1024);
        let days = self.within("limits.consent_days", limits.consent_days, 180, 1..=180);
        // 13 months: a year's audit, and the time to make it
        let receipts = self.within("limits.receipt_days", limits.receipt_days, 396, 1..=3660);
        let reload = self.within("limits.reload_seconds", limits.reload_seconds, 30, 1..=3600);
        Limits {
            connect: seconds(connect),
            first_byte: seconds(first_byte),
            idle: seconds(idle),
            total: seconds(total),
            response_bytes: mib * 1024 * 1024,
            request_bytes: usize::try_from(kib).unwrap_or(64) * 1024,
            consent: seconds(days * 86_400),
            receipts: seconds(receipts * 86_400),
            reload: seconds(reload),
        }
    }
}
