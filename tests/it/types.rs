//! The TypeScript types of the npm package come from the Rust types, comments and all.
//!
//! The generated files are committed, so readers and editors need no build; these tests fail when
//! one is stale. `BLESS=1 cargo test -p tests types` writes them anew.

use std::any::{TypeId, type_name};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ts_rs::{Config, TS, TypeVisitor};

#[test]
fn protocol_types_are_fresh() {
    let mut pages = Pages::new("protocol");
    pages.add::<protocol::authorization::StartAuthorization>();
    pages.add::<protocol::authorization::StartedAuthorization>();
    pages.add::<protocol::authorization::FinishAuthorization>();
    pages.add::<protocol::connection::ConnectPrepared>();
    pages.add::<protocol::connection::Connections>();
    pages.add::<protocol::connection::Receipts>();
    pages.add::<protocol::order::KeptOrders<ts_rs::Dummy>>();
    pages.add::<protocol::problem::Problem>();
    pages.add::<protocol::provider::Providers>();
    pages.compare();
}

#[test]
fn cobs_types_are_fresh() {
    let mut pages = Pages::new("cobs");
    pages.add::<cobs::account::Account>();
    pages.add::<cobs::balance::Balance>();
    pages.add::<cobs::transaction::Transaction>();
    pages.add::<cobs::payment_request::PaymentRequest>();
    pages.add::<cobs::payment::Payment>();
    pages.add::<cobs::order::OrderStatus>();
    pages.add::<cobs::signing::SigningOffer>();
    pages.add::<cobs::signing::SigningBeginRequest>();
    pages.add::<cobs::signing::SigningBegun>();
    pages.add::<cobs::signing::SigningEndRequest>();
    pages.add::<cobs::signing::SigningProgress>();
    pages.add::<cobs::standing_order_request::StandingOrderRequest>();
    pages.add::<cobs::standing_order::StandingOrder>();
    pages.add::<cobs::standing_order::StandingOrderDeletion>();
    pages.add::<cobs::standing_order::StandingOrderStatus>();
    pages.add::<cobs::awaiting::AwaitingPayment>();
    pages.add::<cobs::batch::BatchRequest>();
    pages.add::<cobs::batch::Batch>();
    pages.add::<cobs::balance_check::BalanceCheckRequest>();
    pages.add::<cobs::balance_check::BalanceCheck>();
    pages.add::<cobs::authorization::PendingAuthorization>();
    pages.add::<cobs::consent::Consents>();
    pages.compare_by_module();
}

/// Declarations of one crate by name, each with everything it refers to.
struct Pages {
    source: &'static str,
    config: Config,
    declarations: BTreeMap<String, Declaration>,
}

struct Declaration {
    id: TypeId,
    /// The Rust module it stands in.
    module: String,
    text: String,
    /// Names it refers to.
    refers: BTreeSet<String>,
}

impl Pages {
    fn new(source: &'static str) -> Self {
        Self { source, config: Config::new(), declarations: BTreeMap::new() }
    }

    fn add<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            T::visit_dependencies(self); // a primitive, or a wrapper such as Option
            return;
        }
        let name = T::ident(&self.config);
        let text = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(&self.config));
        let mut reached = References { config: &self.config, names: BTreeSet::new() };
        T::visit_dependencies(&mut reached);
        T::visit_generics(&mut reached);
        let code: String = text.lines().filter(|line| !line.trim().starts_with('*')).collect();
        let words: BTreeSet<_> = code.split(|c: char| !c.is_alphanumeric()).collect();
        let path = type_name::<T>().split('<').next().unwrap_or_default();
        let module = path.rsplit("::").nth(1).unwrap_or_default().to_owned();
        let id = TypeId::of::<T>();
        let refers = reached.names.into_iter().filter(|it| words.contains(it.as_str())).collect();
        let declaration = Declaration { id, module, text, refers };
        if let Some(known) = self.declarations.insert(name.clone(), declaration) {
            assert!(known.id == id, "two types of {} are called {name}", self.source);
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }

    /// One file for all.
    fn compare(self) {
        let texts = self.declarations.values().map(|it| it.text.as_str());
        compare(self.source, &self.page("", texts));
    }

    /// A file for each Rust module, and one that exports them all.
    fn compare_by_module(self) {
        let modules: BTreeSet<_> = self.declarations.values().map(|it| &it.module).collect();
        let mut index = Vec::new();
        for module in modules {
            let here: Vec<_> =
                self.declarations.values().filter(|it| it.module == *module).collect();
            let imports = self.imports(module, &here);
            let page = self.page(&imports, here.iter().map(|it| it.text.as_str()));
            assert!(page.lines().count() < 400, "{module} is too long for one file");
            compare(&format!("{}/{module}", self.source), &page);
            index.push(format!("export type * from './{}/{module}.js';\n", self.source));
        }
        compare(self.source, &self.page(&index.concat(), []));
    }

    fn imports(&self, module: &str, here: &[&Declaration]) -> String {
        let mut from: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for name in here.iter().flat_map(|it| &it.refers) {
            let home = &self.declarations[name].module;
            if home != module {
                from.entry(home).or_default().insert(name);
            }
        }
        let line = |(home, names): (&str, BTreeSet<&str>)| {
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            format!("import type {{ {names} }} from './{home}.js';\n")
        };
        from.into_iter().map(line).collect()
    }

    fn page<'a>(&self, head: &str, texts: impl IntoIterator<Item = &'a str>) -> String {
        let mut page = format!(
            "// Made from the Rust crate `{}` by tests/it/types.rs; do not edit.\n",
            self.source
        );
        if !head.is_empty() {
            page.push('\n');
            page.push_str(head);
        }
        for text in texts {
            page.push('\n');
            page.push_str(&text.replace(" \n", "\n"));
        }
        page
    }
}

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../crates/browser/ts/generated/{name}.ts"));
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, text, "stale: BLESS=1 cargo test -p tests types");
}

impl TypeVisitor for Pages {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

/// Names of the declared types that a type reaches; behind wrappers such as `Option` more than it
/// refers to itself.
struct References<'a> {
    config: &'a Config,
    names: BTreeSet<String>,
}

impl TypeVisitor for References<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            T::visit_dependencies(self);
        } else {
            self.names.insert(T::ident(self.config));
        }
    }
}
