//! What the configuration needs to know: from options, from a person at the terminal, or as it mostly is.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

use super::Arguments;
use super::folder::NewFolder;
use super::settings::Settings;
use crate::config::Finding;
use crate::program::Stopped;
use crate::program::terminal::{WARN, ask, paint, say};

/// The command line says too little, or something that is no good.
const COMMAND_LINE: u8 = 2;

/// A key that nobody is asked for.
const CA_FILE: &str = ".ca_file";

struct Question {
    option: &'static str,
    /// The key that it is for; in the provider's table where it begins with a dot.
    key: &'static str,
    text: &'static str,
    given: fn(&Arguments) -> Option<String>,
    place: fn(&mut Settings) -> &mut String,
    applies: fn(&Settings) -> bool,
    /// What Enter means; `None`: nothing, so it has to be said.
    default: fn(&Settings) -> Option<String>,
}

static QUESTIONS: [Question; 9] = [
    Question {
        option: "--preset",
        key: ".preset",
        text: "The bank: cnb, or cnb-sandbox to try out",
        given: |arguments| arguments.preset.clone(),
        place: |settings| &mut settings.preset,
        applies: |_| true,
        default: |_| Some("cnb".to_owned()),
    },
    Question {
        option: "--provider",
        key: ".preset",
        text: "Its id in paths of your app, a-z, 0-9 and hyphens",
        given: |arguments| arguments.provider.clone(),
        place: |settings| &mut settings.provider,
        applies: |_| true,
        default: |settings| Some(settings.preset.clone()),
    },
    Question {
        option: "--origin",
        key: "app.origins",
        text: "Your app's page, scheme and host only, e.g. https://app.example",
        given: |arguments| arguments.origin.clone(),
        place: |settings| &mut settings.origin,
        applies: |_| true,
        default: |_| None,
    },
    Question {
        option: "--redirect-uri",
        key: ".redirect_uri",
        text: "Your app's callback page, which people come back to from the bank",
        given: |arguments| arguments.redirect_uri.clone(),
        place: |settings| &mut settings.redirect_uri,
        applies: Settings::people_log_in,
        default: |settings| Some(format!("{}/callback", settings.origin)),
    },
    Question {
        option: "--listen",
        key: "listen.address",
        text: "Where the broker answers, behind the proxy that serves your app",
        given: |arguments| arguments.listen.clone(),
        place: |settings| &mut settings.listen,
        applies: |_| true,
        default: |_| Some("127.0.0.1:4300".to_owned()),
    },
    Question {
        option: "--tpp-name",
        key: "tpp.name",
        text: "Your company's name without diacritics, e.g. Example a.s.",
        given: |arguments| arguments.tpp_name.clone(),
        place: |settings| &mut settings.tpp_name,
        applies: |_| true,
        default: |_| None,
    },
    Question {
        option: "--tpp-identification",
        key: "tpp.identification",
        text: "Your licence number, e.g. PSDCZ-CNB-12345678; Enter for none",
        given: |arguments| arguments.tpp_identification.clone(),
        place: |settings| &mut settings.tpp_identification,
        applies: |_| true,
        default: |_| Some(String::new()),
    },
    Question {
        option: "--scope",
        key: ".scopes",
        text: "What your licence covers: aisp (accounts), pisp (payments)",
        given: |arguments| Some(arguments.scope.join(" ")).filter(|scopes| !scopes.is_empty()),
        place: |settings| &mut settings.scopes,
        applies: |_| true,
        default: |settings| settings.known().map(|preset| preset.scopes.join(" ")),
    },
    Question {
        option: "--base-api-url",
        key: ".base_api_url",
        text: "The base API URL; CNB does not publish its sandbox's address, ask the bank for it",
        given: |arguments| arguments.base_api_url.clone(),
        place: |settings| &mut settings.base_api_url,
        applies: |settings| settings.known().is_some_and(|preset| preset.base_api_url.is_none()),
        default: |_| None,
    },
];

impl Question {
    fn is_to_blame(&self, settings: &Settings, finding: &Finding) -> bool {
        finding.key == self.key(settings)
    }

