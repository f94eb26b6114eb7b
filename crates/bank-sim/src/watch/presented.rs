//! Refresh tokens in two requests at once (RFC 9700, 4.14.2). A request whose client has gone
//! counts for nothing: nobody gets its answer, so showing the token again is right.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::response::Response;

use crate::bank::Bank;
use crate::fault::Lost;
use crate::form::Fields;
use crate::journal::Breach;
use crate::sync::lock;

/// Requests being answered, by refresh token.
#[derive(Default)]
pub(super) struct Presenting(Mutex<Book>);

#[derive(Default)]
struct Book {
    last: u64,
    /// By token and number; true once another one with the same token was answered meanwhile.
    open: HashMap<String, HashMap<u64, bool>>,
}

/// A request that shows a refresh token, while it is being answered.
pub(crate) struct Presented {
    bank: Arc<Bank>,
    token: String,
    number: u64,
    answered: bool,
}

impl Presented {
    pub(super) fn of(bank: &Arc<Bank>, form: &Fields) -> Option<Self> {
        let refresh = form.first("grant_type") == Some("refresh_token");
        let token = form.first("refresh_token").filter(|_| refresh)?.to_owned();
        let mut book = lock(&bank.watch.presenting.0);
        book.last += 1;
        let number = book.last;
        book.open.entry(token.clone()).or_default().insert(number, false);
        Some(Self { bank: bank.clone(), token, number, answered: false })
    }

    /// Tells that there is an answer.
    pub(crate) fn answered(mut self, response: &Response) {
        let lost = response.extensions().get::<Lost>().is_some();
        self.answered = !lost && !response.status().is_server_error();
        let mut book = lock(&self.bank.watch.presenting.0);
        let rivals = book.open.entry(self.token.clone()).or_default();
        let rivalled = rivals.remove(&self.number) == Some(true);
        for rivalled in rivals.values_mut() {
            *rivalled = true;
        }
        drop(book);
        if rivalled {
            let detail = "refresh token in two requests at once";
            self.bank.journal.breach(Breach::RefreshConcurrent, detail);
        }
    }
}

impl Drop for Presented {
    fn drop(&mut self) {
        let mut book = lock(&self.bank.watch.presenting.0);
        if let Some(rivals) = book.open.get_mut(&self.token) {
            rivals.remove(&self.number);
            if rivals.is_empty() {
                book.open.remove(&self.token);
            }
        }
        drop(book);
        if !self.answered {
            self.bank.watch.refresh_excused.note(&self.token);
        }
    }
}
