//! Labs: what people read about wrong ones, the file format's fixtures, and what holds for every text and every lab.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rstest::rstest;
use vss_sim::api::HResult;
use vss_sim::lab::{
    BootMode, Cause, DuringRestore, Fault, Lab, LabBuilder, Os, PartitionStyle, SanPolicy, Size,
};

/// Everything around the difference is the default lab.
fn based(difference: &str) -> String {
    format!("base = \"default\"\n{difference}")
}

#[rstest]
#[case::syntax("[[host]\nname = 'SRV'\n")]
#[case::empty("# nothing\n")]
#[case::unknown_key("[[host]]\nname = 'SRV'\nos = 'windows-10'\nsan-polcy = 'online-all'\n")]
#[case::unknown_table("[[hosts]]\nname = 'SRV'\n")]
#[case::wrong_type("[[host]]\nname = 7\nos = 'windows-10'\n")]
#[case::one_table_for_several("base = 'default'\n[array]\nname = 'x'\n")]
#[case::part_before_its_whole("[[writers]]\nname = 'W'\n[[writer.component]]\nname = 'c'\n")]
#[case::inline_table_for_several("array = { name = 'x' }\n")]
#[case::number_for_a_table("readings = 3\n")]
#[case::number_for_a_name("[[host]]\nname = 'SRV'\nos = 7\n")]
#[case::no_backslash_to_blame("name = \"a\\\\b\" \"\n")]
#[case::string_for_a_list("[[volume]]\nluns = 'spare'\n")]
#[case::list_for_a_string("[[share]]\npath = ['x']\n")]
#[case::number_in_quotes("seed = '7'\n")]
#[case::backslash_in_double_quotes("[[volume]]\nmount = [\"D:\\\"]\nluns = ['spare']\n")]
#[case::missing_key("[[host]]\nname = 'SRV'\n")]
#[case::unknown_os("[[host]]\nname = 'SRV'\nos = 'windows-server-2020'\n")]
#[case::no_id("[[provider]]\nname = 'P'\nid = '{123}'\n")]
#[case::unknown_base("base = 'defualt'\n")]
#[case::base_of_another_type("base = 1\n")]
#[case::bad_size(&based("[[lun]]\nname = 'x'\nsize = '1 GB'\n"))]
#[case::odd_sizes(&based("[[lun]]\nname = 'x'\nsize = 4194305\n[[lun]]\nname = 'y'\nsize = '2 MiB'\n"))]
#[case::volume_on_a_missing_lun(&based("[[volume]]\nmount = ['X:\\']\nluns = ['data-x']\n"))]
#[case::volume_on_no_lun(&based("[[volume]]\nmount = ['X:\\']\nluns = []\n"))]
#[case::volumes_that_do_not_fit(&based("[[volume]]\nmount = ['X:\\']\nluns = ['spare']\nsize = '2 GiB'\n"))]
#[case::unknown_file_system(&based("[[volume]]\nluns = ['spare']\nfile-system = 'XFS'\n"))]
#[case::directory_without_a_name(&based("[[volume]]\nluns = ['spare']\ndirectory = ' '\n"))]
#[case::virtual_disk_on_a_missing_volume(&based("[[volume]]\nmount = ['C:\\']\nluns = ['system']\nvhd-on = 'X:\\'\n"))]
#[case::virtual_disk_on_itself(&based("[[volume]]\nmount = ['C:\\']\nluns = ['system']\nvhd-on = 'C:\\'\n"))]
#[case::virtual_disk_on_an_array(&based("[[volume]]\nmount = ['D:\\']\nluns = ['data-d']\nvhd-on = 'C:\\'\n"))]
#[case::cluster_shared_local_disk(&based("[[volume]]\nmount = ['C:\\']\nluns = ['system']\ncluster-shared = true\n"))]
#[case::cluster_shared_without_a_cluster(&based("[[volume]]\nmount = ['D:\\']\nluns = ['data-d']\ncluster-shared = true\n"))]
#[case::scale_out_share_without_a_cluster(&based("[[share]]\npath = '\\\\SRV\\data'\nvolume = 'D:\\'\nscale-out = true\n"))]
#[case::volume_on_a_raw_disk(&based("[[lun]]\nname = 'spare'\nsize = '1 GiB'\nstyle = 'raw'\n"))]
#[case::spanned_over_basic_disks(&based("[[volume]]\nmount = ['D:\\']\nluns = ['data-d', 'data-e']\n"))]
#[case::one_signature_twice(&based("
[[lun]]\nname = 'data-f'\nsize = '1 GiB'\nstyle = 'mbr'\nsignature = '0x11223344'\n
[[lun]]\nname = 'twin'\narray = 'san'\nsize = '1 GiB'\nstyle = 'mbr'\nsignature = '0x11223344'\n"))]
#[case::signature_of_the_other_style(&based("[[lun]]\nname = 'x'\nsize = '1 GiB'\nsignature = '0x11223344'\n"))]
#[case::unknown_array(&based("[[lun]]\nname = 'x'\narray = 'sna'\nsize = '1 GiB'\n"))]
#[case::unknown_provider(&based("[[array]]\nname = 'b'\nprovider = 'Array provider'\n"))]
#[case::local_disk_of_two_hosts(&based("
[[host]]\nname = 'B'\nos = 'windows-10'\n
[[lun]]\nname = 'x'\nsize = '1 GiB'\nhosts = ['SRV', 'B', 'C']\n"))]
#[case::mount_points(&based("
[[lun]]\nname = 'x'\nsize = '1 GiB'\n
[[volume]]\nmount = ['X:', 'Y:\\data\\', 'C:\\x\\', 'c:\\X\\']\nluns = ['x']\n"))]
#[case::mount_point_with_a_slash(&based("[[volume]]\nmount = ['X:/']\nluns = ['spare']\n"))]
#[case::mount_point_used_twice(&based("
[[lun]]\nname = 'x'\nsize = '1 GiB'\n
[[volume]]\nmount = ['d:\\', 'X:\\']\nluns = ['x']\n"))]
#[case::component_on_a_missing_volume(&based("
[[writer]]\nname = 'W'\n
[[writer.component]]\nname = 'c'\nvolumes = ['Z:\\']\n"))]
#[case::unknown_call(&based("[[fault]]\ncall = 'IVssBackupComponentsEx3::RecoverSets'\ncause = 'out-of-memory'\n"))]
#[case::call_like_none(&based("[[fault]]\ncall = 'Anything'\ncause = 'out-of-memory'\n"))]
#[case::call_that_cannot_fail(&based("[[fault]]\ncall = 'Release'\ncause = 'out-of-memory'\n"))]
#[case::cause_that_does_not_fit(&based("[[fault]]\ncall = 'OnFreeze'\ncause = { provider-answers = 'E_FAIL' }\n"))]
#[case::unknown_code(&based("[[fault]]\ncall = 'ResyncLuns'\ncause = { provider-answers = 'E_FIAL' }\n"))]
#[case::code_in_other_words(&based("[[fault]]\ncall = 'ResyncLuns'\ncause = { provider-answers = 'VSS_E_PROVIDER_VOTE' }\n"))]
#[case::code_without_quotes(&based("[[fault]]\ncall = 'ResyncLuns'\ncause = { provider-answers = 0x80070490 }\n"))]
#[case::two_causes(&based("[[fault]]\ncall = 'ResyncLuns'\ncause = { late = 3, loses-lun = true }\n"))]
#[case::unknown_cause(&based("[[fault]]\ncall = 'ResyncLuns'\ncause = 'crash-befor'\n"))]
#[case::late_without_a_time(&based("[[fault]]\ncall = 'ResyncLuns'\ncause = 'late'\n"))]
#[case::answer_without_a_code(&based("[[fault]]\ncall = 'ResyncLuns'\ncause = \"provider-answers\"\n"))]
#[case::class_without_a_name(&based("
[[provider]]\nname = 'P'\ncom = { dll = ' ', clsid = '{00000000-0000-0000-0000-000000000000}' }\n"))]
#[case::class_without_an_id(&based("[[provider]]\nname = 'P'\ncom = { dll = 'p.dll' }\n"))]
#[case::fault_of_nobody(&based("[[fault]]\ncall = 'ResyncLuns'\nof = 'Aray Provider'\ncause = 'crash-before'\n"))]
#[case::fault_of_the_wrong_one(&based(
    "[[fault]]\ncall = 'ResyncLuns'\nof = 'Database Writer'\nnth = 0\ncause = 'out-of-memory'\n"
))]
#[case::faults_of_providers_without_the_method(&based("
[[fault]]\ncall = 'Query'\nof = 'Array Provider'\ncause = { late = 5 }\n
[[fault]]\ncall = 'DeleteSnapshots'\nof = 'Array Provider'\ncause = 'out-of-memory'\n
[[fault]]\ncall = 'ResyncLuns'\nof = 'System Provider'\ncause = 'crash-before'\n"))]
#[case::names_and_ids_used_again(&based("
[[host]]\nname = 'srv'\nos = 'windows-10'\n
[[provider]]\nname = 'System Provider'\nid = '00000000-0000-0000-0000-000000000000'\ncopies = []\n
[[lun]]\nname = 'x'\nsize = '1 GiB'\n[[lun]]\nname = 'x'\nsize = '1 GiB'\n
[[volume]]\nluns = ['x']\nid = '11111111-1111-1111-1111-111111111111'\n
[[volume]]\nluns = ['x']\nid = '11111111-1111-1111-1111-111111111111'\n"))]
#[case::clusters_and_providers_on_some_hosts(&based("
[[host]]\nname = 'B'\nos = 'windows-server-2022'\ncluster = ' '\n
[[provider]]\nname = 'Array Provider'\nhosts = ['SRV', 'Srv']\n
[[provider]]\nname = 'Other'\nkind = 'software'\nhosts = ['B']\n"))]
#[case::provider_on_no_host(&based("[[provider]]\nname = 'Array Provider'\nhosts = []\n"))]
#[case::client_in_a_cluster(&based("
[[host]]\nname = 'B'\nos = 'windows-11'\ncluster = 'CLUSTER'\n"))]
#[case::clusters_before_their_time(&based("
[[host]]\nname = 'SRV'\nos = 'windows-server-2003'\ncluster = 'CLUSTER'\n
[[volume]]\nmount = ['D:\\']\nluns = ['data-d']\ncluster-shared = true\n
[[share]]\npath = '\\\\SRV\\data'\nvolume = 'D:\\'\nscale-out = true\n"))]
#[case::names_of_no_computer(&based("
[[host]]\nname = '\\\\B'\nos = 'windows-10'\n[[host]]\nname = 'a b'\nos = 'windows-10'\n
[[host]]\nname = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\nos = 'windows-10'\n"))]
#[case::no_number_of_copies(&based("
[[host]]\nname = 'SRV'\nos = 'windows-server-2022'\nmax-shadow-copies = 513\n"))]
#[case::disk_that_refuses_elsewhere(&based(
    "[[fault]]\ncall = 'DeleteSnapshots'\ncause = 'disk-refuses-write'\n"
))]
#[case::software_provider_of_an_array(&based("
[[provider]]\nname = 'Array Provider'\nkind = 'software'\n
[[provider]]\nname = 'Other'\ndisables = ['defragmentation']\n
[[provider]]\nname = 'Third'\nkind = 'file-share'\n"))]
#[case::hardware_keys_of_a_software_provider(&based("
[[provider]]\nname = 'Software'\nkind = 'software'\nresync = true\ntransportable = true\nhosts = ['SRV']\n"))]
#[case::cluster_shared_in_a_folder_of_one_node(&based("
[[host]]\nname = 'SRV'\nos = 'windows-server-2022'\ncluster = 'CLUSTER'\n
[[host]]\nname = 'SRV-2'\nos = 'windows-server-2022'\ncluster = 'CLUSTER'\n
[[volume]]\nmount = ['C:\\ClusterStorage\\Volume1\\']\nluns = ['spare']\ncluster-shared = true\n"))]
#[case::shares(&based("
[[share]]\npath = 'data'\nvolume = 'D:\\'\n
[[share]]\npath = '\\\\SVR\\data'\nvolume = 'D:\\'\n
[[share]]\npath = '\\\\SRV\\data'\nvolume = 'X:\\'\n
[[share]]\npath = '\\\\srv\\DATA'\nvolume = 'd:'\n"))]
#[case::five_volumes_on_an_mbr(&based("
[[volume]]\nluns = ['system']\n[[volume]]\nluns = ['system']\n[[volume]]\nluns = ['system']\n
[[volume]]\nmount = ['X:\\']\nluns = ['system']\n"))]
fn wrong_labs(#[case] text: &str) {
    let error = Lab::from_toml(text, "my.toml").expect_err("the lab is wrong");
    let thread = std::thread::current();
    let case = thread.name().and_then(|name| name.rsplit("::").next()).unwrap_or("unnamed");
    // `case_07_wrong_type`: without the number, so that cases can be put between others.
    let name = case.splitn(3, '_').nth(2).unwrap_or(case);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("lab_{name}"), error);
    });
}

