//! Which volume has the files of which directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use vss_sim::api::Unavailable;
use vss_sim::lab::{Lab, Volume, volume_name};

/// A directory whose files a volume has.
#[derive(Debug)]
pub(crate) struct Directory {
    /// What people call the volume.
    pub(crate) volume: String,
    /// Absolute and without links.
    pub(crate) path: PathBuf,
}

/// The directories of a lab, by their volumes' names (`\\?\Volume{...}\`, in lower case).
///
/// # Errors
/// One of them cannot be used, or the lab is wrong.
pub(crate) fn directories(lab: &Lab) -> Result<BTreeMap<String, Directory>, Unavailable> {
    if lab.volumes.iter().all(|volume| volume.directory.is_none()) {
        return Ok(BTreeMap::new());
    }
    let instance = lab.instantiate().map_err(|error| Unavailable::because(error.to_string()))?;
    let names = instance.volumes.iter().map(|volume| volume_name(volume.id));
    let mut directories = BTreeMap::new();
    for (volume, name) in lab.volumes.iter().zip(names) {
        let Some(directory) = &volume.directory else { continue };
        let path = usable(directory).map_err(|why| refused(volume, &name, directory, &why))?;
        let called = volume.mount.first().unwrap_or(&name).clone();
        directories.insert(name.to_lowercase(), Directory { volume: called, path });
    }
    Ok(directories)
}

fn usable(directory: &str) -> io::Result<PathBuf> {
    let path = fs::canonicalize(Path::new(directory))?;
    // What cannot be listed cannot be copied either.
    fs::read_dir(&path)?;
    Ok(path)
}

fn refused(volume: &Volume, name: &str, directory: &str, why: &io::Error) -> Unavailable {
    let called = volume.mount.first().map_or(name, String::as_str);
    Unavailable::because(format!(
        "volume `{called}` has no files: its directory `{directory}` cannot be read ({why}); make the directory, or \
         correct or remove `directory` in the lab"
    ))
}
