//! Customers, accounts and their year: made up from a seed, the same every time, always up to the
//! bank's today (bank-api facts 9 and 12, checklist 17.11).

mod calendar;
mod crowd;
pub(crate) mod entry;
pub(crate) mod iban;
mod ledger;
mod partner;
mod people;
mod row;
mod spending;
pub(crate) mod standing;
pub(crate) mod workday;

pub use crowd::Population;
pub(crate) use ledger::{HISTORY, Ledger, Statement};
pub(crate) use partner::{Partner, bic_of};
pub(crate) use people::{Account, Customer, Kind};
pub(crate) use row::Row;
