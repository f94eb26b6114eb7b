//! `GET /connections/{id}/api/…` at the private door: the app's backend reads while the person is away.
//!
//! The law lets an account be read so four times in 24 hours (RTS SCA art. 36(5)(b); requirement K49).
//! The count stands in the store before the bank is asked, so that neither a restart nor a second
//! broker forgets it. Calls with one `Action-ID` are one access for a quarter of an hour, as long as
//! none asks for the same again: the pages of a download, the balance and the transactions of one sitting.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, Request, Response};

use crate::Broker;
use crate::bank::{Bank, Involved};
use crate::body::{Query, is_id};
use crate::error::Error;
use crate::log::RequestId;
use crate::proxy::{self, Turn};
use crate::routes::Call;
use crate::store::{Admission, ConnectionRow, UnattendedRead};
use crate::subjects::{Known, Whose, take_subject};

/// What the backend may know of a connection: the same as the page, and whose it is.
pub(crate) async fn connection(
    State(broker): State<Arc<Broker>>,
    Path(id): Path<String>,
    Query(Whose { subject }): Query<Whose>,
) -> Result<axum::Json<Known>, Error> {
    let row = broker.any_connection(&id, subject.as_deref()).await?;
    broker.known(&row).map(axum::Json).ok_or(NO_PROVIDER)
}

/// Forwards one call, if the account may be read once more.
pub(crate) async fn forward(
    State(broker): State<Arc<Broker>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    mut request: Request<Body>,
) -> Result<Response<Body>, Error> {
    let subject = take_subject(&mut request)?;
    let (connection, path) = proxy::split_target(&request)?;
    let row = broker.any_connection(connection, subject.as_deref()).await?;
    let bank = broker.banks.find(&row.provider).ok_or(NO_PROVIDER)?;
    let call = proxy::read_call(bank, &request, path)?;
    if !call.route.is_account_information() {
        return Err(Error::NotFound("There is no such resource at this door."));
    }
    proxy::check_consent(&broker, bank, &row, &call)?;
    let tokens = broker.fresh(bank, &row.grant).await?;
    let involved = Involved::nobody(request.headers());
    broker.admit(bank, &row, &call, request.headers(), &request_id).await?;
    let (broker, row, call) = (&broker, &row, &call);
    let turn = Turn { broker, bank, row, call, body: &Bytes::new(), involved: &involved };
    let answer = turn.send(&tokens, &request_id).await?;
    broker.touch(row).await;
    Ok(proxy::listed_headers_only(answer))
}

pub(crate) const NO_PROVIDER: Error = Error::NotFound("The connection's provider is gone.");
pub(crate) const NOBODY: Error = Error::NotFound("There is no such connection.");

impl Broker {
    /// A connection of whomever, or of the subject alone that the backend has in mind; one whose cookie no
    /// browser has shown yet is nobody's.
    pub(crate) async fn any_connection(
        &self,
        id: &str,
        subject: Option<&str>,
    ) -> Result<ConnectionRow, Error> {
        if !is_id(id) {
            return Err(NOBODY);
        }
        let row = self.store.connection_of_anybody(id, self.now()).await?;
        let of_subject =
            |row: &ConnectionRow| subject.is_none() || row.subject.as_deref() == subject;
        row.filter(of_subject).ok_or(NOBODY)
    }

    /// Counts a call that is about to be made, or refuses it.
    async fn admit(
        &self,
        bank: &Bank,
        row: &ConnectionRow,
        call: &Call,
        headers: &HeaderMap,
        request_id: &str,
    ) -> Result<(), Error> {
        let provider = &*bank.provider.id;
        let name = |of: &[u8]| self.lookup.name(of);
        let read = UnattendedRead {
            provider,
            account: name(account(row, call).as_bytes()),
            access: &self.ambient.uuid()?,
            action: Involved::action_id(headers).map(HeaderValue::as_bytes).map(name),
            target: name(call.target.as_bytes()),
        };
        let (now, most) = (self.now(), bank.provider.unattended_per_day);
        match self.store.admit_unattended(&read, now, most).await? {
            Admission::Admitted(used) => {
                let connection = &row.id;
                tracing::info!(
                    event = "unattended_read",
                    connection,
                    provider,
                    used,
                    most,
                    request_id
                );
                Ok(())
            }
            Admission::Exhausted(until) => {
                let retry_after = u32::try_from(until - now).unwrap_or(u32::MAX);
                Err(Error::UnattendedLimit { retry_after })
            }
        }
    }
}

/// What is counted: the bank's account, whoever connected it; the list of accounts by its grant.
fn account(row: &ConnectionRow, call: &Call) -> String {
    match call.account() {
        Some(account) => format!("account {account}"),
        None => format!("grant {}", row.grant.id),
    }
}
