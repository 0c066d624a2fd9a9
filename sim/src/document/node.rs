//! How typed structures become elements and come back.

use super::error::{DocumentError, Problem, quote};
use super::unknown::Unknown;
use super::value::Value;
use super::write::Writer;
use super::{NAMESPACE, keep};

pub(super) type XmlNode<'a, 'i> = roxmltree::Node<'a, 'i>;
pub(super) type Result<T> = std::result::Result<T, DocumentError>;

/// A structure that is an element.
pub(super) trait Node: Sized {
    /// Reads it from an element whose name was looked at.
    fn read(node: XmlNode<'_, '_>) -> Result<Self>;

    /// Writes it under a name.
    fn write(&self, tag: &'static str, writer: &mut Writer);
}

/// A field that is an attribute: a value, or an optional one that says nothing when it is `None`.
pub(super) trait Field: Sized {
    const EXPECTED: &'static str;

    fn parse(text: &str) -> Option<Self>;

    fn is_said(&self) -> bool;

    fn write(&self, out: &mut String);
}

impl<T: Value> Field for T {
    const EXPECTED: &'static str = T::EXPECTED;

    fn parse(text: &str) -> Option<Self> {
        Value::parse(text)
    }

    fn is_said(&self) -> bool {
        true
    }

    fn write(&self, out: &mut String) {
        Value::write(self, out);
    }
}

impl<T: Value> Field for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn parse(text: &str) -> Option<Self> {
        Value::parse(text).map(Some)
    }

    fn is_said(&self) -> bool {
        self.is_some()
    }

    fn write(&self, out: &mut String) {
        if let Some(value) = self {
            value.write(out);
        }
    }
}

/// Reads an attribute's value into its field.
pub(super) fn parse<T: Field>(
    node: XmlNode<'_, '_>,
    attribute: &roxmltree::Attribute<'_, '_>,
    name: &'static str,
) -> Result<Option<T>> {
    T::parse(attribute.value()).map(Some).ok_or_else(|| {
        let problem =
            Problem::Value { attribute: name, found: quote(attribute.value()), expected: T::EXPECTED };
        DocumentError::in_document(node.document(), attribute.range().start, problem)
    })
}

/// What a missing attribute means.
pub(super) mod rule {
    use super::{DocumentError, Field, Problem, Result, XmlNode, quote};

    /// The element says nothing without it.
    pub(in super::super) fn required<T: Field>(
        field: Option<T>,
        node: XmlNode<'_, '_>,
        attribute: &'static str,
    ) -> Result<T> {
        field.ok_or_else(|| {
            let element = quote(node.tag_name().name());
            let problem = Problem::MissingAttribute { element, attribute, expected: T::EXPECTED };
            DocumentError::in_document(node.document(), node.range().start, problem)
        })
    }

    /// The usual value.
    pub(in super::super) fn optional<T: Field + Default>(
        field: Option<T>,
        _: XmlNode<'_, '_>,
        _: &'static str,
    ) -> Result<T> {
        Ok(field.unwrap_or_default())
    }
}

/// A field that is elements of one name.
pub(super) trait Children: Sized {
    /// What was read so far.
    type Pending: Default;

    fn accept(pending: &mut Self::Pending, node: XmlNode<'_, '_>) -> Result<()>;

