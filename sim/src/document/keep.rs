//! Reads what is not known into [`Unknown`].

use super::error::{DocumentError, Problem};
use super::unknown::{Attribute, Content, Declaration, Element, Name, Unknown};
use super::{NAMESPACE, Text};

type XmlNode<'a, 'i> = roxmltree::Node<'a, 'i>;

/// Keeps the namespace declarations of a typed element. Its default namespace is the document's own when written.
pub(super) fn typed_declarations(node: XmlNode<'_, '_>, unknown: &mut Unknown) -> Result<(), DocumentError> {
    if declares_nothing(node) {
        return Ok(());
    }
    unknown.declarations = declarations(node)?;
    unknown.declarations.retain(|declaration| !declaration.prefix.is_empty());
    Ok(())
}

/// Keeps an attribute of a typed element.
pub(super) fn attribute(
    node: XmlNode<'_, '_>,
    attribute: &roxmltree::Attribute<'_, '_>,
    unknown: &mut Unknown,
) {
    unknown.attributes.push(read_attribute(node, attribute));
}

/// Keeps an element inside a typed element.
pub(super) fn child(node: XmlNode<'_, '_>, unknown: &mut Unknown) -> Result<(), DocumentError> {
    let mut kept = read_element(node)?;
    // Around it, the written document has its own default namespace.
    let default = node.default_namespace().unwrap_or_default();
    if default != NAMESPACE && kept.declarations.iter().all(|declaration| !declaration.prefix.is_empty()) {
        kept.declarations.insert(0, Declaration { prefix: Text::default(), namespace: default.into() });
    }
    unknown.elements.push(kept);
    Ok(())
}

/// Recursive: [`super::MAX_DEPTH`] bounds it.
fn read_element(node: XmlNode<'_, '_>) -> Result<Element, DocumentError> {
    let source = node.document().input_text();
    let name = Name {
        prefix: prefix(source, node.range().start + 1),
        namespace: node.tag_name().namespace().unwrap_or_default().into(),
        local: node.tag_name().name().into(),
    };
    let declarations = if declares_nothing(node) { Vec::new() } else { declarations(node)? };
    let attributes = node.attributes().map(|attribute| read_attribute(node, &attribute)).collect();
    Ok(Element { name, declarations, attributes, content: read_content(node)? })
}

fn read_content(node: XmlNode<'_, '_>) -> Result<Vec<Content>, DocumentError> {
    let mut content = Vec::new();
    let mut pending = String::new();
    for child in node.children() {
        if child.is_element() {
            push_text(&mut content, &mut pending);
            content.push(Content::Element(read_element(child)?));
        } else if child.is_text() {
            // A comment that is dropped may have stood between two texts.
            pending.push_str(child.text().unwrap_or_default());
        }
    }
    push_text(&mut content, &mut pending);
    Ok(content)
}

fn push_text(content: &mut Vec<Content>, pending: &mut String) {
    if !pending.is_empty() {
        content.push(Content::Text(pending.as_str().into()));
        pending.clear();
    }
}

fn read_attribute(node: XmlNode<'_, '_>, attribute: &roxmltree::Attribute<'_, '_>) -> Attribute {
    let name = Name {
        prefix: prefix(node.document().input_text(), attribute.range().start),
        namespace: attribute.namespace().unwrap_or_default().into(),
        local: attribute.name().into(),
    };
    Attribute { name, value: attribute.value().into() }
}

/// The prefix of the name that starts at a byte: the parser resolves prefixes and forgets them.
fn prefix(source: &str, start: usize) -> Text {
    let rest = source.get(start..).unwrap_or_default();
    let end = rest.bytes().position(|byte| byte.is_ascii_whitespace() || b":=/>".contains(&byte));
    match end.map(|end| rest.split_at(end)) {
        Some((prefix, rest)) if rest.starts_with(':') => prefix.into(),
        _ => Text::default(),
    }
}

/// Whether an element sees the very namespaces of its parent.
fn declares_nothing(node: XmlNode<'_, '_>) -> bool {
    match node.parent_element() {
        None => node.namespaces().len() == 0,
        Some(parent) => {
            node.namespaces().map(std::ptr::from_ref).eq(parent.namespaces().map(std::ptr::from_ref))
        }
    }
}

/// The declarations that an element adds to those of its parent.
fn declarations(node: XmlNode<'_, '_>) -> Result<Vec<Declaration>, DocumentError> {
    let mut own: Vec<Declaration> = Vec::new();
    for namespace in node.namespaces() {
        let inherited = node
            .parent_element()
            .is_some_and(|parent| parent.namespaces().any(|outer| std::ptr::eq(outer, namespace)));
        let prefix = namespace.name().unwrap_or_default();
        if inherited || own.iter().any(|declaration| *declaration.prefix == *prefix) {
            continue;
        }
        if !prefix.is_empty() && namespace.uri().is_empty() {
            let reason = format!("prefix `{}` declared with an empty namespace", super::error::quote(prefix));
            let problem = Problem::NotXml { reason: reason.into() };
            return Err(DocumentError::in_document(node.document(), node.range().start, problem));
        }
        own.push(Declaration { prefix: prefix.into(), namespace: namespace.uri().into() });
    }
    Ok(own)
}