/// Built in code: no line to show, so the path is.
#[test]
fn a_built_lab_shows_paths() {
    let error = Lab::builder("wrong")
        .host("SRV", Os::WindowsServer2022)
        .lun("data", Size::mib(1))
        .volume("D:\\", "date")
        .volume("D:\\", "data")
        .fault(Fault::new("OnThaw", Cause::CrashAfter).of("Nobody").nth(0))
        .build()
        .expect_err("it is wrong");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("lab_built", error);
    });
}

#[test]
fn a_writer_may_have_the_name_of_a_provider() {
    let text = based(
        "[[provider]]\nname = 'W'\n[[writer]]\nname = 'W'\n[[fault]]\ncall = 'OnFreeze'\nof = 'W'\ncause = 'out-of-memory'\n",
    );
    Lab::from_toml(&text, "my.toml").expect("the fault is the writer's");
}

/// A test of files is not to run without them.
#[test]
fn a_directory_needs_its_volume() {
    let error = Lab::default_lab().with_directory("D:", "files").expect_err("no mount point");
    assert!(error.to_string().contains(r"no volume is mounted at `D:`"), "{error}");
    let lab = Lab::default_lab().with_directory(r"D:\", "files").expect("it is mounted");
    assert_eq!(lab.volumes.iter().filter_map(|it| it.directory.as_deref()).collect::<Vec<_>>(), ["files"]);
}

#[test]
fn colour_changes_the_look_and_not_the_words() {
    let error = Lab::from_toml("", "my.toml").expect_err("no host");
    let coloured = error.render(true);
    assert!(coloured.contains("\u{1b}[") && coloured.contains("the lab has no host"), "{coloured:?}");
    assert!(!error.render(false).contains('\u{1b}'));
}

#[test]
fn disks_with_one_signature_may_be_kept_apart() {
    let twin = |name: &str| {
        let keys = "array = 'san'\nsize = '1 GiB'\nstyle = 'mbr'\nsignature = '0x11223344'\n";
        format!("[[lun]]\nname = '{name}'\n{keys}")
    };
    let twins = based(&(twin("one") + &twin("two")));
    let offline = "[[host]]\nname = 'SRV'\nos = 'windows-10'\nsan-policy = 'offline-shared'\n";
    Lab::from_toml(&twins, "twins").expect_err("both are online on one host");
    Lab::from_toml(&format!("{twins}{offline}"), "offline").expect("neither goes online");
    Lab::from_toml(&format!("{twins}hosts = []\n"), "masked").expect("no host sees the second");
}

/// A clone of a disk at another place: no host sees both, so the volumes on them can have one id.
#[test]
fn volumes_with_one_id_may_be_kept_apart() {
    let lun = |name: &str, hosts: &str| {
        format!("[[lun]]\nname = '{name}'\narray = 'san'\nsize = '1 GiB'\nhosts = [{hosts}]\n")
    };
    let volume =
        |lun: &str| format!("[[volume]]\nluns = ['{lun}']\nid = '11111111-1111-1111-1111-111111111111'\n");
    let lab = |hosts: &str| {
        let host = "[[host]]\nname = 'B'\nos = 'windows-server-2022'\n";
        let luns = lun("one", "'SRV'") + &lun("clone", hosts);
        based(&format!("{host}{luns}{}{}", volume("one"), volume("clone")))
    };
    Lab::from_toml(&lab("'B'"), "apart").expect("no host sees both");
    Lab::from_toml(&lab("'B', 'SRV'"), "together").expect_err("the first host sees both");
}

#[test]
fn the_default_lab_is_as_documented() {
    let lab = Lab::default_lab();
    let lun = |name: &str| lab.luns.iter().find(|lun| lun.name == name).expect("it is there");
    assert_eq!(lab.hosts[0].os, Os::WindowsServer2022);
    assert_eq!((lab.luns.len(), lab.volumes.len()), (6, 7));
    assert_eq!(lun("spare").size, lun("data-d").size, "D: can be recovered onto it");
    assert_eq!(lab.writers[0].components.len(), 2);
}

#[test]
fn a_base_is_overridden_replaced_and_added_to() {
    let text = based(
        "seed = 7\n[readings]\nduring-restore = 'literal'\n
[[lun]]\nname = 'data-d'\nsize = '5 MiB'\n
[[volume]]\nmount = ['E:\\', 'X:\\']\nluns = ['spare']\n
[[array]]\nname = 'other'\n",
    );
    let (lab, base) = (Lab::from_toml(&text, "my.toml").expect("it is right"), Lab::default_lab());
    assert_eq!((lab.seed, &lab.hosts), (7, &base.hosts));
    assert_eq!(lab.name, "unnamed", "it is another lab than its base");
    assert_eq!(lab.readings.during_restore, DuringRestore::Literal);
    assert_eq!(lab.luns.len(), base.luns.len(), "replaced in its place");
    assert_eq!((lab.luns[1].size, &lab.luns[1].array), (Size::mib(5), &None), "as a whole");
    assert_eq!((lab.volumes.len(), &*lab.volumes[2].mount[1]), (base.volumes.len(), "X:\\"));
    assert_eq!(lab.arrays.len(), 2, "added");
}

/// What is written of a lab says nothing that means nothing.
#[test]
fn a_software_provider_is_written_with_its_own_keys() {
    let text = based("[[provider]]\nname = 'Software'\nkind = 'software'\ndisables = ['defragmentation']\n");
    let lab = Lab::from_toml(&text, "my.toml").expect("it is right");
    let written = lab.to_toml();
    let table = written.split("[[").find(|table| table.contains("Software")).expect("it is there");
    assert_eq!(
        table.trim_end(),
        "provider]]\nname = \"Software\"\nkind = \"software\"\ndisables = [\"defragmentation\"]"
    );
    assert_eq!(Lab::from_toml(&written, "again"), Ok(lab));
}

fn labs_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/labs")
}

