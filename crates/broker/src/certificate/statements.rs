//! The statements of a qualified certificate, which no X.509 crate knows: its type (ETSI EN 319 412-5 §4.2) and
//! the PSD2 roles with the competent authority (ETSI TS 119 495 §5.1 and annex A).

use der::asn1::{Any, ObjectIdentifier};
use der::{Decode as _, Sequence};

use super::name;

/// `qcStatements` (RFC 3739 §3.2.6).
pub(super) const EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.3");

const PSD2: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.19495.2");
const COMPLIANCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.1");
const TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6");

/// What the statements say.
#[derive(Clone, Default)]
pub(crate) struct Qualified {
    /// Issued as a qualified certificate at all.
    pub(crate) compliant: bool,
    /// For what; more than one is against the standard, none means signatures (§4.2.3).
    pub(crate) types: Vec<QcType>,
    /// The licence. `None`: there is no statement that can be read, so nothing is known.
    pub(crate) psd2: Option<Psd2>,
}

/// For what a qualified certificate is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum QcType {
    /// Electronic signatures of persons.
    Signature,
    /// Electronic seals: QSEAL.
    Seal,
    /// Authentication of websites, and so of TLS clients: QWAC.
    Web,
}

/// A payment service provider's roles, and who granted them.
#[derive(Clone)]
pub(crate) struct Psd2 {
    /// Roles that are known; by their numbers, for names do not count.
    pub(crate) roles: Vec<Role>,
    /// The competent authority's name.
    pub(crate) authority_name: String,
    /// The competent authority's identifier, such as `CZ-CNB`.
    pub(crate) authority_id: String,
}

/// A role of a payment service provider (RTS SCA art. 34; ETSI TS 119 495 §5.1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Keeps accounts: a bank.
    AccountServicing,
    /// Initiates payments.
    PaymentInitiation,
    /// Reads accounts.
    AccountInformation,
    /// Issues cards and asks for the availability of funds.
    CardInstruments,
}

impl QcType {
    /// The word of the standard.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "esign",
            Self::Seal => "eseal",
            Self::Web => "web",
        }
    }

    fn of(oid: ObjectIdentifier) -> Option<Self> {
        const SIGNATURE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.1");
        const SEAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.2");
        const WEB: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.3");
        match oid {
            SIGNATURE => Some(Self::Signature),
            SEAL => Some(Self::Seal),
            WEB => Some(Self::Web),
            _ => None,
        }
    }
}

impl Role {
    /// The name in certificates.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AccountServicing => "PSP_AS",
            Self::PaymentInitiation => "PSP_PI",
            Self::AccountInformation => "PSP_AI",
            Self::CardInstruments => "PSP_IC",
        }
    }

    /// In words.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::AccountServicing => "account servicing",
            Self::PaymentInitiation => "payment initiation",
            Self::AccountInformation => "account information",
            Self::CardInstruments => "issuing of card-based payment instruments",
        }
    }

    /// The scope that this role is asked for (bank-api fact 6.3).
    pub(crate) fn scope(self) -> Option<&'static str> {
        match self {
            Self::AccountServicing => None,
            Self::PaymentInitiation => Some("pisp"),
            Self::AccountInformation => Some("aisp"),
            Self::CardInstruments => Some("cisp"),
        }
    }

    /// Whether a scope is one that the law knows.
    pub(crate) fn is_known(scope: &str) -> bool {
        Self::for_scope(scope).is_some()
    }

    /// The role that a scope asks for; `None`: a scope that the law does not know.
    pub(crate) fn for_scope(scope: &str) -> Option<Self> {
        ALL.map(|(role, _)| role).into_iter().find(|role| role.scope() == Some(scope))
    }
}

const ALL: [(Role, ObjectIdentifier); 4] = [
    (Role::AccountServicing, ObjectIdentifier::new_unwrap("0.4.0.19495.1.1")),
    (Role::PaymentInitiation, ObjectIdentifier::new_unwrap("0.4.0.19495.1.2")),
    (Role::AccountInformation, ObjectIdentifier::new_unwrap("0.4.0.19495.1.3")),
    (Role::CardInstruments, ObjectIdentifier::new_unwrap("0.4.0.19495.1.4")),
];

/// Scopes that roles allow.
pub(crate) fn allows(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().filter_map(|role| role.scope()).collect()
}

/// `QCStatement ::= SEQUENCE { statementId OBJECT IDENTIFIER, statementInfo ANY OPTIONAL }`
#[derive(Sequence)]
struct Statement {
    id: ObjectIdentifier,
    #[asn1(optional = "true")]
    info: Option<Any>,
}

/// `PSD2QcType ::= SEQUENCE { rolesOfPSP, nCAName UTF8String, nCAId UTF8String }`
#[derive(Sequence)]
struct Psd2QcType {
    roles: Vec<RoleOfPsp>,
    nca_name: Any,
    nca_id: Any,
}

/// `RoleOfPSP ::= SEQUENCE { roleOfPspOid OBJECT IDENTIFIER, roleOfPspName UTF8String }`
#[derive(Sequence)]
struct RoleOfPsp {
    oid: ObjectIdentifier,
    name: Any,
}

impl Qualified {
    /// Reads the extension's content; a statement that cannot be read says nothing, and keeps no other from it.
    pub(super) fn read(content: &[u8]) -> Self {
        let statements = Vec::<Any>::from_der(content).unwrap_or_default();
        let statements = statements.iter().filter_map(|any| any.decode_as::<Statement>().ok());
        let mut qualified = Self::default();
        for Statement { id, info } in statements {
            match (id, info) {
                (COMPLIANCE, _) => qualified.compliant = true,
                (TYPE, Some(info)) => {
                    let types = info.decode_as::<Vec<ObjectIdentifier>>().unwrap_or_default();
                    qualified.types = types.into_iter().filter_map(QcType::of).collect();
                }
                (PSD2, Some(info)) => qualified.psd2 = info.decode_as().ok().map(Psd2::of),
                _ => {}
            }
        }
        qualified
    }
}

impl Psd2 {
    fn of(read: Psd2QcType) -> Self {
        let known = |role: RoleOfPsp| ALL.into_iter().find(|(_, oid)| *oid == role.oid);
        Self {
            roles: read.roles.into_iter().filter_map(known).map(|(role, _)| role).collect(),
            authority_name: name::text(&read.nca_name),
            authority_id: name::text(&read.nca_id),
        }
    }
}
