//! The authorization server as PowerAuth Web Flow 1.4 has it, on Spring Security OAuth 2.5
//! (bank-api facts 5.2 to 5.8; RFC 6749, RFC 7009 where the product follows them).

pub(crate) mod authorize;
mod client_auth;
mod grants;
mod introspect;
mod redirect_uri;
mod refusal;
mod reply;
mod revoke;
pub(crate) mod token;

pub use grants::TokenInfo;
pub(crate) use grants::{Access, Authorized, Code, Grants};
pub(crate) use introspect::introspect;
pub(crate) use redirect_uri::{origin, resolve};
pub(crate) use refusal::{OauthError, method_not_allowed};
pub(crate) use revoke::revoke;