    fn finish(pending: Self::Pending, parent: XmlNode<'_, '_>, tag: &'static str) -> Result<Self>;

    fn write(&self, tag: &'static str, writer: &mut Writer);
}

impl<T: Node> Children for Vec<T> {
    type Pending = Self;

    fn accept(pending: &mut Self, node: XmlNode<'_, '_>) -> Result<()> {
        pending.push(T::read(node)?);
        Ok(())
    }

    fn finish(pending: Self, _: XmlNode<'_, '_>, _: &'static str) -> Result<Self> {
        Ok(pending)
    }

    fn write(&self, tag: &'static str, writer: &mut Writer) {
        for child in self {
            child.write(tag, writer);
        }
    }
}

impl<T: Node> Children for Option<T> {
    type Pending = Self;

    fn accept(pending: &mut Self, node: XmlNode<'_, '_>) -> Result<()> {
        if pending.is_some() {
            let problem = Problem::SecondElement { element: quote(node.tag_name().name()) };
            return Err(DocumentError::in_document(node.document(), node.range().start, problem));
        }
        *pending = Some(T::read(node)?);
        Ok(())
    }

    fn finish(pending: Self, _: XmlNode<'_, '_>, _: &'static str) -> Result<Self> {
        Ok(pending)
    }

    fn write(&self, tag: &'static str, writer: &mut Writer) {
        if let Some(child) = self {
            child.write(tag, writer);
        }
    }
}

impl<T: Node> Children for T {
    type Pending = Option<T>;

    fn accept(pending: &mut Option<T>, node: XmlNode<'_, '_>) -> Result<()> {
        <Option<T> as Children>::accept(pending, node)
    }

    fn finish(pending: Option<T>, parent: XmlNode<'_, '_>, element: &'static str) -> Result<Self> {
        pending.ok_or_else(|| {
            let problem = Problem::MissingElement { parent: quote(parent.tag_name().name()), element };
            DocumentError::in_document(parent.document(), parent.range().start, problem)
        })
    }

    fn write(&self, tag: &'static str, writer: &mut Writer) {
        Node::write(self, tag, writer);
    }
}

/// The local name of an element of the document's namespace; what has none is unknown.
pub(super) fn own_name<'a>(node: XmlNode<'a, '_>) -> Option<&'a str> {
    let name = node.tag_name();
    (name.namespace() == Some(NAMESPACE)).then(|| name.name())
}

/// Refuses text inside a typed element; white space, comments and processing instructions are passed over.
pub(super) fn not_an_element(node: XmlNode<'_, '_>) -> Result<()> {
    let text = if node.is_text() { node.text().unwrap_or_default().trim() } else { "" };
    if text.is_empty() {
        return Ok(());
    }
    let problem = Problem::StrayText { found: quote(text) };
    Err(DocumentError::in_document(node.document(), node.range().start, problem))
}

/// An `Unknown` that holds what an element declares.
pub(super) fn unknown_of(node: XmlNode<'_, '_>) -> Result<Unknown> {
    let mut unknown = Unknown::default();
    keep::typed_declarations(node, &mut unknown)?;
    Ok(unknown)
}

/// Declares a structure and how it is an element: its attributes and, by their tags, its children. An attribute is
/// `required` or `optional`; a child field is a `Vec`, an `Option` or required.
macro_rules! xml_struct {
    (
        $(#[$doc:meta])*
        $vis:vis struct $type:ident {
            $(attributes {
                $($(#[$attribute_doc:meta])* $attribute:ident: $attribute_type:ty = $name:literal, $rule:ident;)*
            })?
            $(elements {
                $($(#[$child_doc:meta])* $child:ident: $child_type:ty = $tag:literal;)*
            })?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        $vis struct $type {
            $($($(#[$attribute_doc])* $vis $attribute: $attribute_type,)*)?
            $($($(#[$child_doc])* $vis $child: $child_type,)*)?
            /// Attributes and elements that are not known.
            $vis unknown: $crate::document::Unknown,
        }

        impl $crate::document::node::Node for $type {
            #[allow(clippy::allow_attributes, unused_mut, reason = "an element may have no attributes or no children")]
            fn read(
                node: $crate::document::node::XmlNode<'_, '_>,
            ) -> $crate::document::node::Result<Self> {
                use $crate::document::{keep, node as nodes};
                let mut unknown = nodes::unknown_of(node)?;
                $($(let mut $attribute = None::<$attribute_type>;)*)?
                for attribute in node.attributes() {
                    match (attribute.namespace(), attribute.name()) {
                        $($((None, $name) => $attribute = nodes::parse(node, &attribute, $name)?,)*)?
                        _ => keep::attribute(node, &attribute, &mut unknown),
                    }
                }
                $($(let mut $child = <$child_type as nodes::Children>::Pending::default();)*)?
                for child in node.children() {
                    if !child.is_element() {
                        nodes::not_an_element(child)?;
                        continue;
                    }
                    match nodes::own_name(child) {
                        $($(Some($tag) => <$child_type as nodes::Children>::accept(&mut $child, child)?,)*)?
                        _ => keep::child(child, &mut unknown)?,
                    }
                }
                Ok(Self {
                    $($($attribute: nodes::rule::$rule($attribute, node, $name)?,)*)?
                    $($($child: <$child_type as nodes::Children>::finish($child, node, $tag)?,)*)?
                    unknown,
                })
            }

            fn write(&self, tag: &'static str, writer: &mut $crate::document::write::Writer) {
                writer.start(tag);
                $($(writer.field($name, &self.$attribute);)*)?
                let scope = writer.unknown_attributes(&self.unknown, &[$($($name),*)?]);
                $($($crate::document::node::Children::write(&self.$child, $tag, writer);)*)?
                writer.end(tag, &self.unknown, scope);
            }
        }
    };
}

pub(super) use xml_struct;
