//! Compressed answers: an honest one, and one that grows a thousandfold. The latter is made of one
//! compressed mebibyte that is sent again and again, so that its size costs neither memory nor time.

use std::io::Write;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::write::GzEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;

use super::channel;

const MEBIBYTE: u64 = 1024 * 1024;
const HEAD: &[u8] = b"{\"a\":\"";
const TAIL: &[u8] = b"\"}";
/// RFC 1952, 2.3: deflate, no name, no time, no system.
const GZIP: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// `response` under gzip.
pub(crate) async fn compress(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let packed = encoder.write_all(&bytes).and_then(|()| encoder.finish()).unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_ENCODING, http::HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from(packed))
}

/// A gzip answer that becomes `length` bytes: a JSON object with one long string, cut short where
/// `length` has no room for it.
pub(crate) fn bomb(length: u64) -> Response {
    let (line, body) = channel();
    tokio::spawn(async move {
        let mut left = length;
        let mut sum = Crc::new();
        let mut alive = line.send(Ok(Bytes::from_static(&GZIP))).await.is_ok();
        let head = &HEAD[..usize::try_from(left).unwrap_or(HEAD.len()).min(HEAD.len())];
        alive = alive && line.send(Ok(block(head, &mut sum))).await.is_ok();
        left -= head.len() as u64;
        let tail = if left >= TAIL.len() as u64 { TAIL } else { &[] };
        left -= tail.len() as u64;
        let (whole, mut of_whole) = (vec![b'a'; 1024 * 1024], Crc::new());
        let packed = block(&whole, &mut of_whole);
        while alive && left >= MEBIBYTE {
            alive = line.send(Ok(packed.clone())).await.is_ok();
            sum.combine(&of_whole);
            left -= MEBIBYTE;
        }
        if !alive {
            return; // nobody wants the rest
        }
        let rest = [&whole[..usize::try_from(left).unwrap_or(0)], tail].concat();
        let mut end = block(&rest, &mut sum).to_vec();
        // an empty final block (RFC 1951, 3.2.6), then checksum and length (RFC 1952, 2.3.1)
        end.extend([0x03, 0x00]);
        end.extend(sum.sum().to_le_bytes());
        end.extend((length & u64::from(u32::MAX)).to_le_bytes()[..4].iter());
        let _ = line.send(Ok(Bytes::from(end))).await;
    });
    let headers = [(CONTENT_TYPE, "application/json"), (CONTENT_ENCODING, "gzip")];
    (headers, Body::new(body)).into_response()
}

/// `bytes` as deflate blocks that end on a byte and refer to nothing before them.
fn block(bytes: &[u8], sum: &mut Crc) -> Bytes {
    sum.update(bytes);
    let mut packed = Vec::with_capacity(bytes.len() / 256 + 64);
    let mut compress = Compress::new(Compression::best(), false);
    let mut read = 0;
    loop {
        packed.reserve(4096);
        let before = packed.len();
        let state = compress.compress_vec(&bytes[read..], &mut packed, FlushCompress::Full);
        read = usize::try_from(compress.total_in()).unwrap_or(bytes.len());
        let room = packed.len() < packed.capacity();
        if state.is_err() || packed.len() == before || (read == bytes.len() && room) {
            return Bytes::from(packed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[tokio::test]
    async fn a_bomb_has_the_length_it_was_told() {
        for length in [0, 5, 7, 8, 300, MEBIBYTE + 8, 3 * MEBIBYTE + 77] {
            let packed = bomb(length).into_body().collect().await.unwrap().to_bytes();
            let mut plain = Vec::new();
            GzDecoder::new(&*packed).read_to_end(&mut plain).unwrap();
            assert_eq!(plain.len() as u64, length);
            assert!(length < 8 || serde_json::from_slice::<serde_json::Value>(&plain).is_ok());
            assert!(packed.len() < 20_000, "{}", packed.len());
        }
    }
}
