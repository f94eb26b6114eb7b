//! The logins of a probe: each is asked for, and what was pasted is put to the test.

use super::super::Stopped;
use super::super::terminal::say;
use crate::ambient::{Ambient, NoRandomness};
use crate::config::OAuth;
use crate::error::{Error, chain};
use crate::probe::{Attempt, Landed, NoCode, Probe, lost};

/// What may be picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Part {
    /// Whether PKCE is enforced, and codes are good once only.
    Pkce,
    /// Whether redirect URIs are exact.
    Redirect,
    /// Whether revoking the access token ends the grant.
    Revocation,
}

/// One login.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Login {
    Verifier,
    RedirectAtToken,
    RedirectAtAuthorization,
    /// A code with everything right.
    Exchange,
    /// The same, shown once only.
    Again,
}

impl Login {
    fn of(only: &[Part]) -> Vec<Self> {
        let all = [
            (Self::Verifier, Part::Pkce),
            (Self::RedirectAtToken, Part::Redirect),
            (Self::RedirectAtAuthorization, Part::Redirect),
        ];
        let is_wanted = |part: &Part| only.is_empty() || only.contains(part);
        let both = is_wanted(&Part::Pkce) && is_wanted(&Part::Revocation);
        let wanted = all.into_iter().filter(|(_, part)| is_wanted(part));
        let last = [Self::Exchange].into_iter().chain(both.then_some(Self::Again));
        wanted.map(|(login, _)| login).chain(last).collect()
    }

    fn what(self) -> &'static str {
        match self {
            Self::Verifier => "does the bank enforce PKCE, and is a code good once only?",
            Self::RedirectAtToken => "does it refuse a code with another redirect URI?",
            Self::RedirectAtAuthorization => {
                "does it send a browser to a redirect URI that is not registered?"
            }
            Self::Exchange => {
                "does a code bring tokens, and does revoking the access token end the grant?"
            }
            Self::Again => {
                "does revoking the access token end the grant? Tokens of a code that was shown twice could not tell."
            }
        }
    }
}

/// What came of asking.
enum Pasted {
    Landed(Landed),
    /// The bank ended the login with an error page.
    StayedAtBank,
    Skipped,
}

/// Asks for logins, one after the other.
pub(super) struct Logins<'a> {
    provider: &'a str,
    oauth: &'a OAuth,
    scope: &'a str,
    ambient: &'a Ambient,
    /// There are no more lines.
    over: bool,
    /// Logins that came to nothing.
    pub(super) failures: Vec<Stopped>,
    /// What to say where nothing was pasted at all.
    pub(super) unfinished: Stopped,
}

impl<'a> Logins<'a> {
    pub(super) fn new(
        provider: &'a str,
        oauth: &'a OAuth,
        scope: &'a str,
        ambient: &'a Ambient,
    ) -> Self {
        let unfinished = no_login("no address was pasted".to_owned());
        Self { provider, oauth, scope, ambient, over: false, failures: Vec::new(), unfinished }
    }

