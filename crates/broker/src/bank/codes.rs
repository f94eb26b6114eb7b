//! The error codes of the standards, in words: for the operator what is wrong and what to do, for the
//! person a sentence in Czech and English. Any other code a bank sends stays in the log (requirement P23).

mod cobs;
mod cobs_orders;
mod oauth;
mod registration;

/// One code and what it means.
pub(crate) struct Words {
    /// As the standard spells it.
    pub(crate) code: &'static str,
    /// For the operator, in English.
    pub(crate) operator: &'static str,
    /// For the person, in Czech.
    pub(crate) cs: &'static str,
    /// For the person, in English.
    pub(crate) en: &'static str,
}

/// A COBS error code as the standard spells it, if it is one (COBS 2.0 and later, all chapters).
pub(crate) fn known_cobs(code: &str) -> Option<&'static str> {
    find(cobs::ANY.iter().chain(&cobs_orders::ORDERS), code).map(|words| words.code)
}

/// An OAuth error code in lower case, if it is one (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1,
/// COBS 2.0 chapter 1.4.7). COBS prints them in upper case.
pub(crate) fn known_oauth(code: &str) -> Option<&'static str> {
    find(&oauth::OAUTH, code).map(|words| words.code)
}

/// What a code of either standard means.
pub(crate) fn words(code: &str) -> Option<&'static Words> {
    find(cobs::ANY.iter().chain(&cobs_orders::ORDERS).chain(&oauth::OAUTH), code)
}

/// A code of the registration of applications in lower case, with what the operator is told, if it is one
/// (COBS 2.0 chapter 1.4). A bank may write it in capitals.
pub(crate) fn registration(code: &str) -> Option<(&'static str, &'static str)> {
    let known = registration::REGISTRATION.iter();
    known.copied().find(|(known, _)| code.trim().eq_ignore_ascii_case(known))
}

fn find(table: impl IntoIterator<Item = &'static Words>, code: &str) -> Option<&'static Words> {
    let code = code.trim();
    table.into_iter().find(|words| words.code.eq_ignore_ascii_case(code))
}

/// A language that people are spoken to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// Czech.
    Czech,
    /// English, for everybody else.
    English,
}

impl Language {
    /// The one that `Accept-Language` prefers (RFC 9110 §12.5.4); English where it says nothing of either.
    pub(crate) fn preferred(accept_language: Option<&str>) -> Self {
        let ranges = accept_language.unwrap_or_default().split(',').filter_map(|range| {
            let (tag, quality) = range.split_once(';').unwrap_or((range, "q=1"));
            let quality = quality.trim().strip_prefix("q=")?.trim().parse::<f32>().ok()?;
            let primary = tag.trim().split('-').next()?.to_ascii_lowercase();
            let language = match &*primary {
                "cs" => Self::Czech,
                "en" | "*" => Self::English,
                _ => return None,
            };
            (quality > 0.0).then_some((language, quality))
        });
        // of equal ones the first
        let best = ranges.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map_or(Self::English, |(language, _)| language)
    }

    /// Its tag (RFC 5646).
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Czech => "cs",
            Self::English => "en",
        }
    }
}

impl Words {
    /// What the person is told.
    pub(crate) fn person(&self, language: Language) -> &'static str {
        match language {
            Language::Czech => self.cs,
            Language::English => self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_all_its_words_once() {
        let all: Vec<_> =
            cobs::ANY.iter().chain(&cobs_orders::ORDERS).chain(&oauth::OAUTH).collect();
        assert_eq!(all.len(), 66);
        for one in &all {
            assert!(words(one.code).is_some_and(|found| std::ptr::eq(found, *one)), "{}", one.code);
            for text in [one.operator, one.cs, one.en] {
                assert!(text.len() > 15 && text.ends_with('.'), "{}: {text}", one.code);
            }
            assert!(!one.cs.contains(one.code) && !one.en.contains(one.code), "{}", one.code);
        }
    }

    #[test]
    fn codes_of_the_registration_are_told_in_its_own_words() {
        for (code, operator) in registration::REGISTRATION {
            let elsewhere = words(code).unwrap().operator;
            assert!(operator.ends_with('.') && operator != elsewhere, "{code}");
            assert_eq!(registration(&code.to_ascii_uppercase()), Some((code, operator)));
        }
        assert_eq!(registration("AC01"), None);
    }

    #[test]
    fn languages_are_chosen_as_browsers_ask() {
        for (header, chosen) in [
            (None, Language::English),
            (Some(""), Language::English),
            (Some("cs"), Language::Czech),
            (Some("cs-CZ,cs;q=0.9,en;q=0.8"), Language::Czech),
            (Some("en-GB, en; q=0.9, cs; q=0.8"), Language::English),
            (Some("de-DE,de;q=0.9,cs;q=0.5,en;q=0.3"), Language::Czech),
            (Some("de,*;q=0.1"), Language::English),
            (Some("en;q=0, cs;q=0.1"), Language::Czech),
            (Some("sk"), Language::English),
            (Some("cs;q=x"), Language::English),
        ] {
            assert_eq!(Language::preferred(header), chosen, "{header:?}");
        }
    }
}