#[test]
fn every_fixture_is_a_lab() {
    let mut seen = 0;
    for entry in fs::read_dir(labs_folder()).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("it can be read");
        let lab = Lab::from_toml(&text, &path.to_string_lossy()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(Some(&*lab.name), path.file_stem().and_then(|stem| stem.to_str()), "named as its file");
        lab.instantiate().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(Lab::from_toml(&lab.to_toml(), "again").as_ref(), Ok(&lab));
        seen += 1;
    }
    assert!(seen >= 11, "only {seen} labs");
}

#[test]
fn the_schema_is_up_to_date() {
    let path = labs_folder().join("schema.json");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, Lab::json_schema()).expect("it can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept.contains("do not come back.\\nHappens in a provider's method: ResyncLuns, LocateLuns."));
    assert!(kept == Lab::json_schema(), "run the tests with UPDATE_FIXTURES=1 to rewrite {}", path.display());
}

/// What is drawn of a LUN: size in MiB, style, whether on the array, signature, volumes.
type DrawnLun = (u64, PartitionStyle, bool, Option<u32>, usize);

fn luns() -> impl Strategy<Value = Vec<DrawnLun>> {
    let styles = vec![PartitionStyle::Gpt, PartitionStyle::Mbr, PartitionStyle::Raw];
    let lun = (6u64..100, prop::sample::select(styles), any::<bool>(), any::<Option<u32>>(), 0usize..4);
    prop::collection::vec(lun, 0..6)
}

