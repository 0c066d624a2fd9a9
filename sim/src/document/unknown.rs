//! What a document holds beside the fields that this crate knows.
//!
//! It comes out of documents only, so that it can always be written again. Comments and processing instructions are
//! not kept.

use super::Text;

/// The attributes and elements of one typed element that this crate does not know, in their order.
///
/// It may be put into another element. There, a name that this crate knows is not unknown any more: such an attribute
/// is not written, such an element is read as what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    pub(super) declarations: Vec<Declaration>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) elements: Vec<Element>,
}

impl Unknown {
    /// Whether there is nothing unknown.
    pub fn is_empty(&self) -> bool {
        self.declarations.is_empty() && self.attributes.is_empty() && self.elements.is_empty()
    }

    /// The namespaces that the typed element declares, the default one left out.
    pub fn declarations(&self) -> &[Declaration] {
        &self.declarations
    }

    /// The unknown attributes.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The unknown elements.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }
}

/// `xmlns:prefix="namespace"`, or `xmlns="namespace"` without a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    pub(super) prefix: Text,
    pub(super) namespace: Text,
}

impl Declaration {
    /// The prefix; empty: the default namespace.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The namespace; empty: none.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }
}

/// The name of an element or attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub(super) prefix: Text,
    pub(super) namespace: Text,
    pub(super) local: Text,
}

impl Name {
    /// The prefix as written; empty: none.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The namespace; empty: none.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The name without its prefix.
    pub fn local(&self) -> &str {
        &self.local
    }
}

/// An attribute as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub(super) name: Name,
    pub(super) value: Text,
}

impl Attribute {
    /// Its name.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Its value.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// An element as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub(super) name: Name,
    pub(super) declarations: Vec<Declaration>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) content: Vec<Content>,
}

impl Element {
    /// Its name.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The namespaces that it declares.
    pub fn declarations(&self) -> &[Declaration] {
        &self.declarations
    }

    /// Its attributes.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Its text and elements.
    pub fn content(&self) -> &[Content] {
        &self.content
    }
}

/// What stands inside an [`Element`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// An element.
    Element(Element),
    /// Text with its white space.
    Text(Text),
}
