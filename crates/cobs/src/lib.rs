//! The resources of the Czech Standard for Open Banking (COBS) as types.
//!
//! They describe what a bank sends, as banks send it: an optional field may be missing or `null`,
//! unknown fields are ignored, and where the standard's text, its examples and its OpenAPI file
//! disagree both forms are read ([`lenient`]); words of which a bank may have more stay text. What an
//! app sends (`…Request`) is described exactly. Amounts keep every digit ([`decimal`]). The
//! TypeScript declarations of the npm package `bankconnect` are made from these types (feature
//! `typescript`). This crate does no input or output.
//!
//! Start reading at [`account`] (what is read) or [`payment_request`] (what is ordered).
//!
//! Sources: COBS 2.0 (PDF of the Czech Banking Association), its OpenAPI files 2.0.1, 7 and 8.

#![cfg_attr(not(feature = "typescript"), no_std)] // the derive of `typescript` needs std

extern crate alloc;

pub mod account;
pub mod authorization;
pub mod awaiting;
pub mod balance;
pub mod balance_check;
pub mod batch;
pub mod consent;
pub mod decimal;
pub mod error;
pub mod lenient;
pub mod money;
pub mod order;
pub mod paging;
pub mod party;
pub mod payment;
pub mod payment_request;
pub mod signing;
pub mod standing_order;
pub mod standing_order_request;
pub mod transaction;
