//! One process with everything: a simulated bank, the broker, the page. It is what `./just demo`
//! shows to people, and the [`World`] that the tests start.
//!
//! Start reading at [`World::start`]: it sets the broker up as an operator would, by a configuration
//! file, secret files and PEM files in a folder of its own. [`browser::Browser`] is a person with a
//! browser, reduced to HTTP.

pub mod bench;
pub mod browser;
pub mod control;
pub mod node;
pub mod page;
pub mod seed;
pub mod world;

mod banks;
mod form;
mod setup;

pub use setup::ADMIN_KEY;
pub use world::{Options, World};
