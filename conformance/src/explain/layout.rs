//! Wrapping and links.

/// Columns of a page.
pub(super) const WIDTH: usize = 100;

/// Puts `text` into lines of at most [`WIDTH`] columns, the first after `first`, the others after as many spaces.
pub(super) fn hanging(page: &mut String, first: &str, text: &str) {
    let indent = first.chars().count();
    page.push_str(first);
    let mut column = indent;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > indent && column + 1 + length > WIDTH {
            page.push('\n');
            page.push_str(&" ".repeat(indent));
            column = indent;
        } else if column > indent {
            page.push(' ');
            column += 1;
        }
        page.push_str(word);
        column += length;
    }
    page.push('\n');
}

/// A title and what is to be said under it.
pub(super) fn row(page: &mut String, title: &str, text: &str) {
    hanging(page, &format!("  {title:<9} "), text);
}

/// A heading with one item a line; nothing if there are none.
pub(super) fn list(page: &mut String, heading: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    page.push_str(&format!("\n{heading}\n"));
    for item in items {
        hanging(page, "  - ", item);
    }
}

/// Where a page of the reference can be read.
pub(super) fn link(source: &str) -> String {
    match source.strip_prefix("sdk-api-src/content/").and_then(|path| path.strip_suffix(".md")) {
        Some(path) => format!("https://learn.microsoft.com/windows/win32/api/{path}"),
        None => source.to_owned(),
    }
}
