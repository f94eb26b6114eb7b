//! Why the broker could not use a certificate: each reason with a word for programs and a sentence for people.

use super::inspect::Sheet;
use crate::certificate::{QcType, allows};

/// One reason, and the fix.
pub(super) struct Finding {
    /// For programs.
    pub(super) word: &'static str,
    /// For people.
    pub(super) sentence: &'static str,
}

/// All reasons.
pub(super) fn of(sheet: &Sheet) -> Vec<Finding> {
    let (leaf, chain) = (&sheet.leaf, &sheet.chain);
    let qualified = leaf.qualified();
    let psd2 = qualified.psd2.as_ref();
    let usage = leaf.key_usage();
    let is_seal = qualified.types.contains(&QcType::Seal);
    [
        (sheet.now > leaf.ends_at(), "expired", "It has expired: ask the authority for a new one."),
        (
            sheet.now < leaf.begins_at(),
            "not_yet_valid",
            "It is not valid yet: wait for its first day, and go on with the one before until then.",
        ),
        (
            sheet.matches_key == Some(false),
            "key_mismatch",
            "The key is another certificate's: name the key that this one was requested with.",
        ),
        (
            !chain.in_order,
            "chain_order",
            "The file is not a chain with the leaf first, each signed by the next: `bankconnect cert import` brings \
             it in order.",
        ),
        (
            !chain.complete,
            "chain_incomplete",
            "The issuing authority's certificate is missing: get it from the authority and append it.",
        ),
        (
            is_seal,
            "seal",
            "It is for seals (QSEAL): to connect to a bank, the broker needs the one for websites (QWAC).",
        ),
        (
            !is_seal && !leaf.is_for_clients(),
            "not_for_clients",
            "Its extended key usage has no clientAuth: ask for a certificate that a client may present.",
        ),
        (
            !is_seal && usage.is_some_and(|usage| !usage.contains(&"digitalSignature")),
            "no_signature",
            "Its key usage has no digitalSignature, which TLS asks for.",
        ),
        (
            psd2.is_none(),
            "no_psd2",
            "It has no PSD2 statement, and so proves no licence to a bank.",
        ),
        (
            psd2.is_some_and(|psd2| allows(&psd2.roles).is_empty()),
            "no_scope",
            "None of its PSD2 roles allows a scope (aisp, pisp, cisp).",
        ),
    ]
    .into_iter()
    .filter_map(|(holds, word, sentence)| holds.then_some(Finding { word, sentence }))
    .collect()
}
