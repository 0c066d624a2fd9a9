//! Characters that XML treats in a special way, and those that it cannot carry at all.
//!
//! XML 1.0 has no way to say U+0000 to U+001F (but for tab and line ends), U+FFFE and U+FFFF, not even as a reference.
//! A typed value that holds one, such as an odd serial number of a LUN, is masked: `_xHHHH_` with four upper-case
//! digits (chosen here; spreadsheets mask so too). Text that looks like a mask already gets its first `_` masked, as
//! `_x005F_`; so every value comes back exactly, and text without forbidden characters or lookalikes stays as it is.

/// Whether XML 1.0 cannot carry the character.
fn is_forbidden(char: char) -> bool {
    matches!(char, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The character that `x` and four digits at the start of the text stand for, if it is one that gets masked.
fn masked_char(text: &str) -> Option<char> {
    let digits = text.strip_prefix('x')?.get(..4)?;
    if !digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')) {
        return None;
    }
    let char = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    (char == '_' || is_forbidden(char)).then_some(char)
}

/// Appends a typed value, masked and escaped, as it stands between double quotes.
pub(super) fn masked_attribute(text: &str, out: &mut String) {
    // 0xEF starts U+FFFE and U+FFFF.
    let special = |byte: u8| byte < b' ' || byte == b'_' || byte == 0xEF || is_attribute_markup(byte);
    if !text.bytes().any(special) {
        return out.push_str(text);
    }
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !special(byte) {
            continue;
        }
        let Some(char) = text[at..].chars().next() else { continue };
        if is_forbidden(char) || char == '_' && masked_char(&text[at + 1..]).is_some() {
            out.push_str(&text[plain..at]);
            out.push_str(&format!("_x{:04X}_", u32::from(char)));
            plain = at + char.len_utf8();
        } else if let Some(escaped) = attribute_escape(byte) {
            out.push_str(&text[plain..at]);
            out.push_str(escaped);
            plain = at + 1;
        }
    }
    out.push_str(&text[plain..]);
}

/// The typed value that an attribute's text stands for, if it is another text.
pub(super) fn unmask(text: &str) -> Option<String> {
    if !text.as_bytes().contains(&b'_') || !text.contains("_x") {
        return None;
    }
    let (mut out, mut plain, mut at) = (String::with_capacity(text.len()), 0, 0);
    while let Some(found) = text[at..].find("_x") {
        at += found;
        let rest = &text[at + 1..];
        // A masked `_` is one only before what would be a mask without it.
        let char = masked_char(rest)
            .filter(|char| rest[5..].starts_with('_') && (*char != '_' || masked_char(&rest[6..]).is_some()));
        match char {
            Some(char) => {
                out.push_str(&text[plain..at]);
                out.push(char);
                at += 7;
                plain = at;
            }
            None => at += 2,
        }
    }
    out.push_str(&text[plain..]);
    Some(out)
}

fn is_attribute_markup(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'&' | b'"')
}

/// How a byte has to be written between double quotes. Tabs and line ends would come back as spaces.
fn attribute_escape(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'&' => "&amp;",
        b'"' => "&quot;",
        b'\t' => "&#9;",
        b'\n' => "&#10;",
        b'\r' => "&#13;",
        _ => return None,
    })
}

/// How a byte has to be written in text. A carriage return would come back as a line feed.
fn text_escape(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'&' => "&amp;",
        b'\r' => "&#13;",
        _ => return None,
    })
}

/// Appends an attribute's value that came out of XML.
pub(super) fn attribute(text: &str, out: &mut String) {
    escaped(text, attribute_escape, out);
}

/// Appends text that came out of XML.
pub(super) fn text(text: &str, out: &mut String) {
    escaped(text, text_escape, out);
}

fn escaped(text: &str, escape: fn(u8) -> Option<&'static str>, out: &mut String) {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(escaped) = escape(byte) {
            out.push_str(&text[plain..at]);
            out.push_str(escaped);
            plain = at + 1;
        }
    }
    out.push_str(&text[plain..]);
}
