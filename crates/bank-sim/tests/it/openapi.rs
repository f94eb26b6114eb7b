//! openapi.json is served, is a good document, and tells no more and no less than the bank does.
//!
//! The calls are the document's own: bodies are its examples, path parameters come by its links
//! (OpenAPI 3.1, 4.8.20) from the answers of the calls that make them.

use std::collections::{BTreeSet, HashMap};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::calls::{Caller, versions};
use crate::contract::{
    METHODS, Operation, breach, document, operations, resolved, told, validator,
};
use crate::world::{Answer, World};

#[tokio::test]
async fn the_document_is_served_at_the_front_door() {
    let world = World::start().await;
    let url = format!("{}/openapi.json", world.bank.front_url());
    let answer = world.without_certificate().get(url).send().await.unwrap();
    let answer = Answer::read(answer).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(&answer.json(), document());
    assert!(answer.json()["openapi"].as_str().unwrap().starts_with("3.1."));
    assert_eq!(answer.json()["info"]["version"], env!("CARGO_PKG_VERSION"));
}

/// What is served answers as described; what is marked as not served does not answer.
#[tokio::test]
async fn every_described_call_is_answered() {
    let caller = Caller::start().await;
    for operation in operations() {
        let name = &operation.value["operationId"];
        for version in versions(operation) {
            if operation.value["x-served"] == false {
                let answer = caller.bare(operation.template, &operation.method, version).await;
                // a path that is there knows which methods it has
                let path = caller.bare(operation.template, &Method::PATCH, version).await;
                let absent = is_absent(&answer) && (path.status == 404 || shared(operation));
                assert!(absent, "{name} is served: take its x-served out of the document");
            } else {
                caller.good(operation, version).await;
            }
        }
    }
}

#[tokio::test]
async fn nothing_else_is_answered() {
    let caller = Caller::start().await;
    let mut described: HashMap<&str, Vec<_>> = HashMap::new();
    for operation in operations() {
        described.entry(operation.template).or_default().push(operation);
    }
    for (template, known) in described {
        if known.iter().any(|operation| operation.value["x-any-method"] == true) {
            continue;
        }
        let others =
            METHODS.into_iter().filter(|other| known.iter().all(|one| one.method != other));
        for method in others {
            for version in versions(known[0]) {
                let answer = caller.bare(template, &method, version).await;
                assert!(is_absent(&answer), "{method} {template} {version}: {answer:?}");
            }
        }
    }
}

/// Whether the path is there for another method.
fn shared(operation: &Operation) -> bool {
    let mut same = operations().iter().filter(|one| one.template == operation.template);
    same.any(|one| one.value["x-served"] != false)
}

/// Whether there is no such call, which is not the same as no such object.
fn is_absent(answer: &Answer) -> bool {
    let code = serde_json::from_str::<Value>(&answer.text).unwrap_or_default();
    match answer.status.as_u16() {
        404 => code["errors"].is_null() || code["errors"][0]["error"] == "NOT_FOUND",
        status => matches!(status, 405 | 501),
    }
}

#[test]
fn every_route_is_described() {
    let source = include_str!("../../src/router.rs");
    // both generations' authorization endpoint has its path from elsewhere
    let routes = source.split(".route(").skip(1).map(str::trim_start);
    let routes: Vec<_> = routes.filter(|route| route.starts_with('"')).collect();
    assert!(routes.len() > 9, "the router was read");
    for route in routes {
        let path = route.split('"').nth(1).unwrap();
        let known = |one: &str| match path.split_once("{*") {
            Some((start, _)) => one.starts_with(start),
            None => one == path,
        };
        assert!(operations().iter().any(|one| known(one.template)), "{path}");
    }
}

#[test]
fn operations_have_names_of_their_own_and_links_know_them() {
    let names = operations().iter().map(|one| one.value["operationId"].as_str().unwrap());
    let names: Vec<_> = names.collect();
    let unique: BTreeSet<_> = names.iter().collect();
    assert_eq!(names.len(), unique.len());
    assert!(names.len() > 50, "{}", names.len());
    for operation in operations() {
        for response in operation.value["responses"].as_object().unwrap().values() {
            let links = response["links"].as_object().into_iter().flatten();
            for (_, link) in links {
                assert!(unique.contains(&link["operationId"].as_str().unwrap()), "{link}");
            }
        }
    }
}