    fn key(&self, settings: &Settings) -> String {
        let table = if self.key.starts_with('.') { "providers." } else { "" };
        let id = if table.is_empty() { "" } else { &settings.provider };
        [table, id, self.key].concat()
    }
}

/// All settings, found good; asks for what no option says where somebody is there to answer.
pub(super) fn settle(arguments: &Arguments, folder: &NewFolder) -> Result<Settings, Stopped> {
    let config = folder.config();
    let mut settings = Settings::new(arguments)?;
    for question in &QUESTIONS {
        if let Some(given) = (question.given)(arguments) {
            *(question.place)(&mut settings) = given;
        }
    }
    let open = |question: &&Question| (question.given)(arguments).is_none();
    // nobody should answer eight questions to hear that an option is no good
    let mut wrong = settings.findings(config);
    wrong.retain(|finding| {
        let mut given = QUESTIONS.iter().filter(|question| !open(question));
        finding.key.ends_with(CA_FILE) || given.any(|one| one.is_to_blame(&settings, finding))
    });
    let is_terminal = std::io::stdin().is_terminal();
    let mut missing = Vec::new();
    if is_terminal && !wrong.is_empty() {
        return Err(refused(&settings, &wrong, &missing));
    }
    for question in QUESTIONS.iter().filter(open) {
        if !(question.applies)(&settings) {
            continue;
        }
        let default = (question.default)(&settings);
        if is_terminal {
            put(question, default.as_deref(), &mut settings, config)?;
        } else if let Some(default) = default {
            *(question.place)(&mut settings) = default;
        } else {
            missing.push(question);
        }
    }
    if wrong.is_empty() && missing.is_empty() {
        wrong = settings.findings(config);
    }
    if wrong.is_empty() && missing.is_empty() {
        return Ok(settings);
    }
    Err(refused(&settings, &wrong, &missing))
}

/// Puts a question until the answer is good.
fn put(
    question: &Question,
    default: Option<&str>,
    settings: &mut Settings,
    config: &Path,
) -> Result<(), Stopped> {
    let shown = default.filter(|default| !default.is_empty());
    let shown = shown.map_or_else(String::new, |default| format!(" [{default}]"));
    loop {
        ask(&format!("{}{shown}: ", question.text));
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        if read.map_err(|error| Stopped::failed(format!("standard input: {error}")))? == 0 {
            return Err(no_good("the answers ended before the questions; nothing was written"));
        }
        let answer = Some(line.trim()).filter(|answer| !answer.is_empty());
        let Some(answer) = answer.or(default) else {
            say(&paint(WARN, "there is no default for this one"));
            continue;
        };
        answer.clone_into((question.place)(settings));
        let findings = settings.findings(config);
        let Some(wrong) = findings.iter().find(|one| question.is_to_blame(settings, one)) else {
            return Ok(());
        };
        say(&paint(WARN, &told(wrong)));
    }
}

/// Everything that is missing or wrong, by the options' names.
fn refused(settings: &Settings, wrong: &[Finding], missing: &[&Question]) -> Stopped {
    let missing =
        missing.iter().map(|question| format!("{} is missing: {}", question.option, question.text));
    let wrong = wrong.iter().map(|finding| {
        // of an id and a preset under one key, the id is the one that no option's parser has seen
        let question = QUESTIONS.iter().rev().find(|one| one.is_to_blame(settings, finding));
        let name = question.map_or_else(|| option_of(&finding.key), |question| question.option);
        format!("{name}: {}", told(finding))
    });
    no_good(&missing.chain(wrong).collect::<Vec<_>>().join("\n"))
}

/// The option behind a key that nobody is asked for.
fn option_of(key: &str) -> &str {
    match key {
        "app.development_cookie" => "--listen", // it goes with an origin on this machine
        "dangerous" => "--dangerous",
        key if key.ends_with(CA_FILE) => "--ca-file",
        key => key,
    }
}

fn told(finding: &Finding) -> String {
    let Finding { what, fix, .. } = finding;
    let here = if fix.contains("dangerous = [") { " (here: --dangerous WORD)" } else { "" };
    format!("{what}; fix: {fix}{here}")
}

fn no_good(sentence: &str) -> Stopped {
    Stopped { code: COMMAND_LINE, word: "command_line", sentence: sentence.to_owned() }
}