fn add_lun(
    builder: LabBuilder,
    name: &str,
    (mib, style, shared, signature, volumes): DrawnLun,
) -> LabBuilder {
    let builder = builder.lun_with(name, Size::mib(mib), |lun| {
        lun.array = lun.array.take().filter(|_| shared);
        lun.style = style;
        let signature = signature.filter(|it| style == PartitionStyle::Mbr && *it != 0);
        lun.signature = signature.map(|it| format!("{it:#010x}"));
    });
    let volumes = if style == PartitionStyle::Raw { 0 } else { volumes };
    (0..volumes).fold(builder, |builder, volume| {
        builder.volume_with("", name, |it| {
            it.mount.clear();
            it.size = (volume == 0).then_some(Size::mib(1));
        })
    })
}

fn add_faults(builder: LabBuilder, code: u32) -> LabBuilder {
    let (code, late) = (HResult(code), Cause::Late(u64::from(code) % 86_400_001));
    let fails = Cause::WriterFails { code, application: HResult::S_OK, message: Some("\u{7f}'\"".into()) };
    builder
        .writer("W", [])
        .fault(Fault::new("ResyncLuns", Cause::ProviderAnswers(code)).of("P"))
        .fault(Fault::new("OnFreeze", late).nth(2))
        .fault(Fault::new("OnThaw", fails).of("W"))
}