#[test]
fn path_parameters_are_those_of_the_path() {
    for operation in operations() {
        let item = &document()["paths"][operation.template];
        let both = [&item["parameters"], &operation.value["parameters"]];
        let parameters = both.into_iter().filter_map(Value::as_array).flatten().map(resolved);
        let described: BTreeSet<_> = parameters
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let segments = operation.template.split('/');
        let of_path = segments.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        assert_eq!(described, of_path.collect(), "{}", operation.template);
    }
}

/// Every reference leads somewhere, every component is needed, every schema is one.
#[test]
fn references_and_schemas_are_good() {
    let (mut references, mut schemas) = (BTreeSet::new(), Vec::new());
    collect(document(), &mut references, &mut schemas);
    for reference in &references {
        let target = document().pointer(reference.strip_prefix('#').unwrap());
        assert!(target.is_some(), "{reference}");
    }
    let kinds = ["schemas", "parameters", "headers", "responses"];
    for (kind, name) in kinds.into_iter().flat_map(|kind| {
        let names = document()["components"][kind].as_object().unwrap().keys();
        names.map(move |name| (kind, name))
    }) {
        let used = references.contains(format!("#/components/{kind}/{name}").as_str());
        assert!(used, "{kind} {name} is of no use");
    }
    schemas.extend(document()["components"]["schemas"].as_object().unwrap().values());
    assert!(schemas.len() > 200, "{}", schemas.len());
    for schema in schemas {
        let meta = jsonschema::draft202012::meta::validate(schema);
        assert!(meta.is_ok(), "{schema}: {meta:?}");
        let _ = validator(schema);
    }
}

fn collect(
    value: &'static Value,
    references: &mut BTreeSet<&'static str>,
    schemas: &mut Vec<&'static Value>,
) {
    references.extend(value.get("$ref").and_then(Value::as_str));
    schemas.extend(value.get("schema"));
    let (fields, items) = (value.as_object(), value.as_array());
    let fields = fields.into_iter().flat_map(serde_json::Map::values);
    for inner in fields.chain(items.into_iter().flatten()) {
        collect(inner, references, schemas);
    }
}

#[test]
fn answers_have_no_fields_beside_the_described_ones() {
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas.iter().filter(|(_, schema)| schema["type"] == "object") {
        assert_eq!(schema["additionalProperties"], false, "{name}");
    }
}

#[test]
fn examples_are_what_their_schemas_want() {
    let mut seen = 0;
    for operation in operations() {
        let content = operation.value["requestBody"]["content"].as_object().into_iter().flatten();
        for (_, content) in content.filter(|(_, content)| !content["example"].is_null()) {
            let checked = validator(&content["schema"]);
            let wrong = checked.iter_errors(&content["example"]).next();
            let wrong = wrong.map(|error| told(&error));
            assert_eq!(wrong, None, "{}", operation.value["operationId"]);
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

/// The contract can be broken, and says where.
#[tokio::test]
async fn a_breach_is_named_by_its_path() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let good = world.api(token, "/my/accounts").await;
    let path = "/psd2-cobs/cobs/2.0/my/accounts";
    let broken = |change: fn(&mut Value)| {
        let mut body = good.json();
        change(&mut body);
        let (status, headers) = (good.status, good.headers.clone());
        let answer = Answer { status, headers, text: body.to_string() };
        breach(&answer, &Method::GET, path).unwrap_or_default()
    };
    assert_eq!(broken(|_| ()), "");
    let told = broken(|body| body["accounts"][1]["colour"] = json!("red"));
    assert!(told.starts_with("/accounts/1: ") && told.contains("colour"), "{told}");
    let told = broken(|body| body["accounts"][0]["servicer"]["bic"] = json!("x"));
    assert!(told.starts_with("/accounts/0/servicer/bic: "), "{told}");
    let told = broken(|body| body["accounts"][0]["id"] = Value::Null);
    assert!(told.starts_with("/accounts/0/id: "), "{told}");

    let mut bare = Answer { status: StatusCode::CREATED, headers: good.headers, text: good.text };
    let told = breach(&bare, &Method::GET, path).unwrap_or_default();
    assert_eq!(told, "status 201 is not described");
    bare.status = StatusCode::OK;
    assert_eq!(breach(&bare, &Method::GET, path), None);
    bare.headers.remove("content-language");
    let told = breach(&bare, &Method::GET, path).unwrap_or_default();
    assert!(told.starts_with("header Content-Language"), "{told}");
}
