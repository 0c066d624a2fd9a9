//! What LUNs tell of themselves: serial numbers and the identifiers of page 0x83.

use std::fmt::Write;
use std::sync::Arc;

use super::{GUID_PREFIX, Page83};
use crate::api::Text;
use crate::storage::{ArrayId, Page83Identifier};

/// Format 6 of NAA (IEEE registered extended) and a company id that nobody has: the bytes of "vss".
const NAA_6: u128 = (6 << 124) | (0x76_7373 << 100);
const ARRAY_SHIFT: u32 = 64;
const SERIAL_DIGITS: usize = 20;

/// Draws what LUNs tell of themselves by counting. Nothing repeats, so arrays draw from it for their copies too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LunIds {
    drawn: u64,
}

impl LunIds {
    /// A serial number that no LUN has.
    pub fn next_serial(&mut self) -> Text {
        self.drawn += 1;
        // `format!` would grow the text several times; a large lab has many.
        let mut serial = String::with_capacity(SERIAL_DIGITS);
        let _ = write!(serial, "{GUID_PREFIX:08X}{:012X}", self.drawn);
        serial.into()
    }

    /// What page 0x83 of a new LUN on that array says; `None`: of a local disk.
    pub fn next_page83(&mut self, page83: Page83, array: Option<ArrayId>) -> Arc<[Page83Identifier]> {
        let number = match page83 {
            Page83::None => return [].into(),
            Page83::NonUnique => 0,
            Page83::Unique => {
                self.drawn += 1;
                self.drawn
            }
        };
        let array = array.map_or(0, |array| u128::from(array.0) + 1);
        let naa = NAA_6 | (array << ARRAY_SHIFT) | u128::from(number);
        [Page83Identifier::naa(naa.to_be_bytes())].into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_non_unique_identifiers_repeat() {
        let (mut ids, san) = (LunIds::default(), Some(ArrayId(0)));
        let mut draw = |page83, array| ids.next_page83(page83, array);
        assert_ne!(draw(Page83::Unique, san), draw(Page83::Unique, san));
        assert_eq!(draw(Page83::NonUnique, san), draw(Page83::NonUnique, san));
        assert_ne!(draw(Page83::NonUnique, san), draw(Page83::NonUnique, None), "each array has its own");
        assert!(draw(Page83::None, san).is_empty());
        assert_eq!(draw(Page83::Unique, san)[0].bytes[..4], [0x67, 0x67, 0x37, 0x30], "format 6 and \"vss\"");
    }

    #[test]
    fn serial_numbers_do_not_repeat() {
        let mut ids = LunIds::default();
        assert_eq!(&*ids.next_serial(), "7673736C000000000001");
        assert_ne!(ids.next_serial(), ids.next_serial());
    }
}
