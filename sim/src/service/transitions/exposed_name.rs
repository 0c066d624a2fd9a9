//! The name that a caller of ExposeSnapshot wants for a copy, by the text of its parameters alone.

use crate::api::{HResult, Text, VolumeSnapshotAttributes as Attributes};
use crate::service::Refusal;
use crate::storage::VolumeName;

/// The longest name of a share, in characters (`NNLEN` of the SDK's lmcons.h).
const SHARE_NAME_MAX: usize = 80;

/// The longest path of a mount point or of a share, in characters (`MAX_PATH` of the SDK's minwindef.h, without its zero).
const PATH_MAX: usize = 259;

/// What NetShareAdd takes for no share: devices of its own protocol.
const RESERVED: [&str; 2] = ["pipe", "mailslot"];

/// What a caller wants a copy to be known by.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// A drive letter with its colon.
    Letter(Text),
    /// A folder below a drive letter, without a backslash at the end.
    Folder(Text),
    /// A share; without a name VSS chooses one.
    Share { name: Option<Text>, path: Option<Text> },
}

/// What the parameters say.
pub(super) fn wanted(
    path: Option<&str>,
    attributes: Attributes,
    name: Option<&str>,
) -> Result<Wanted, Refusal> {
    let invalid = |reason| Err(Refusal::documented(HResult::E_INVALIDARG, reason));
    match attributes {
        Attributes::EXPOSED_LOCALLY if path.is_some() => invalid("local-with-path"),
        // Nothing says that VSS chooses a drive letter.
        Attributes::EXPOSED_LOCALLY => local(name.ok_or(Refusal::bad_parameter("wszExpose is NULL"))?),
        Attributes::EXPOSED_REMOTELY => Ok(Wanted::Share {
            path: path.map(shared_path).transpose()?.flatten(),
            name: name.map(share_name).transpose()?,
        }),
        _ => invalid("bad-attributes"),
    }
}

const NOT_LOCAL: Refusal =
    Refusal::bad_parameter("wszExpose is neither a drive letter such as X: nor a folder such as X:\\mount");
const NO_SHARE: Refusal = Refusal::bad_parameter("wszExpose is no name that a share can have");
const NO_FOLDER: Refusal =
    Refusal::bad_parameter("wszPathFromRoot is no path of a folder below the volume's root");

/// `X:`, or a folder below a drive letter.
fn local(name: &str) -> Result<Wanted, Refusal> {
    let begins_with_letter = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let bare = name.strip_suffix('\\').unwrap_or(name);
    if bare.split('\\').any(is_dots) || name.contains(char::is_control) || is_too_long(bare) {
        return Err(NOT_LOCAL);
    }
    match VolumeName::parse(name) {
        Some(VolumeName::Path { .. }) if begins_with_letter && name.len() == 2 => {
            Ok(Wanted::Letter(name.to_ascii_uppercase().into()))
        }
        Some(VolumeName::Path { .. }) if begins_with_letter && bare.len() > 2 => {
            Ok(Wanted::Folder(bare.into()))
        }
        _ => Err(NOT_LOCAL),
    }
}

/// A folder that stands for another one: nothing can be mounted there, and no share shows it.
fn is_dots(folder: &str) -> bool {
    matches!(folder, "." | "..")
}

/// With its backslash at the end a path has to fit.
fn is_too_long(bare: &str) -> bool {
    bare.chars().count() >= PATH_MAX
}

fn share_name(name: &str) -> Result<Text, Refusal> {
    const FORBIDDEN: &[char] = &['"', '/', '\\', '[', ']', ':', '|', '<', '>', '+', '=', ';', ',', '*', '?'];
    let fits = !name.trim().is_empty() && name.chars().count() <= SHARE_NAME_MAX;
    let reserved = RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name));
    let clean = !name.contains(FORBIDDEN) && !name.contains(char::is_control) && !is_dots(name) && !reserved;
    if fits && clean { Ok(name.into()) } else { Err(NO_SHARE) }
}

