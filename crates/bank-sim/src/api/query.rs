//! Query parameters of lists: paging, sorting, periods, currencies, and the refusal of everything
//! else (bank-api facts 2.2 and 9).

use std::borrow::Cow;
use std::cmp::Ordering;

use http::StatusCode;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::Refusal;
use crate::form::Fields;

/// The most entries on one page, whatever the caller asks, and how many without asking.
const LARGEST_PAGE: usize = 500;

/// Refuses parameters that the resource does not have, and doubled ones.
pub(super) fn known(query: &Fields, names: &[&str]) -> Result<(), Refusal> {
    let unknown = query.iter().map(|(name, _)| name).filter(|name| !names.contains(name));
    match Refusal::parameters(unknown.chain(query.doubled())) {
        Some(refusal) => Err(refusal),
        None => Ok(()),
    }
}

/// Which part of a list.
pub(super) struct Paging {
    size: usize,
    page: usize,
}

impl Paging {
    pub(super) fn read(query: &Fields) -> Result<Self, Refusal> {
        let number = |name: &str| {
            let value = query.single(name).map(str::parse::<usize>);
            value.transpose().map_err(|_| Refusal::parameter(name))
        };
        let size = number("size")?.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
        if size == 0 {
            return Err(Refusal::parameter("size"));
        }
        Ok(Self { size, page: number("page")?.unwrap_or(0) })
    }

    /// The envelope with this part of `items`; `missing` is the status of a page beyond the end.
    pub(super) fn envelope<T>(
        &self,
        name: &str,
        items: &[T],
        missing: StatusCode,
        render: impl Fn(&T) -> Value,
    ) -> Result<Value, Refusal> {
        let count = items.len().div_ceil(self.size);
        if self.page > 0 && self.page >= count {
            return Err(Refusal::page_not_found(missing));
        }
        let page = items.chunks(self.size).nth(self.page).unwrap_or(&[]);
        let next = Some(self.page + 1).filter(|next| *next < count);
        Ok(json!({
            "pageNumber": self.page,
            "pageCount": count,
            "nextPage": next,
            "pageSize": page.len(),
            "totalCount": items.len(),
            name: page.iter().map(render).collect::<Vec<_>>(),
        }))
    }
}

/// A comparison of two entries by one field.
pub(super) type By<T> = fn(&T, &T) -> Ordering;

/// `items` as they are, or a sorted copy where the query asks for one.
pub(super) fn sorted<'a, T: Clone>(
    items: &'a [T],
    query: &Fields,
    fields: &[(&str, By<T>)],
) -> Result<Cow<'a, [T]>, Refusal> {
    let mut items = Cow::Borrowed(items);
    if query.first("sort").or(query.first("order")).is_some() {
        sort(items.to_mut(), query, fields)?;
    }
    Ok(items)
}

/// Sorts by the fields of `sort` and the directions of `order`; a gap means ascending.
pub(super) fn sort<T>(
    items: &mut [T],
    query: &Fields,
    fields: &[(&str, By<T>)],
) -> Result<(), Refusal> {
    let names = query.single("sort").map(|sort| sort.split(',').collect()).unwrap_or_default();
    let orders: Vec<_> =
        query.single("order").map(|order| order.split(',').collect()).unwrap_or_default();
    let names: Vec<&str> = names;
    if orders.len() > names.len() {
        return Err(Refusal::parameter("order"));
    }
    let mut keys = Vec::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate() {
        let field = fields.iter().find(|(known, _)| *known == name.trim());
        let (_, by) = field.ok_or_else(|| Refusal::parameter("sort"))?;
        let order = orders.get(at).copied().unwrap_or("").trim();
        let descending = order.eq_ignore_ascii_case("desc");
        if !descending && !order.is_empty() && !order.eq_ignore_ascii_case("asc") {
            return Err(Refusal::parameter("order"));
        }
        keys.push((*by, descending));
    }
    items.sort_by(|a, b| {
        let compared = keys.iter().map(|(by, descending)| {
            let order = by(a, b);
            if *descending { order.reverse() } else { order }
        });
        compared.fold(Ordering::Equal, Ordering::then)
    });
    Ok(())
}

