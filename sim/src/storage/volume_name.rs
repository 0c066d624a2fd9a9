//! The forms in which callers name volumes.

use uuid::Uuid;

/// A name of a volume, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeName {
    /// `\\?\Volume{guid}\`.
    Guid {
        /// The GUID.
        guid: Uuid,
        /// Whether the trailing backslash was missing.
        backslash_missing: bool,
    },
    /// A drive letter or a folder below one.
    Path {
        /// The path in lower case with a trailing backslash.
        folded: Box<str>,
        /// Whether the trailing backslash was missing.
        backslash_missing: bool,
    },
}

impl VolumeName {
    /// Takes a name apart; `None` if it is of no known form.
    #[must_use]
    pub fn parse(name: &str) -> Option<VolumeName> {
        let device = [r"\\?\", r"\\.\", r"\??\"].iter().find_map(|prefix| name.strip_prefix(prefix));
        let (bare, backslash_missing) = match name.strip_suffix('\\') {
            Some(bare) => (bare, false),
            None => (name, true),
        };
        if let Some(rest) = device
            && rest.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("volume"))
        {
            let braced =
                rest.strip_suffix('\\').unwrap_or(rest).get(6..)?.strip_prefix('{')?.strip_suffix('}')?;
            // Of the forms that `Uuid` reads, Windows knows only the one with hyphens.
            let guid = (braced.len() == 36).then(|| Uuid::try_parse(braced).ok())??;
            return Some(VolumeName::Guid { guid, backslash_missing });
        }
        let bare = if device.is_some() { bare.get(4..)? } else { bare };
        let mut letters = bare.chars();
        let has_drive =
            letters.next().is_some_and(|letter| letter.is_ascii_alphabetic()) && letters.next() == Some(':');
        let folders = letters.as_str();
        let below = folders.is_empty()
            || folders
                .strip_prefix('\\')
                .is_some_and(|path| !path.split('\\').any(|folder| !is_folder(folder)));
        (has_drive && below).then(|| VolumeName::Path { folded: Self::fold(bare), backslash_missing })
    }

    /// Whether its trailing backslash was missing.
    #[must_use]
    pub fn backslash_missing(&self) -> bool {
        let (Self::Guid { backslash_missing, .. } | Self::Path { backslash_missing, .. }) = self;
        *backslash_missing
    }

    /// The form in which mount points are compared.
    pub(super) fn fold(path: &str) -> Box<str> {
        let mut folded = path.to_lowercase();
        if !folded.ends_with('\\') {
            folded.push('\\');
        }
        folded.into()
    }
}

fn is_folder(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', ':', '*', '?', '"', '<', '>', '|'])
}

/// The name of a volume as `GetVolumeNameForVolumeMountPoint` gives it, with the trailing backslash.
#[must_use]
pub fn volume_guid_path(name: Uuid) -> String {
    [r"\\?\Volume", name.braced().encode_lower(&mut Uuid::encode_buffer()), r"\"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const GUID: Uuid = Uuid::from_u128(0xABCD);

    #[rstest]
    #[case(r"\\?\Volume{00000000-0000-0000-0000-00000000abcd}\", false)]
    #[case(r"\\?\VOLUME{00000000-0000-0000-0000-00000000ABCD}\", false)]
    #[case(r"\\.\Volume{00000000-0000-0000-0000-00000000abcd}", true)]
    #[case(r"\??\Volume{00000000-0000-0000-0000-00000000abcd}", true)]
    fn guid_paths(#[case] name: &str, #[case] backslash_missing: bool) {
        assert_eq!(VolumeName::parse(name), Some(VolumeName::Guid { guid: GUID, backslash_missing }));
        assert_eq!(VolumeName::parse(&volume_guid_path(GUID)), VolumeName::parse(&volume_guid_path(GUID)));
    }

    #[rstest]
    #[case(r"D:\", r"d:\", false)]
    #[case("d:", r"d:\", true)]
    #[case(r"\\?\D:\", r"d:\", false)]
    #[case(r"C:\Mnt\Ünï", r"c:\mnt\ünï\", true)]
    fn paths(#[case] name: &str, #[case] folded: &str, #[case] backslash_missing: bool) {
        assert_eq!(
            VolumeName::parse(name),
            Some(VolumeName::Path { folded: folded.into(), backslash_missing })
        );
    }

    #[rstest]
    fn no_names(
        #[values(
            "",
            "\\",
            "D",
            "DD:",
            r"D:\\",
            r"D:x",
            r"1:\",
            r"C:\a*b",
            r"\\server\share",
            r"\\?\",
            r"\\?\Volume",
            r"\\?\Volume{}",
            r"\\?\Volume{000000000000000000000000abcd}\",
            r"Volume{00000000-0000-0000-0000-00000000abcd}",
            "é:",
            r"\\?\Volumé{"
        )]
        name: &str,
    ) {
        assert_eq!(VolumeName::parse(name), None);
    }
}
