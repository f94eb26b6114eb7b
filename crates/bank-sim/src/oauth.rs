//! The authorization server as PowerAuth Web Flow 1.4 has it, on Spring Security OAuth 2.5, or 1.5,
//! on Spring Authorization Server (bank-api facts 5.2 to 5.8; RFC 6749, 7009, 7636 and 7662 where
//! the product follows them).

pub(crate) mod authorize;
mod client_auth;
mod generation;
mod grants;
mod introspect;
mod pkce;
mod redirect_uri;
mod refusal;
mod reply;
mod revoke;
pub(crate) mod token;

pub(crate) use generation::only;
pub(crate) use grants::{Access, Authorized, Code, Grants, Revocation};
pub use grants::{Reach, TokenInfo};
pub(crate) use introspect::{check_token, introspect, token_key};
pub(crate) use redirect_uri::{origin, resolve};
pub(crate) use refusal::{OauthError, method_not_allowed};
pub(crate) use revoke::revoke;