/// A day of `fromDate` or `toDate`: a date, or a date-time with offset `Z`, `+01:00` or `+01`.
pub(super) fn day(query: &Fields, name: &str) -> Result<Option<Date>, Refusal> {
    let Some(value) = query.single(name) else { return Ok(None) };
    let day = value.get(..10).and_then(|day| day.parse::<Date>().ok());
    let rest = value.get(10..).unwrap_or("");
    let day = day
        .filter(|_| value.as_bytes().get(4) == Some(&b'-') && (rest.is_empty() || is_time(rest)));
    day.map(Some).ok_or_else(|| Refusal::parameter(name))
}

/// Refuses a currency that the account does not have.
pub(super) fn currency(query: &Fields, of_account: &str) -> Result<(), Refusal> {
    match query.single("currency") {
        None => Ok(()),
        Some(asked) if asked == of_account => Ok(()),
        Some(asked) if asked.len() == 3 && asked.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            let parameters = json!({ "CURRENCY": asked, "CURRENCY_ALLOWED": of_account });
            Err(Refusal::with_parameters("AC09", "currency", parameters))
        }
        Some(_) => Err(Refusal::parameter("currency")),
    }
}

/// `Thh:mm:ss[.s]` and an offset; a plus sign may have become a space on its way.
fn is_time(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some(text) = text.strip_prefix('T') else { return false };
    let zone = text.find(['Z', '+', '-', ' ']);
    let (time, zone) = text.split_at(zone.unwrap_or(text.len()));
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let clock: Vec<_> = clock.split(':').collect();
    let whole = clock.len() == 3 && clock.iter().all(|part| part.len() == 2 && digits(part));
    let below = |part: &&str, limit: u8| part.parse::<u8>().is_ok_and(|number| number < limit);
    // the last second of a day may be its 61st (RFC 3339, 5.7)
    let real = clock.iter().zip([24, 60, 61]).all(|(part, limit)| below(part, limit));
    let zone = zone.trim_start_matches(['+', '-', ' ']).replace(':', "");
    let zoned = zone == "Z" || zone.is_empty() || is_offset(&zone);
    whole && real && digits(fraction) && zoned
}

/// `hh` or `hhmm`, at most 14 hours.
fn is_offset(zone: &str) -> bool {
    let digits = matches!(zone.len(), 2 | 4) && zone.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = if digits { zone.split_at(2) } else { return false };
    let number = |text: &str| text.parse::<u16>().unwrap_or(0);
    number(minutes) < 60 && number(hours) * 60 + number(minutes) <= 14 * 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_all_forms_of_the_standard() {
        for form in [
            "2017-01-31",
            "2017-01-31T00:00:00.0Z",
            "2017-01-31T00:00:00.000%2B01",
            "2017-01-31T00:00:00.000+01",
            "2017-01-31T00:00:00-01:00",
            "2017-01-31T00:00:00",
        ] {
            let query = Fields::read(&format!("fromDate={form}"));
            assert_eq!(day(&query, "fromDate"), Ok(Some(Date::constant(2017, 1, 31))), "{form}");
        }
        for form in
            ["31.1.2017", "2017-02-30", "2017-01-31T25", "2017-1-31", "yesterday", "20170131"]
        {
            let query = Fields::read(&format!("fromDate={form}"));
            assert_eq!(day(&query, "fromDate"), Err(Refusal::parameter("fromDate")), "{form}");
        }
    }

    #[test]
    fn a_gap_in_order_means_ascending() {
        let fields: [(&str, By<(i32, i32)>); 2] =
            [("a", |x, y| x.0.cmp(&y.0)), ("b", |x, y| x.1.cmp(&y.1))];
        let mut items = [(1, 2), (2, 1), (1, 1)];
        sort(&mut items, &Fields::read("sort=a,b&order=desc"), &fields).unwrap();
        assert_eq!(items, [(2, 1), (1, 1), (1, 2)]);
        sort(&mut items, &Fields::read("sort=a,b&order=,DESC"), &fields).unwrap();
        assert_eq!(items, [(1, 2), (1, 1), (2, 1)]);
        let refused = |query| sort(&mut items.clone(), &Fields::read(query), &fields).unwrap_err();
        assert_eq!(refused("sort=c"), Refusal::parameter("sort"));
        assert_eq!(refused("sort=a&order=up"), Refusal::parameter("order"));
        assert_eq!(refused("order=desc"), Refusal::parameter("order"));
    }
}
