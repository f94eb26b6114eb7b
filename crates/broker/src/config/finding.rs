//! What is wrong in a configuration: place, key, and what to write instead.

/// Why a configuration is not accepted: every finding, not only the first.
#[derive(Debug, thiserror::Error)]
#[error("{}", .findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Invalid {
    /// At least one.
    pub findings: Vec<Finding>,
}

/// One thing wrong in the configuration.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {key}: {what}\n  fix: {fix}")]
pub struct Finding {
    /// File and line, e.g. `bankconnect.toml:12`, or the variable's name.
    pub place: String,
    /// Dotted key, e.g. `providers.cnb.redirect_uri`.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub fix: String,
}
