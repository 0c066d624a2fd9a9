//! Writes XML: empty elements short, unknown elements as they were; for people with two spaces a level.

use super::node::Field;
use super::unknown::{Attribute, Content, Declaration, Element, Name, Unknown};
use super::{NAMESPACE, Text, escape};

/// No encoding: the text may become UTF-8 or UTF-16.
const DECLARATION: &str = "<?xml version=\"1.0\"?>";

/// How a document is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Nothing between elements.
    OneLine,
    /// Every typed element on its line.
    Indented,
}

/// Room for a document with some snapshots.
const CAPACITY: usize = 16 << 10;

/// Writes a document element by element.
pub(super) struct Writer {
    out: String,
    layout: Layout,
    /// Open elements.
    depth: usize,
    /// Whether the last start tag still lacks its `>`.
    open: bool,
    /// Prefixes in scope, innermost last; the first is the document's own default namespace.
    scope: Vec<Declaration>,
}

impl Writer {
    pub(super) fn new(layout: Layout) -> Self {
        let own = Declaration { prefix: Text::default(), namespace: NAMESPACE.into() };
        let mut out = String::with_capacity(CAPACITY);
        out.push_str(DECLARATION);
        Self { out, layout, depth: 0, open: false, scope: vec![own] }
    }

    /// The document.
    pub(super) fn finish(mut self) -> String {
        self.new_line();
        self.out
    }

    /// Starts a typed element.
    pub(super) fn start(&mut self, tag: &str) {
        self.child();
        self.out.push('<');
        self.out.push_str(tag);
        if self.depth == 0 {
            self.name_and_quote("xmlns");
            self.out.push_str(NAMESPACE);
            self.out.push('"');
        }
        self.open = true;
        self.depth += 1;
    }

    /// Writes an attribute of the element just started; a field that says nothing is left out.
    pub(super) fn field(&mut self, name: &str, field: &impl Field) {
        if !field.is_said() {
            return;
        }
        self.name_and_quote(name);
        field.write(&mut self.out);
        self.out.push('"');
    }

    /// Writes the unknown attributes of the element just started. Returns what [`Self::end`] wants to know.
    pub(super) fn unknown_attributes(&mut self, unknown: &Unknown, known: &[&str]) -> usize {
        let scope = self.scope.len();
        for declaration in &unknown.declarations {
            self.declare(declaration.clone());
        }
        for attribute in &unknown.attributes {
            let is_known = attribute.name.prefix.is_empty() && known.contains(&&*attribute.name.local);
            if !is_known {
                self.attribute(attribute, scope);
            }
        }
        scope
    }

    /// Writes the unknown elements of a typed element and ends it.
    pub(super) fn end(&mut self, tag: &str, unknown: &Unknown, scope: usize) {
        for element in &unknown.elements {
            self.child();
            self.element(element);
        }
        self.depth = self.depth.saturating_sub(1);
        self.scope.truncate(scope);
        if self.open {
            self.open = false;
            self.out.push_str("/>");
        } else {
            self.new_line();
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
        }
    }

    /// Ends the start tag before, if it is open, and starts a line.
    fn child(&mut self) {
        if self.open {
            self.open = false;
            self.out.push('>');
        }
        self.new_line();
    }

    fn new_line(&mut self) {
        if self.layout == Layout::OneLine {
            return;
        }
        self.out.push('\n');
        // The document's own elements are nested no deeper than this.
        let spaces = "            ";
        self.out.push_str(spaces.get(..2 * self.depth).unwrap_or(spaces));
    }

    /// Writes an unknown element. Recursive: what came out of a document is not nested deep.
    fn element(&mut self, element: &Element) {
        let scope = self.scope.len();
        self.out.push('<');
        self.qualified(&element.name);
        for declaration in &element.declarations {
            self.declare(declaration.clone());
        }
        self.bind(&element.name, scope);
        for attribute in &element.attributes {
            self.attribute(attribute, scope);
        }
        if element.content.is_empty() {
            self.out.push_str("/>");
        } else {
            self.out.push('>');
            for content in &element.content {
                match content {
                    Content::Element(child) => self.element(child),
                    Content::Text(text) => escape::text(text, &mut self.out),
                }
            }
            self.out.push_str("</");
            self.qualified(&element.name);
            self.out.push('>');
        }
        self.scope.truncate(scope);
    }

    fn attribute(&mut self, attribute: &Attribute, scope: usize) {
        if !attribute.name.prefix.is_empty() {
            self.bind(&attribute.name, scope);
        }
        self.out.push(' ');
        self.qualified(&attribute.name);
        self.out.push_str("=\"");
        escape::attribute(&attribute.value, &mut self.out);
        self.out.push('"');
    }

    /// Declares a name's prefix where it is not in scope: the name may have been moved from elsewhere.
    fn bind(&mut self, name: &Name, scope: usize) {
        if &*name.prefix == "xml" {
            return;
        }
        let bound = self.scope.iter().rposition(|declaration| declaration.prefix == name.prefix);
        let declared = bound.and_then(|at| self.scope.get(at));
        let right = match declared {
            Some(declaration) => declaration.namespace == name.namespace,
            None => name.prefix.is_empty() && name.namespace.is_empty(),
        };
        // One element cannot declare a prefix twice, and what came out of a document never needs it.
        if !right && bound.is_none_or(|at| at < scope) {
            self.declare(Declaration { prefix: name.prefix.clone(), namespace: name.namespace.clone() });
        }
    }

    fn declare(&mut self, declaration: Declaration) {
        self.out.push_str(" xmlns");
        if !declaration.prefix.is_empty() {
            self.out.push(':');
            self.out.push_str(&declaration.prefix);
        }
        self.out.push_str("=\"");
        escape::attribute(&declaration.namespace, &mut self.out);
        self.out.push('"');
        self.scope.push(declaration);
    }

    fn qualified(&mut self, name: &Name) {
        if !name.prefix.is_empty() {
            self.out.push_str(&name.prefix);
            self.out.push(':');
        }
        self.out.push_str(&name.local);
    }

    fn name_and_quote(&mut self, name: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
    }
}
