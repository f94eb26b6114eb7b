//! Codes and refresh tokens presented to the token endpoint for the sake of the answer: what a probe does, and
//! nobody else.
//!
//! It bypasses the checks that make a verified code, because a wrong verifier is the point; whatever tokens come
//! are handed out to be revoked.

use std::sync::{Mutex, PoisonError};

use protocol::pkce::CodeVerifier;
use zeroize::Zeroizing;

use super::token::{Boxed, Keep};
use super::{Bank, BankError, Salvage, TokenReply};
use crate::config::OAuth;
use crate::error::Error;
use crate::grant::Tokens;
use crate::store::Hash;

/// What the bank made of it.
pub(crate) enum Presented {
    /// It gave tokens, whatever else was wrong with the reply.
    Tokens(Tokens),
    /// It refused, with this code of the standards.
    Refused(&'static str),
}

impl Bank {
    /// Presents a code with any verifier and redirect URI; fails where the answer says nothing about them.
    pub(crate) async fn present(
        &self,
        oauth: &OAuth,
        code: &str,
        verifier: &CodeVerifier,
        redirect_uri: &str,
    ) -> Result<Presented, Error> {
        let held = Held::default();
        let judged = self.send_code(oauth, code.to_owned(), verifier, redirect_uri, &held).await;
        held.judge(judged, None)
    }

    /// Presents a refresh token; fails where the answer says nothing about it, or there is none.
    pub(crate) async fn present_refresh(
        &self,
        oauth: &OAuth,
        tokens: &Tokens,
    ) -> Result<Presented, Error> {
        let refresh_token = tokens.refresh_token.as_ref();
        let refresh_token = refresh_token.ok_or(Error::Internal("no refresh token"))?;
        let held = Held::default();
        let judged = self.refresh(oauth, refresh_token, &held).await;
        held.judge(judged, Some(tokens))
    }
}

/// Holds the raw reply in memory, for as long as it takes to revoke what is in it.
#[derive(Default)]
struct Held(Mutex<Zeroizing<Vec<u8>>>);

impl Held {
    fn judge(
        self,
        judged: Result<TokenReply, Error>,
        old: Option<&Tokens>,
    ) -> Result<Presented, Error> {
        let error = match judged {
            Ok(reply) => return Ok(Presented::Tokens(Tokens::of_reply(&reply, old))),
            Err(error) => error,
        };
        let held = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (Tokens::of_salvage(Salvage::read(&held)), error) {
            (Some(tokens), _) => Ok(Presented::Tokens(tokens)),
            (None, Error::Bank(BankError::TokenRefused(code))) => Ok(Presented::Refused(code)),
            (None, error) => Err(error),
        }
    }
}

impl Keep for Held {
    fn keep<'a>(&'a self, raw: &'a [u8], _: Option<Hash>) -> Boxed<'a, Result<(), Error>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Zeroizing::new(raw.to_vec());
        Box::pin(std::future::ready(Ok(())))
    }
}
