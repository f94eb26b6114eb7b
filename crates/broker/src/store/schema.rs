//! The schema: one set of migrations, in SQLite's words and in PostgreSQL's.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, Migrator};

/// What the two call differently, SQLite's word first.
const WORDS: [(&str, &str); 4] = [
    ("integer primary key autoincrement", "bigint generated always as identity primary key"),
    ("integer primary key", "bigint generated always as identity primary key"),
    (" integer", " bigint"),
    (" blob", " bytea"),
];

/// How far a database's schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// There is none yet: the broker makes it.
    Absent,
    /// An older one: the broker brings it up to date when it starts.
    Behind,
    /// This program's.
    Current,
    /// Of a newer program, or no database of ours.
    Foreign,
}

impl Schema {
    /// Why nobody can tell what probes found; `None` where that can be read, or nothing can have been found.
    pub fn unread(self) -> Option<&'static str> {
        match self {
            Self::Absent | Self::Current => None,
            Self::Behind => Some(
                "the store is of an older version; start the broker of this one once, which updates it",
            ),
            Self::Foreign => Some("the store was made by a newer version, or by something else"),
        }
    }

    /// By the numbers of the migrations that were run.
    pub(super) fn of(applied: &[i64]) -> Self {
        let known: Vec<i64> = of_files().iter().map(|migration| migration.version).collect();
        if applied == known {
            Self::Current
        } else if known.starts_with(applied) {
            Self::Behind
        } else {
            Self::Foreign
        }
    }
}

/// For SQLite.
pub(super) fn of_files() -> Migrator {
    sqlx::migrate!()
}

/// For PostgreSQL.
pub(super) fn of_servers() -> Migrator {
    let all = of_files();
    let translated = all.iter().map(|one| {
        let words = one.sql.as_str().to_owned();
        let sql = WORDS.iter().fold(words, |sql, (here, there)| sql.replace(here, there));
        let sql = sqlx::AssertSqlSafe(sql).into_sql_str();
        Migration::new(one.version, one.description.clone(), one.migration_type, sql, one.no_tx)
    });
    Migrator::with_migrations(translated.collect())
}
