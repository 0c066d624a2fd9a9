//! The directory in which the copies lie.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use tempfile::TempDir;
use vss_sim::api::{SnapshotId, Text, Unavailable};

use crate::tree::{self, CopyError};

/// A directory of our own, with one subdirectory for each copy.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// Deleted when dropped.
    _directory: TempDir,
    /// Its path: absolute and without links, as those are that a walk through a tree comes upon.
    path: PathBuf,
    copies: BTreeMap<SnapshotId, Text>,
}

impl Scratch {
    /// A fresh one under `parent`.
    pub(crate) fn new_in(parent: &Path) -> Result<Self, Unavailable> {
        let made = || -> io::Result<(TempDir, PathBuf)> {
            let directory = tempfile::Builder::new().prefix("vss-files-").tempdir_in(parent)?;
            let path = fs::canonicalize(directory.path())?;
            Ok((directory, path))
        };
        let parent = parent.display();
        let (directory, path) = made().map_err(|why| {
            Unavailable::because(format!(
                "copies of files cannot be kept under `{parent}` ({why}); make it writable, or name another directory"
            ))
        })?;
        if path.to_str().is_none() {
            let message = format!("`{parent}` is not Unicode, as device objects are; name another directory");
            return Err(Unavailable::because(message));
        }
        Ok(Self { _directory: directory, path, copies: BTreeMap::new() })
    }

    /// Copies a directory's tree for that shadow copy. After a failure there is no copy.
    pub(crate) fn copy(&mut self, directory: &Path, id: SnapshotId) -> Result<(), CopyError> {
        let to = self.path.join(id.0.to_string());
        tree::copy(directory, &to, &self.path).inspect_err(|_| {
            // What is left falls with the scratch directory.
            let _ = tree::remove(&to);
        })?;
        self.copies.insert(id, to.to_string_lossy().into());
        Ok(())
    }

    pub(crate) fn has_copies(&self) -> bool {
        !self.copies.is_empty()
    }

    /// Where the copy is: a path to which `/file` or `\file` can be appended.
    pub(crate) fn device_object(&self, id: SnapshotId) -> Option<&Text> {
        self.copies.get(&id)
    }

    /// Whose copy is there.
    pub(crate) fn by_device_object(&self, device: &str) -> Option<SnapshotId> {
        self.copies.iter().find(|(_, path)| &***path == device).map(|(id, _)| *id)
    }

    /// Deletes the copies that are not to be kept. One that cannot be deleted, as a file in it is open on Windows, is
    /// tried again the next time.
    pub(crate) fn retain(&mut self, keep: impl Fn(SnapshotId) -> bool) {
        self.copies.retain(|id, path| keep(*id) || tree::remove(Path::new(&**path)).is_err());
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Before the directory: read-only parts have to be made writable first.
        self.retain(|_| false);
    }
}