/// Labs that are right, whatever is drawn.
fn labs() -> impl Strategy<Value = Lab> {
    let hosts = (any::<bool>(), prop::sample::select(Os::ALL));
    (any::<u64>(), hosts, luns(), any::<Option<u32>>()).prop_map(|(seed, (winpe, os), luns, code)| {
        let builder = Lab::builder(format!("drawn \"{seed}\"\n\\"))
            .seed(seed)
            .host_with("SRV", os, |host| {
                host.san_policy = SanPolicy::OfflineAll;
                host.mode = if winpe { BootMode::WinPe } else { BootMode::Normal };
            })
            .provider("P")
            .array("a", "P")
            .readings(|readings| readings.during_restore = DuringRestore::Literal);
        let numbered = luns.into_iter().enumerate();
        let builder =
            numbered.fold(builder, |builder, (index, lun)| add_lun(builder, &format!("lun {index}"), lun));
        let builder = code.into_iter().fold(builder, add_faults);
        builder.build().unwrap_or_else(|error| panic!("only right labs are drawn: {error}"))
    })
}

/// Bits of labs, and what upsets parsers.
fn scraps() -> impl Strategy<Value = String> {
    let known = [
        "\n[[lun]]\n",
        "\n[[host]]\n",
        "name = 1\n",
        "'",
        "\"",
        "ß\u{1F4BE}",
        "0x",
        "[",
        "]",
        "{",
        "luns",
        "\r\n",
        "size = -1\n",
        "base = \"default\"\n",
        "\u{0}",
        "\t",
        "data-d",
        "99999999999999999999",
    ];
    prop_oneof!["\\PC{0,12}", prop::sample::select(known.map(str::to_owned).to_vec())]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(lab in labs()) {
        let text = lab.to_toml();
        let again = Lab::from_toml(&text, "again").map_err(|error| error.to_string());
        let made = lab.instantiate().map(|made| made.luns.len()).map_err(|error| error.to_string());
        prop_assert_eq!(made, Ok(lab.luns.len()), "what is checked can be made");
        prop_assert_eq!(again, Ok(lab), "{}", text);
    }

    /// Whatever is cut out of a lab or put into it, the answer is a lab or an error that can be shown.
    #[test]
    fn no_text_is_too_wrong(
        at in any::<prop::sample::Index>(),
        length in 0usize..40,
        put in scraps(),
        is_based in any::<bool>(),
    ) {
        let whole = Lab::default_lab().to_toml();
        let whole: Vec<char> = if is_based { based(&whole) } else { whole }.chars().collect();
        let start = at.index(whole.len());
        let end = (start + length).min(whole.len());
        let text: String = whole[..start].iter().copied().chain(put.chars()).chain(whole[end..].iter().copied()).collect();
        if let Err(error) = Lab::from_toml(&text, "mutated.toml") {
            prop_assert!(!error.render(true).is_empty());
            prop_assert!(error.to_string().contains("error: "));
        }
    }
}
