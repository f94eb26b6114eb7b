//! Payments bound together to be signed at once (bank-api fact 13.5). The payments stay orders of
//! their own; until the batch ends, its signing is theirs.

use super::{Order, Orders, Status, Subject};

/// A batch.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// Names of its payments, in the order of the request.
    pub(crate) payments: Vec<String>,
}

impl Orders {
    /// Enters a batch and binds its payments; what was begun to sign one alone is given up.
    pub(crate) fn bind(&mut self, batch: Order) {
        let id = batch.id.clone();
        for member in members(&batch) {
            if let Some(payment) = self.by_id.get_mut(&member) {
                payment.batch = Some(id.clone());
                payment.signing.begin_anew();
            }
        }
        self.enter(batch);
    }

    /// Forgets a batch; its payments are free again, or, `with_payments`, forgotten too.
    pub(crate) fn unbind(&mut self, id: &str, with_payments: bool) {
        let Some(batch) = self.remove(id) else { return };
        for member in members(&batch) {
            if with_payments {
                self.remove(&member);
            } else if let Some(payment) = self.by_id.get_mut(&member) {
                payment.batch = None;
            }
        }
    }

    /// Takes a payment that is forgotten out of its batch; an empty batch is forgotten as well.
    pub(super) fn drop_from(&mut self, batch: &str, member: &str) {
        if let Some(Order { subject: Subject::Batch(bound), .. }) = self.by_id.get_mut(batch) {
            bound.payments.retain(|id| id != member);
            if bound.payments.is_empty() {
                self.remove(batch);
            }
        }
    }

    /// The payments of a batch that there still are.
    pub(crate) fn members(&self, batch: &Order) -> Vec<&Order> {
        let Subject::Batch(bound) = &batch.subject else { return Vec::new() };
        bound.payments.iter().filter_map(|id| self.by_id.get(id)).collect()
    }

    /// Where a signed batch stands: at its end when all of its payments are, and rejected if none
    /// was carried out.
    pub(super) fn conclude(&mut self, id: &str) {
        let Some(batch) = self.by_id.get(id).filter(|order| order.status == Status::Acsp) else {
            return;
        };
        let payments = self.members(batch);
        if payments.iter().any(|payment| payment.is_alive()) {
            return;
        }
        let done = payments.iter().any(|payment| payment.status == Status::Acsc);
        let change = payments.iter().find_map(|payment| payment.change).filter(|_| !done);
        if let Some(batch) = self.by_id.get_mut(id) {
            batch.status = if done { Status::Acsc } else { Status::Rjct };
            batch.change = change;
        }
    }
}

/// The names of the payments of a batch.
pub(super) fn members(batch: &Order) -> Vec<String> {
    match &batch.subject {
        Subject::Batch(bound) => bound.payments.clone(),
        _ => Vec::new(),
    }
}
