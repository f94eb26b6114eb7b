//! What can be read about accounts: paths, parameters and the name of the collection (COBS 2.0 §3.1).

/// A resource of account information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resource {
    /// `GET /my/accounts`
    #[default]
    Accounts,
    /// `GET /my/accounts/{id}/balance`
    Balances,
    /// `GET /my/accounts/{id}/transactions`
    Transactions,
}

impl Resource {
    /// Every resource.
    pub const ALL: [Self; 3] = [Self::Accounts, Self::Balances, Self::Transactions];

    /// The resource whose collection has this name.
    pub fn named(collection: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.collection() == collection)
    }

    /// Name of the array in the answer.
    pub const fn collection(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Balances => "balances",
            Self::Transactions => "transactions",
        }
    }

    /// The path before and after the account's id. The second part is empty where no id belongs.
    pub const fn path(self) -> (&'static str, &'static str) {
        match self {
            Self::Accounts => ("/my/accounts", ""),
            Self::Balances => ("/my/accounts/", "/balance"),
            Self::Transactions => ("/my/accounts/", "/transactions"),
        }
    }

    /// Names of the query parameters it takes.
    pub const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Accounts => &["size", "page", "sort", "order"],
            Self::Balances => &["currency"],
            Self::Transactions => {
                &["fromDate", "toDate", "currency", "size", "page", "sort", "order"]
            }
        }
    }
}
