//! Copying and deleting trees of files. Links are never followed.

use std::ffi::OsString;
use std::fs::{self, File, FileTimes, Metadata, Permissions};
use std::io;
use std::path::{Component, Path, PathBuf};

/// What cannot be copied, and why.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be copied: {why}", path.display())]
pub(crate) struct CopyError {
    path: PathBuf,
    why: io::Error,
}

/// Something in a tree, with its path from the tree's root.
struct Entry {
    path: PathBuf,
    metadata: Metadata,
}

/// Copies the tree at `from` to `to`, where nothing may be yet, but for `except`.
///
/// All is listed before anything is made: a copy that comes to lie in its own source, by whatever way, ends.
pub(crate) fn copy(from: &Path, to: &Path, except: &Path) -> Result<(), CopyError> {
    let entries = list(from, except)?;
    for entry in &entries {
        let source = from.join(&entry.path);
        make(entry, &source, &to.join(&entry.path)).map_err(|why| CopyError { path: source, why })?;
    }
    // What is made in a directory changes its time and may need its permission: innermost first, when all is there.
    for entry in entries.iter().rev().filter(|entry| entry.metadata.is_dir()) {
        let dressed = dress(&to.join(&entry.path), &entry.metadata);
        dressed.map_err(|why| CopyError { path: from.join(&entry.path), why })?;
    }
    Ok(())
}

/// The tree's root and everything below it, directories before what they hold.
fn list(root: &Path, except: &Path) -> Result<Vec<Entry>, CopyError> {
    let at = |path: &Path| {
        let path = root.join(path);
        move |why| CopyError { path, why }
    };
    let mut entries = Vec::new();
    let mut left = vec![PathBuf::new()];
    while let Some(path) = left.pop() {
        let full = root.join(&path);
        if full == except {
            continue;
        }
        let metadata = fs::symlink_metadata(&full).map_err(at(&path))?;
        if metadata.is_dir() {
            for child in fs::read_dir(&full).map_err(at(&path))? {
                let child = path.join(plain(child.map_err(at(&path))?.file_name()).map_err(at(&path))?);
                left.push(child);
            }
        }
        entries.push(Entry { path, metadata });
    }
    Ok(entries)
}

/// The name, if it names something in its directory. Under Wine a file's name may hold what Windows takes for a path.
fn plain(name: OsString) -> io::Result<OsString> {
    let mut components = Path::new(&name).components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(only)), None) if only == name => Ok(name),
        _ => {
            let why = format!("it holds `{}`, which is no file name here: rename it", name.to_string_lossy());
            Err(io::Error::other(why))
        }
    }
}

fn make(entry: &Entry, source: &Path, copy: &Path) -> io::Result<()> {
    let kind = entry.metadata.file_type();
    if kind.is_dir() {
        fs::create_dir(copy)
    } else if kind.is_symlink() {
        link(source, copy, &entry.metadata)
    } else if kind.is_file() {
        // The system's own copy shares blocks where the file system can: copy_file_range, clonefile, CopyFileEx.
        fs::copy(source, copy)?;
        dress(copy, &entry.metadata)
    } else {
        Err(io::Error::other("it is neither a file nor a directory nor a symbolic link"))
    }
}

#[cfg(unix)]
fn link(source: &Path, copy: &Path, _: &Metadata) -> io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(source)?, copy)
}

/// A junction becomes a symbolic link to the same directory.
#[cfg(windows)]
fn link(source: &Path, copy: &Path, metadata: &Metadata) -> io::Result<()> {
    use std::os::windows::fs::{FileTypeExt, symlink_dir, symlink_file};
    let target = fs::read_link(source)?;
    if metadata.file_type().is_symlink_dir() { symlink_dir(target, copy) } else { symlink_file(target, copy) }
}

/// Gives a copy its source's times and permissions.
fn dress(copy: &Path, source: &Metadata) -> io::Result<()> {
    let times = FileTimes::new().set_modified(source.modified()?).set_accessed(source.accessed()?);
    #[cfg(windows)]
    let times = std::os::windows::fs::FileTimesExt::set_created(times, source.created()?);
    open_for_times(copy)?.set_times(times)?;
    fs::set_permissions(copy, source.permissions())
}

#[cfg(unix)]
fn open_for_times(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Directories too, and files that are read-only already.
#[cfg(windows)]
fn open_for_times(path: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt;
    const FILE_WRITE_ATTRIBUTES: u32 = 0x0100;
    const FILE_FLAG_BACKUP_SEMANTICS: u32 = 0x0200_0000;
    fs::OpenOptions::new()
        .access_mode(FILE_WRITE_ATTRIBUTES)
        .custom_flags(FILE_FLAG_BACKUP_SEMANTICS)
        .open(path)
}

/// Deletes a tree, read-only parts too.
pub(crate) fn remove(tree: &Path) -> io::Result<()> {
    match fs::remove_dir_all(tree) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            unlock(tree)?;
            fs::remove_dir_all(tree)
        }
        removed => removed,
    }
}

/// Makes everything in a tree writable that has to be for deleting it.
fn unlock(tree: &Path) -> io::Result<()> {
    let mut left = vec![tree.to_owned()];
    while let Some(path) = left.pop() {
        let metadata = fs::symlink_metadata(&path)?;
        if metadata.is_dir() || cfg!(windows) && metadata.is_file() {
            fs::set_permissions(&path, writable(metadata.permissions()))?;
        }
        if metadata.is_dir() {
            for child in fs::read_dir(&path)? {
                left.push(child?.path());
            }
        }
    }
    Ok(())
}

#[cfg(unix)]
fn writable(mut permissions: Permissions) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    permissions.set_mode(permissions.mode() | 0o700);
    permissions
}

#[cfg(windows)]
#[expect(clippy::permissions_set_readonly_false, reason = "on Windows it opens the file to nobody else")]
fn writable(mut permissions: Permissions) -> Permissions {
    permissions.set_readonly(false);
    permissions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_elsewhere_is_no_name() {
        for name in ["..", ".", "", "a/b", "/etc", "a/"] {
            let error = plain(name.into()).expect_err(name);
            assert!(error.to_string().contains("rename it"), "{error}");
        }
        assert_eq!(plain("a name.txt".into()).ok(), Some("a name.txt".into()));
        // Windows takes it for a path, and under Wine a file may be called so.
        assert_eq!(plain(r"..\evil.txt".into()).is_err(), cfg!(windows));
    }
}
