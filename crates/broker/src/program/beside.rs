//! Commands that use the store beside brokers that may be running: none of them brings its schema up to date, which is
//! for a start of the broker to do.

use std::path::Path;
use std::sync::Arc;

use super::Stopped;
use crate::Broker;
use crate::ambient::Ambient;
use crate::config::Config;
use crate::store::{Place, Schema, Store};

/// The configuration that the brokers have too.
pub(super) fn load(path: &Path) -> Result<Config, Stopped> {
    Config::load(path).map_err(|error| Stopped::failed(error.to_string()))
}

/// The store, to be read.
pub(super) async fn reading(place: &Place) -> Result<Store, Stopped> {
    ready(place).await?;
    Store::for_reading(place).await.map_err(|error| stopped(place, &error))
}

/// The store, to be changed.
pub(super) async fn writing(place: &Place) -> Result<Store, Stopped> {
    ready(place).await?;
    Store::open(place).await.map_err(|error| stopped(place, &error))
}

/// A broker that answers nobody and does nothing by itself.
pub(super) async fn broker(path: &Path) -> Result<Arc<Broker>, Stopped> {
    let config = load(path)?;
    ready(&config.store.place).await?;
    let opened = Broker::open(config, Ambient::system()).await;
    opened.map_err(|error| Stopped::failed(error.to_string()))
}

/// Why a command on a store came to nothing.
pub(super) fn stopped(place: &Place, error: &dyn std::fmt::Display) -> Stopped {
    Stopped::failed(format!("{}: {error}", place.key()))
}

/// Fails where the store is not this program's.
async fn ready(place: &Place) -> Result<(), Stopped> {
    let inspected = Store::inspect(place).await.map_err(|error| stopped(place, &error))?;
    match (inspected.schema, inspected.schema.unread()) {
        (Schema::Absent, _) => Err(stopped(place, &"there is no store yet, so nothing is in it")),
        (_, Some(why)) => Err(stopped(place, &why)),
        (_, None) => Ok(()),
    }
}
