//! The TypeScript types of the npm package come from the Rust types, comments and all.
//!
//! The generated files are committed, so readers and editors need no build; these tests fail when
//! one is stale. `BLESS=1 cargo test -p tests types` writes them anew.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ts_rs::{Config, TS, TypeVisitor};

#[test]
fn protocol_types_are_fresh() {
    let mut page = Page::new("protocol");
    page.add::<protocol::authorization::StartAuthorization>();
    page.add::<protocol::authorization::StartedAuthorization>();
    page.add::<protocol::authorization::FinishAuthorization>();
    page.add::<protocol::connection::ConnectPrepared>();
    page.add::<protocol::connection::Connections>();
    page.add::<protocol::connection::Receipt>();
    page.add::<protocol::order::KeptOrders<ts_rs::Dummy>>();
    page.add::<protocol::problem::Problem>();
    page.add::<protocol::provider::Providers>();
    page.compare();
}

#[test]
fn cobs_types_are_fresh() {
    let mut page = Page::new("cobs");
    page.add::<cobs::account::Account>();
    page.add::<cobs::balance::Balance>();
    page.add::<cobs::transaction::Transaction>();
    page.compare();
}

/// One generated file: declarations by name, each with everything it refers to.
struct Page {
    source: &'static str,
    config: Config,
    declarations: BTreeMap<String, (TypeId, String)>,
}

impl Page {
    fn new(source: &'static str) -> Self {
        Self { source, config: Config::new(), declarations: BTreeMap::new() }
    }

    fn add<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            T::visit_dependencies(self); // a primitive, or a wrapper such as Option
            return;
        }
        let name = T::ident(&self.config);
        let declaration =
            format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(&self.config));
        if let Some((known, _)) =
            self.declarations.insert(name.clone(), (TypeId::of::<T>(), declaration))
        {
            assert!(known == TypeId::of::<T>(), "two types of {} are called {name}", self.source);
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }

    fn compare(self) {
        let mut text = format!(
            "// Made from the Rust crate `{}` by tests/it/types.rs; do not edit.\n",
            self.source
        );
        for (_, declaration) in self.declarations.values() {
            text.push('\n');
            text.push_str(&declaration.replace(" \n", "\n"));
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../crates/browser/ts/generated/{}.ts", self.source));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(committed, text, "stale: BLESS=1 cargo test -p tests types");
    }
}

impl TypeVisitor for Page {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}
