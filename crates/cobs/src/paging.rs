//! Paging (COBS 2.0 §1.2.4): an envelope around a collection, and when to stop.

use serde::Deserialize;

/// The envelope's own fields; the collection beside them is named after its content.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Paging {
    /// Number of this page, from 0.
    pub page_number: u32,
    /// How many pages there are.
    pub page_count: u32,
    /// Number of the next page; missing or `null` on the last one.
    #[serde(default)]
    pub next_page: Option<u32>,
    /// Entries on a page.
    pub page_size: u32,
    /// Entries in all, where the bank knows.
    #[serde(default)]
    pub total_count: Option<u32>,
}

impl Paging {
    /// The page to ask for next; `None` after the last.
    pub fn next(&self) -> Option<u32> {
        next_page(self.page_number, self.next_page)
    }
}

/// The page to ask for after `current`, given the envelope's `nextPage`. A page that does not lie
/// ahead ends the reading: examples of the standard have `nextPage: 0` on their only page.
pub fn next_page<N: Copy + PartialOrd>(current: N, next: Option<N>) -> Option<N> {
    next.filter(|next| *next > current)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(json: &str) -> Option<u32> {
        serde_json::from_str::<Paging>(json).unwrap().next()
    }

    #[test]
    fn reading_stops_when_next_page_is_absent_null_or_not_ahead() {
        assert_eq!(next(r#"{"pageNumber":0,"pageCount":2,"nextPage":1,"pageSize":5}"#), Some(1));
        assert_eq!(next(r#"{"pageNumber":1,"pageCount":2,"pageSize":5,"totalCount":7}"#), None);
        assert_eq!(next(r#"{"pageNumber":1,"pageCount":2,"nextPage":null,"pageSize":5}"#), None);
        assert_eq!(next(r#"{"pageNumber":0,"pageCount":1,"nextPage":0,"pageSize":5}"#), None);
    }
}
