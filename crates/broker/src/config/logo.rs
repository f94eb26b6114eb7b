//! A bank's picture, for the page to show beside its name: read and looked at once, at the start.

use std::path::Path;

use super::check::Check;
use super::contradictions::At;
use crate::grant::hash;

/// Bytes of a picture.
const LARGEST: usize = 64 * 1024;

/// A picture as it is served.
pub struct Logo {
    /// `image/svg+xml`, `image/png` or `image/webp`.
    pub media_type: &'static str,
    /// The file.
    pub bytes: bytes::Bytes,
    /// Entity tag (RFC 9110 §8.8.3), quotes included: another picture has another.
    pub tag: String,
}

/// The file that `logo_file` names; what it holds decides what it is, not its name.
pub(super) fn logo(check: &mut Check<'_>, at: &At<'_>, file: Option<&Path>) -> Option<Logo> {
    let key = at.key("logo_file");
    let bytes = check.contents(&key, file?)?;
    if bytes.len() > LARGEST {
        return check.wrong(&key, "is larger than 64 KiB", "name a smaller picture");
    }
    let Some(media_type) = media_type(&bytes) else {
        let what = "is neither SVG nor PNG nor WebP";
        return check.wrong(&key, what, "name a picture of one of these kinds");
    };
    let hash = hash(&bytes);
    let tag = hash[..8].iter().fold("\"".to_owned(), |tag, byte| format!("{tag}{byte:02x}")) + "\"";
    Some(Logo { media_type, bytes: bytes.into(), tag })
}

fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => is_svg(bytes).then_some("image/svg+xml"),
    }
}

/// Text whose root element is `svg`, as far as that can be told without reading XML: browsers do.
fn is_svg(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('<') && text.contains("<svg") && text.trim_end().ends_with('>')
}
