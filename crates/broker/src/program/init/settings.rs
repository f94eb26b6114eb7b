//! What a new configuration says, as text until it is judged.

use std::path::Path;

use protocol::provider::Connect;

use super::Arguments;
use crate::config::preset::{self, Preset};
use crate::config::{Config, Finding};
use crate::program::Stopped;

/// Every value, empty where there is none (yet).
pub(super) struct Settings {
    pub(super) preset: String,
    pub(super) provider: String,
    pub(super) origin: String,
    pub(super) redirect_uri: String,
    pub(super) listen: String,
    pub(super) tpp_name: String,
    pub(super) tpp_identification: String,
    /// With blanks between them.
    pub(super) scopes: String,
    pub(super) base_api_url: String,
    pub(super) ca_file: String,
    pub(super) dangerous: Vec<String>,
}

impl Settings {
    /// Values that let the others be judged until they are known themselves, and those that nobody is asked for.
    pub(super) fn new(arguments: &Arguments) -> Result<Self, Stopped> {
        let ca_file = arguments.ca_file.as_deref();
        Ok(Self {
            preset: "cnb".to_owned(),
            provider: "cnb".to_owned(),
            origin: String::new(),
            redirect_uri: String::new(),
            listen: "127.0.0.1:4300".to_owned(),
            tpp_name: String::new(),
            tpp_identification: String::new(),
            scopes: "aisp".to_owned(),
            base_api_url: String::new(),
            ca_file: ca_file
                .map(|file| inside(&arguments.folder, file))
                .transpose()?
                .unwrap_or_default(),
            dangerous: arguments.dangerous.clone(),
        })
    }

    /// What the configuration knows of the preset.
    pub(super) fn known(&self) -> Option<&'static Preset> {
        preset::find(&self.preset)
    }

    /// Whether there are login, certificate and registration; a sandbox hands tokens out by name.
    pub(super) fn people_log_in(&self) -> bool {
        self.known().is_none_or(|preset| preset.connect == Connect::Authorization)
    }

    /// Browsers keep the hardened cookie by https only.
    pub(super) fn development(&self) -> bool {
        self.origin.starts_with("http:")
    }

    /// What the configuration's own checks say of it.
    pub(super) fn findings(&self, config: &Path) -> Vec<Finding> {
        Config::draft(config, &self.text())
    }
}

/// A file named from where we are, as the configuration in `folder` has to name it.
fn inside(folder: &Path, file: &Path) -> Result<String, Stopped> {
    let absolute =
        |path| std::path::absolute(path).map_err(|error| Stopped::failed(error.to_string()));
    let (folder, file) = (absolute(folder)?, absolute(file)?);
    let file = file.strip_prefix(&folder).unwrap_or(&file);
    let text = file.to_str().map(str::to_owned);
    text.ok_or_else(|| Stopped::failed("--ca-file: its name is not UTF-8; fix: rename it"))
}
