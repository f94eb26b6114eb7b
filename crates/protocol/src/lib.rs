//! The words that browser and broker share: JSON bodies, paths, PKCE, state, problem codes.
//!
//! Both sides compile this crate, so a field or a path is spelt once. It does no input or output
//! and knows neither clock nor randomness: bytes and times are handed in.
//!
//! | word | meaning |
//! |---|---|
//! | app | the page that embeds us |
//! | bank | authorization server and API |
//! | provider | one configured environment of one bank |
//! | broker | our server |
//! | authorization | one attempt to connect, from start to callback |
//! | connection | one user's standing consent at one provider |
//! | grant | the tokens of a connection; never outside the broker |
//! | session | the browser's opaque cookie; points to connections |
//! | problem | an RFC 9457 answer |
//!
//! Start reading at [`authorization`] (how a connection begins) or [`problem`] (how it fails).
//!
//! ```
//! use protocol::pkce::CodeVerifier;
//! // RFC 7636, appendix B
//! let verifier = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap();
//! assert_eq!(verifier.challenge().as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
//! ```

#![cfg_attr(not(feature = "typescript"), no_std)] // the derive of `typescript` needs std

extern crate alloc;

pub mod authorization;
pub mod connection;
pub mod order;
pub mod path;
pub mod pkce;
pub mod problem;
pub mod provider;
pub mod state;

mod token;
