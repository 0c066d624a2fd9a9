//! Trees of files that want to get out of their directory, have odd names, or are large.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use vss_sim::api::SnapshotContext;

use crate::rig::*;

/// Everything below a directory: content, or where a link leads.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut found, mut left) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(path) = left.pop() {
        let kind = fs::symlink_metadata(&path).expect("it can be read").file_type();
        let content = if kind.is_symlink() {
            fs::read_link(&path).expect("it can be read").as_os_str().as_bytes().to_vec()
        } else if kind.is_dir() {
            left.extend(entries(&path));
            b"directory".to_vec()
        } else {
            fs::read(&path).expect("it can be read")
        };
        found.insert(path.strip_prefix(root).expect("it is below").to_owned(), content);
    }
    found
}

#[test]
fn links_are_copied_as_links_and_never_followed() {
    let rig = Rig::new();
    let outside = rig.outside("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("precious"), "as it was").unwrap();
    fs::set_permissions(outside.join("precious"), fs::Permissions::from_mode(0o444)).unwrap();
    let links: [(&str, &Path); 6] = [
        ("to-directory", &outside),
        ("to-file", &outside.join("precious")),
        ("to-parent", Path::new("..")),
        ("to-itself", Path::new("to-itself")),
        ("to-here", Path::new(".")),
        ("to-nowhere", Path::new("/nonexistent/nothing")),
    ];
    for (name, target) in links {
        symlink(target, rig.d().join(name)).unwrap();
    }
    let (before, around) = (tree(&rig.d()), tree(&outside));

    let room = rig.room();
    let (requester, device) = copy_of_d(&room);
    assert_eq!(tree(Path::new(&device)), before);
    drop(requester);
    assert!(rig.copies().is_empty());
    drop(room);
    assert_eq!((tree(&rig.d()), tree(&outside)), (before, around));
    let mode = fs::metadata(outside.join("precious")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o444);
}

#[test]
fn links_that_were_put_into_a_copy_lead_nowhere_when_it_goes() {
    let rig = Rig::new();
    let outside = rig.outside("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("precious"), "as it was").unwrap();
    let room = rig.room();
    let (requester, device) = copy_of_d(&room);
    symlink(&outside, Path::new(&device).join("link")).unwrap();
    drop(requester);
    assert!(rig.copies().is_empty());
    assert_eq!(fs::read_to_string(outside.join("precious")).unwrap(), "as it was");

    // The copy itself is replaced by a link.
    let (requester, device) = copy_of_d(&room);
    fs::remove_dir(&device).unwrap();
    symlink(&outside, &device).unwrap();
    drop((requester, room));
    assert_eq!(fs::read_to_string(outside.join("precious")).unwrap(), "as it was");
    assert!(entries(&rig.scratch()).is_empty());
}

#[test]
fn names_are_only_names() {
    let rig = Rig::new();
    let long = "n".repeat(255);
    let mut names: Vec<OsString> =
        ["...", "..x", " ", "-rf", "a\nb", r"..\..\x", r"C:\x", "\u{202e}", "*?<>|", &long]
            .map(OsString::from)
            .to_vec();
    names.push(OsStr::from_bytes(b"not \xff\xfe unicode").to_owned());
    for name in &names {
        fs::create_dir(rig.d().join(name)).unwrap();
        fs::write(rig.d().join(name).join(name), name.as_bytes()).unwrap();
    }
    let all_before = tree(&rig.outside(""));
    let room = rig.room();
    let (requester, device) = copy_of_d(&room);
    assert_eq!(tree(Path::new(&device)), tree(&rig.d()));
    drop((requester, room));
    assert_eq!(tree(&rig.outside("")), all_before);
}

#[test]
fn a_directory_that_holds_scratch_is_copied_without_it() {
    let rig = Rig::new();
    fs::write(rig.d().join("f"), "then").unwrap();
    fs::create_dir(rig.d().join("tmp")).unwrap();
    let lab = rig.lab();
    let simulator = vss_sim::service::Simulator::new(&lab).unwrap();
    let files = vss_files::Files::new_in(simulator, &lab, rig.d().join("tmp")).unwrap();
    let room = vss_sim::api::face::Vss::new(files);
    let before: Vec<PathBuf> = ["", "f", "tmp"].map(PathBuf::from).to_vec();
    let (_first, device) = copy_of_d(&room);
    assert_eq!(tree(Path::new(&device)).into_keys().collect::<Vec<_>>(), before);
    let (_second, device) = copy_of_d(&room);
    assert_eq!(tree(Path::new(&device)).into_keys().collect::<Vec<_>>(), before, "nor the first copy");
}

/// By a path that is not recognised as scratch's own, such as that of a bind mount: the directory is scratch of another
/// room, which holds a copy of itself.
#[test]
fn a_copy_of_copies_ends() {
    let rig = Rig::new();
    fs::write(rig.d().join("f"), "then").unwrap();
    let room = rig.room();
    let (_requester, device) = copy_of_d(&room);
    let lab = with_directory(rig.lab(), r"D:\", &rig.scratch());
    let other = rig.room_of(&lab);
    let (_other_requester, copy) = copy_of_d(&other);
    let first = Path::new(&device).strip_prefix(fs::canonicalize(rig.scratch()).unwrap()).unwrap();
    assert_eq!(fs::read_to_string(Path::new(&copy).join(first).join("f")).unwrap(), "then");
}

#[test]
fn a_directory_may_be_a_link() {
    let rig = Rig::new();
    fs::write(rig.d().join("f"), "then").unwrap();
    let link = rig.outside("link");
    symlink(rig.d(), &link).unwrap();
    let room = rig.room_of(&with_directory(rig.lab(), r"D:\", &link));
    let (requester, device) = copy_of_d(&room);
    assert!(fs::symlink_metadata(&device).unwrap().is_dir());
    assert_eq!(read(&device, "f").unwrap(), "then");
    drop((requester, room));
    assert_eq!(fs::read_to_string(link.join("f")).unwrap(), "then");
}

#[test]
fn modes_and_times_are_kept_and_do_not_keep_a_copy_from_going() {
    let rig = Rig::new();
    let (shut, file) = (rig.d().join("shut"), rig.d().join("shut/file"));
    fs::create_dir(&shut).unwrap();
    fs::write(&file, "then").unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in [&file, &shut] {
        fs::File::open(path).unwrap().set_modified(long_ago).unwrap();
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o550)).unwrap();

    let room = rig.room();
    let (requester, device) = copy_of_d(&room);
    for (name, mode) in [("shut", 0o550), ("shut/file", 0o440)] {
        let copy = fs::metadata(Path::new(&device).join(name)).unwrap();
        assert_eq!((copy.permissions().mode() & 0o777, copy.modified().unwrap()), (mode, long_ago), "{name}");
    }
    drop(requester);
    assert!(rig.copies().is_empty());
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o750)).unwrap();
}

#[test]
fn a_large_tree_is_copied_whole() {
    let rig = Rig::new();
    for directory in 0..60 {
        let directory = rig.d().join(format!("{directory:02}"));
        fs::create_dir(&directory).unwrap();
        for file in 0..50 {
            fs::write(directory.join(format!("{file}")), [file; 100]).unwrap();
        }
    }
    let deep: PathBuf = std::iter::repeat_n("deep", 300).collect();
    fs::create_dir_all(rig.d().join(&deep)).unwrap();
    fs::write(rig.d().join(&deep).join("bottom"), vec![7; 5 << 20]).unwrap();
    let before = tree(&rig.d());

    let room = rig.room();
    let (requester, snapshots) = begin(&room, SnapshotContext::NAS_ROLLBACK, &[r"D:\"]);
    let operation = create(&requester);
    fs::remove_dir_all(rig.d()).unwrap();
    assert_eq!(operation.finish(), Ok(()));
    assert!(tree(Path::new(&device(&requester, snapshots[0]))) == before, "3000 files and 360 directories");
}