/// The part of a volume that a share shows. A backslash at the end makes no difference; the root is all of it.
fn shared_path(path: &str) -> Result<Option<Text>, Refusal> {
    let invalid = |reason| Err(Refusal::documented(HResult::E_INVALIDARG, reason));
    let variable = path.split_once('%').and_then(|(_, rest)| rest.split_once('%'));
    if variable.is_some_and(|(name, _)| !name.is_empty()) {
        return invalid("path-env-variable");
    }
    if path.contains(['*', '?']) {
        return invalid("path-wildcards");
    }
    let bare = path.strip_suffix('\\').unwrap_or(path);
    let folders = bare.strip_prefix('\\').unwrap_or(bare);
    let is_folder = |name: &str| {
        !name.is_empty()
            && !is_dots(name)
            && !name.contains(['/', ':', '"', '<', '>', '|'])
            && !name.contains(char::is_control)
    };
    match folders {
        "" => Ok(None),
        folders if folders.split('\\').all(is_folder) && !is_too_long(bare) => Ok(Some(bare.into())),
        _ => Err(NO_FOLDER),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::service::Because;

    #[rstest]
    #[case("x:", Some("X:"))]
    #[case(r"X:\", None)]
    #[case("X", None)]
    #[case("1:", None)]
    #[case("XY:", None)]
    #[case("é:", None)]
    #[case(r"Y:\MountX", Some(r"Y:\MountX"))]
    #[case(r"Y:\a\b\", Some(r"Y:\a\b"))]
    #[case(r"Y:a", None)]
    #[case(r"Y:\a*", None)]
    #[case(r"\\?\X:", None)]
    #[case(r"\\SRV\data", None)]
    #[case(r"Y:\..", None)]
    #[case(r"Y:\a\.\b", None)]
    #[case("Y:\\a\tb", None)]
    #[case("", None)]
    fn local_names(#[case] name: &str, #[case] means: Option<&str>) {
        let came = local(name).ok().map(|wanted| match wanted {
            Wanted::Letter(name) | Wanted::Folder(name) => name,
            Wanted::Share { .. } => panic!("a share"),
        });
        assert_eq!(came.as_deref(), means);
    }

    #[rstest]
    #[case("then", true)]
    #[case("then$", true)]
    #[case("a.b", true)]
    #[case("..", false)]
    #[case("Pipe", false)]
    #[case("mailslot", false)]
    #[case(r"\\srv.example.org\then", false)]
    fn share_names(#[case] name: &str, #[case] is_one: bool) {
        assert_eq!(share_name(name).is_ok(), is_one);
    }

    #[test]
    fn a_path_has_an_end() {
        let below = |count| format!(r"Y:\{}", "x".repeat(count));
        assert!(local(&below(PATH_MAX - 4)).is_ok() && local(&below(PATH_MAX - 3)).is_err());
        assert!(
            shared_path(&"x".repeat(PATH_MAX - 1)).is_ok() && shared_path(&"x".repeat(PATH_MAX)).is_err()
        );
    }

    #[rstest]
    #[case("", Ok(None))]
    #[case("\\", Ok(None))]
    #[case(r"\data\", Ok(Some(r"\data")))]
    #[case(r"data\100%", Ok(Some(r"data\100%")))]
    #[case(r"%TEMP%\x", Err("path-env-variable"))]
    #[case(r"\a\*.txt", Err("path-wildcards"))]
    #[case(r"\a\\b", Err("bad-parameter"))]
    #[case(r"..\b", Err("bad-parameter"))]
    #[case(r"C:\b", Err("bad-parameter"))]
    fn shared_paths(#[case] path: &str, #[case] means: Result<Option<&str>, &'static str>) {
        let came = shared_path(path);
        let came = came.as_ref().map(|path| path.as_deref()).map_err(|refusal| refusal.because);
        assert_eq!(came, means.map_err(Because::Documented));
    }
}
