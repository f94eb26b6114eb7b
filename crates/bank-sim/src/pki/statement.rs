//! `QCStatements` with the PSD2 statement (ETSI TS 119 495, annex A; bank-api fact 6.2), which no
//! X.509 crate knows. Reading follows the bank's own parser (fact 6.3): role OIDs count, names and
//! the authority's data do not.

use der::asn1::{Any, ObjectIdentifier};
use der::{Decode, Encode, Sequence};

use super::Role;

/// `qcStatements`, RFC 3739, 3.2.6.
pub(crate) const EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.3");

const PSD2: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.19495.2");
/// `QcCompliance`, `QcType` and its value for websites (ETSI EN 319 412-5, 4.2.1 and 4.2.3).
const COMPLIANCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.1");
const TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6");
const WEB: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.3");

const ROLES: [(Role, ObjectIdentifier, &str); 4] = [
    (Role::AccountServicing, ObjectIdentifier::new_unwrap("0.4.0.19495.1.1"), "PSP_AS"),
    (Role::PaymentInitiation, ObjectIdentifier::new_unwrap("0.4.0.19495.1.2"), "PSP_PI"),
    (Role::AccountInformation, ObjectIdentifier::new_unwrap("0.4.0.19495.1.3"), "PSP_AI"),
    (Role::CardInstruments, ObjectIdentifier::new_unwrap("0.4.0.19495.1.4"), "PSP_IC"),
];

/// The extension's content for `roles`: without roles, that of a qualified certificate that knows
/// nothing of PSD2.
pub(crate) fn write(roles: &[Role]) -> Option<Vec<u8>> {
    let named = ROLES.iter().filter(|(role, ..)| roles.contains(role));
    let roles: Vec<_> =
        named.map(|(_, oid, name)| RoleOfPsp { oid: *oid, name: (*name).to_owned() }).collect();
    let web = Any::encode_from(&vec![WEB]).ok()?;
    let mut statements =
        vec![Statement { id: COMPLIANCE, info: None }, Statement { id: TYPE, info: Some(web) }];
    if !roles.is_empty() {
        let (nca_name, nca_id) = ("Czech National Bank".to_owned(), "CZ-CNB".to_owned());
        let psd2 = Any::encode_from(&Psd2Qc { roles, nca_name, nca_id }).ok()?;
        statements.push(Statement { id: PSD2, info: Some(psd2) });
    }
    statements.to_der().ok()
}

/// The roles in an extension's content; `None` when there is no readable PSD2 statement.
///
/// A statement of other than two elements is passed over, and so is an unknown role.
pub(crate) fn read(content: &[u8]) -> Option<Vec<Role>> {
    let statements = Vec::<Any>::from_der(content).ok()?;
    let psd2 = statements.iter().find_map(|statement| {
        let elements = statement.decode_as::<Vec<Any>>().ok()?;
        let [id, info] = elements.as_slice() else { return None };
        (oid(id)? == PSD2).then(|| info.clone())
    })?;
    let info = psd2.decode_as::<Vec<Any>>().ok()?;
    let roles = info.first()?.decode_as::<Vec<Any>>().ok()?;
    let known = |role: &Any| {
        let named = oid(role.decode_as::<Vec<Any>>().ok()?.first()?)?;
        ROLES.iter().find(|(_, known, _)| *known == named).map(|(role, ..)| *role)
    };
    Some(roles.iter().filter_map(known).collect())
}

fn oid(value: &Any) -> Option<ObjectIdentifier> {
    value.decode_as().ok()
}

/// `QCStatement ::= SEQUENCE { statementId OBJECT IDENTIFIER, statementInfo ANY OPTIONAL }`
#[derive(Sequence)]
struct Statement {
    id: ObjectIdentifier,
    #[asn1(optional = "true")]
    info: Option<Any>,
}

#[derive(Sequence)]
struct Psd2Qc {
    roles: Vec<RoleOfPsp>,
    nca_name: String,
    nca_id: String,
}

#[derive(Sequence)]
struct RoleOfPsp {
    oid: ObjectIdentifier,
    name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_come_back() {
        let roles = [Role::PaymentInitiation, Role::AccountInformation];
        assert_eq!(read(&write(&roles).unwrap()).unwrap(), roles);
    }

    #[test]
    fn no_roles_no_statement() {
        assert!(read(&write(&[]).unwrap()).is_none());
        assert!(read(&[0x30, 0x00]).is_none());
        assert!(read(b"nonsense").is_none());
    }

    #[test]
    fn strange_statements_are_passed_over_and_names_do_not_count() {
        let role = |last: u8| vec![0x30, 0x09, 6, 7, 4, 0, 0x81, 0x98, 0x27, 1, last];
        let wrap = |parts: &[u8]| [&[0x30, u8::try_from(parts.len()).unwrap()], parts].concat();
        let psd2 = |info: &[u8]| wrap(&[&[6, 6, 4, 0, 0x81, 0x98, 0x27, 2], info].concat());
        // two roles without names, one of them unknown, and neither name nor id of the authority
        let bare = psd2(&wrap(&wrap(&[role(3), role(9)].concat())));
        let three = wrap(&[6, 1, 0x2a, 5, 0, 5, 0]);
        let text = vec![0x0c, 1, b'x'];
        let found = read(&wrap(&[three, text, bare].concat()));
        assert_eq!(found, Some(vec![Role::AccountInformation]));
        assert_eq!(read(&wrap(&psd2(&[5, 0]))), None);
        assert_eq!(read(&wrap(&psd2(&[0x30, 0]))), None);
    }

    #[test]
    fn the_encoding_is_that_of_the_standard() {
        // rolesOfPSP { 0.4.0.19495.1.3, "PSP_AI" }, nCAName, nCAId, written by hand
        let mut tail = vec![0x30, 0x11, 6, 7, 4, 0, 0x81, 0x98, 0x27, 1, 3, 0x0c, 6];
        tail.extend(b"PSP_AI\x0c\x13Czech National Bank\x0c\x06CZ-CNB");
        let ours = write(&[Role::AccountInformation]).unwrap();
        assert!(ours.ends_with(&tail));
        // QcCompliance; QcType { 0.4.0.1862.1.6.3 }
        let mut head = vec![0x30, 8, 6, 6, 4, 0, 0x8e, 0x46, 1, 1];
        head.extend([0x30, 0x13, 6, 6, 4, 0, 0x8e, 0x46, 1, 6]);
        head.extend([0x30, 9, 6, 7, 4, 0, 0x8e, 0x46, 1, 6, 3]);
        assert!(ours[2..].starts_with(&head), "{ours:02x?}");
    }
}