    /// All that are wanted, until nothing more is pasted or the bank gives no useful answer. A login whose question
    /// is answered already is not asked for.
    pub(super) async fn run(&mut self, probe: &mut Probe, only: &[Part]) -> Result<(), Stopped> {
        let logins = Login::of(only);
        let count = logins.len();
        for (at, login) in logins.into_iter().enumerate() {
            let answered = match login {
                Login::Exchange => !probe.wants_exchange(),
                Login::Again => !probe.wants_other_tokens(),
                _ => false,
            };
            if self.over || answered {
                continue;
            }
            let attempt = self.begin(login).map_err(|error| Stopped::failed(error.to_string()))?;
            self.invite(login, &attempt, at + 1, count);
            match self.read(login, &attempt)? {
                Err(why) => self.failures.push(stopped(why)),
                Ok(pasted) => {
                    if let Err(error) = self.test(login, probe, &attempt, pasted).await {
                        self.failures.push(unanswered(&error));
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, login: Login) -> Result<Attempt, NoRandomness> {
        if login == Login::RedirectAtAuthorization {
            return Attempt::begin_beside(self.oauth, self.scope, self.ambient);
        }
        let attempt = Attempt::begin(self.oauth, self.scope, self.ambient)?;
        if login == Login::Verifier {
            self.unfinished = no_login(format!(
                "no address was pasted. To go on later: bankconnect probe --provider {} --state {} \
                 --callback ADDRESS",
                self.provider,
                attempt.state()
            ));
        }
        Ok(attempt)
    }

    /// Sends the operator to the bank.
    fn invite(&self, login: Login, attempt: &Attempt, number: usize, count: usize) {
        let url = attempt.authorization_url(self.oauth).unwrap_or_default();
        let mut text = String::new();
        if number == 1 {
            text.push_str(
                "\nLog in as a customer who has no connection here: the tokens of each login are revoked, and some\n\
                 banks give every connection of one person the same ones. An empty line skips a login.\n",
            );
        }
        let what = login.what();
        let open = format!("\nLogin {number} of at most {count}: {what} Open\n\n{url}\n\n");
        text.push_str(&open);
        if login == Login::RedirectAtAuthorization {
            let place = format!(
                "It asks to be sent to {}, which is not registered.\n\
                 Where the bank ends with an error page of its own after the login, type: error\n\
                 Where it sends the browser on, paste the address it ended at.",
                attempt.redirect_uri
            );
            text.push_str(&place);
        } else {
            text.push_str(
                "and paste the address that the bank sends the browser to. If a page there empties the address bar,\n\
                 take it from the browser's network panel.",
            );
        }
        say(&text);
    }

    /// Reads lines until one is an answer.
    fn read(&mut self, login: Login, attempt: &Attempt) -> Result<Result<Pasted, NoCode>, Stopped> {
        let mut last = None;
        loop {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line);
            let read = read.map_err(|error| Stopped::failed(format!("standard input: {error}")))?;
            self.over = read == 0;
            let line = line.trim();
            if self.over {
                return Ok(last.map_or(Ok(Pasted::Skipped), Err));
            } else if line.is_empty() {
                return Ok(Ok(Pasted::Skipped));
            } else if login == Login::RedirectAtAuthorization && line == "error" {
                return Ok(Ok(Pasted::StayedAtBank));
            }
            match attempt.read(self.oauth, line) {
                Err(NoCode::NotTheCallback) => {
                    last = Some(NoCode::NotTheCallback);
                    let page = &attempt.redirect_uri;
                    say(&format!("That is not it: it begins with {page}? - paste once more."));
                }
                other => return Ok(other.map(Pasted::Landed)),
            }
        }
    }

    async fn test(
        &self,
        login: Login,
        probe: &mut Probe,
        attempt: &Attempt,
        pasted: Pasted,
    ) -> Result<(), Error> {
        let landed = match pasted {
            Pasted::Skipped => return Ok(()),
            Pasted::StayedAtBank => {
                probe.stayed_at_bank();
                return Ok(());
            }
            Pasted::Landed(landed) => landed,
        };
        match login {
            Login::Verifier => probe.try_verifier(self.oauth, attempt, landed).await,
            Login::RedirectAtToken => probe.try_other_redirect(self.oauth, attempt, landed).await,
            Login::RedirectAtAuthorization => {
                probe.try_sent_beside(self.oauth, attempt, landed).await
            }
            Login::Exchange | Login::Again => {
                if let Some(wait) = probe.wait(&landed) {
                    let seconds = wait.as_secs() + 1;
                    say(&format!(
                        "Waiting {seconds} seconds: a code proves why others were refused if it is as old as they were."
                    ));
                    tokio::time::sleep(wait).await;
                }
                probe.exchange(self.oauth, attempt, landed).await
            }
        }
    }
}

const NO_LOGIN: u8 = 4;
const NO_ANSWER_TO_THIS: u8 = 5;

fn no_login(sentence: String) -> Stopped {
    Stopped { code: NO_LOGIN, word: "no_login", sentence }
}

pub(super) fn stopped(why: NoCode) -> Stopped {
    let (code, word) = match why {
        NoCode::Ended("access_denied") => (NO_LOGIN, "cancelled"),
        NoCode::Ended(_) => (NO_LOGIN, "refused_by_bank"),
        NoCode::NotTheCallback => (NO_ANSWER_TO_THIS, "not_the_callback"),
        NoCode::Twice => (NO_ANSWER_TO_THIS, "parameter_twice"),
        NoCode::State => (NO_ANSWER_TO_THIS, "state"),
        NoCode::Issuer => (NO_ANSWER_TO_THIS, "issuer"),
        NoCode::Missing => (NO_ANSWER_TO_THIS, "no_code"),
    };
    Stopped { code, word, sentence: format!("{why}; nothing was sent to the bank") }
}

/// The bank's answer says nothing of what was to be found out.
pub(super) fn unanswered(error: &Error) -> Stopped {
    let mut sentence = chain(error);
    if lost(error) {
        sentence.push_str("; if the bank gave tokens, they got lost: withdraw the consent there");
    }
    Stopped::failed(sentence)
}
