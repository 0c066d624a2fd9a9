//! Images in the eyes of tools that others wrote.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Output};

use tempfile::{NamedTempFile, TempPath};
use vss_sim::storage::{Chunk, Uuid};

/// What a tool answers, or a panic that says how to install it.
#[track_caller]
pub fn run(tool: &str, package: &str, args: &[&str], images: &[&Path]) -> Output {
    Command::new(tool).args(args).args(images).env("LC_ALL", "C").output().unwrap_or_else(|error| {
        panic!("can't run `{tool}` ({error}): install the Debian package `{package}`");
    })
}

/// As [`run`], for a tool that must succeed: what it prints.
#[track_caller]
pub fn say(tool: &str, package: &str, args: &[&str], images: &[&Path]) -> String {
    let output = run(tool, package, args, images);
    let (said, complaint) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{tool} {args:?} fails: {said}{complaint}");
    said.into_owned()
}

/// What sgdisk prints.
#[track_caller]
pub fn sgdisk(args: &[&str], image: &Path) -> String {
    say("sgdisk", "gdisk", args, &[image])
}

/// What sfdisk reads.
#[track_caller]
pub fn sfdisk(image: &Path) -> serde_json::Value {
    let said = say("sfdisk", "fdisk", &["--json"], &[image]);
    let json: serde_json::Value =
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("sfdisk prints no JSON: {error}"));
    json["partitiontable"].clone()
}

/// Whether qemu-img finds the same bytes in two raw images of one length.
#[track_caller]
pub fn qemu_sees_the_same(a: &Path, b: &Path) -> bool {
    let output = run("qemu-img", "qemu-utils", &["compare", "-f", "raw", "-F", "raw"], &[a, b]);
    match output.status.code() {
        Some(0) => true,
        Some(1) => false,
        _ => panic!("qemu-img compare fails: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// A sparse raw image of that size with those chunks.
#[track_caller]
pub fn image(size: u64, chunks: impl Iterator<Item = Chunk>) -> TempPath {
    let write = || -> std::io::Result<TempPath> {
        let mut file = NamedTempFile::with_suffix(".raw")?;
        file.as_file().set_len(size)?;
        for Chunk { offset, bytes } in chunks {
            file.seek(SeekFrom::Start(offset))?;
            file.write_all(&bytes)?;
        }
        Ok(file.into_temp_path())
    };
    write().unwrap_or_else(|error| panic!("the image cannot be written: {error}"))
}

/// The GUID at the end of a line.
#[track_caller]
pub fn guid_in(line: &str) -> Uuid {
    let word = line.split_whitespace().last().unwrap_or_default();
    Uuid::try_parse(word).unwrap_or_else(|error| panic!("no GUID at the end of `{line}`: {error}"))
}

/// The line that begins so.
#[track_caller]
pub fn line_with<'a>(said: &'a str, what: &str) -> &'a str {
    said.lines().find(|line| line.starts_with(what)).unwrap_or_else(|| panic!("no `{what}` in:\n{said}"))
}
