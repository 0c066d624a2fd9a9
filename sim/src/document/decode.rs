//! From the bytes of a file, or the units of a BSTR, to text.

use std::borrow::Cow;

use super::MAX_BYTES;
use super::error::{DocumentError, Encoding, Limit, Problem};

/// The text of a file: UTF-16 or UTF-8 as its byte-order mark, or else its first `<`, says.
pub(super) fn bytes(bytes: &[u8]) -> Result<Cow<'_, str>, DocumentError> {
    // UTF-16 may take twice the bytes of the UTF-8 that the limit counts.
    if bytes.len() > 2 * MAX_BYTES {
        return Err(too_large());
    }
    match bytes {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => wide(bytes, Encoding::Utf16Le, u16::from_le_bytes),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => wide(bytes, Encoding::Utf16Be, u16::from_be_bytes),
        _ => narrow(bytes),
    }
}

/// The text of a BSTR.
pub(super) fn units(units: &[u16]) -> Result<String, DocumentError> {
    if units.len() > MAX_BYTES {
        return Err(too_large());
    }
    decode_units(units.iter().copied(), units.len(), Encoding::Utf16Le)
}

fn narrow(bytes: &[u8]) -> Result<Cow<'_, str>, DocumentError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let good = String::from_utf8_lossy(good);
        DocumentError::at(&good, good.len(), Problem::NotText { expected: Encoding::Utf8 })
    })
}

fn wide(bytes: &[u8], encoding: Encoding, unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, DocumentError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text = decode_units(pairs.iter().map(|pair| unit(*pair)), pairs.len(), encoding)?;
    match rest {
        [] => Ok(Cow::Owned(text)),
        // Half a unit is missing.
        _ => Err(DocumentError::at(&text, text.len(), Problem::NotText { expected: encoding })),
    }
}

fn decode_units(
    units: impl Iterator<Item = u16>,
    count: usize,
    expected: Encoding,
) -> Result<String, DocumentError> {
    let mut text = String::with_capacity(count);
    for char in char::decode_utf16(units) {
        match char {
            Ok(char) => text.push(char),
            Err(_) => return Err(DocumentError::at(&text, text.len(), Problem::NotText { expected })),
        }
    }
    Ok(text)
}

fn too_large() -> DocumentError {
    DocumentError::at("", 0, Problem::TooLarge { limit: Limit::Bytes })
}
