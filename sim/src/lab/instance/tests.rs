use crate::api::Signature;
use crate::lab::{
    GUID_PREFIX, Instance, Lab, LabBuilder, Os, Page83, PartitionStyle, SanPolicy, Size, volume_name,
};
use crate::storage::{DiskSignature, Host};

fn server() -> LabBuilder {
    Lab::builder("test").host("SRV", Os::WindowsServer2022).provider("P").array("san", "P")
}

fn made(builder: LabBuilder) -> Instance {
    builder.build().and_then(|lab| lab.instantiate()).unwrap_or_else(|error| panic!("{error}"))
}

fn host(instance: &Instance, index: usize) -> &Host {
    instance.storage.host(instance.hosts[index]).expect("it is there")
}

#[test]
fn the_default_lab_has_its_volumes_mounted() {
    let (lab, instance) = (Lab::default_lab(), Lab::default_lab().instantiate().expect("it is right"));
    for (volume, resolved) in lab.volumes.iter().zip(&instance.volumes) {
        for name in [&volume.mount[0], &volume_name(resolved.id)] {
            let found = host(&instance, 0).mounts().find(name).expect("it is mounted");
            assert_eq!(found.volume, resolved.id, "{name}");
        }
        assert_eq!(host(&instance, 0).luns_of(resolved.id), resolved.luns);
        assert_eq!(resolved.id.as_fields().0, GUID_PREFIX);
    }
    assert_eq!(instance.writers[0].component_volumes, [[1], [2]], "D: and E:");
    assert_ne!(instance.system_provider.id, instance.providers[0].id);
}

#[test]
fn bytes_say_what_the_lab_says() {
    let id = "11111111-2222-3333-4444-555555555555";
    let instance = made(
        server()
            .lun_with("mbr", Size::mib(8), |lun| {
                (lun.style, lun.signature) = (PartitionStyle::Mbr, Some("0x01020304".into()));
            })
            .lun_with("gpt", Size::mib(8), |lun| lun.signature = Some(id.into()))
            .lun_with("raw", Size::mib(8), |lun| lun.style = PartitionStyle::Raw)
            .volume_with("M:\\", "mbr", |volume| volume.id = id.parse().ok())
            .volume("G:\\", "gpt"),
    );
    let identity = |index: usize| {
        let lun = instance.storage.lun(instance.luns[index]).expect("it is there");
        assert!(lun.contents().len() == lun.size(), "made now");
        lun.identity().ok().map(|identity| identity.signature)
    };
    assert_eq!(identity(0), Some(DiskSignature::Mbr(0x0102_0304)));
    assert_eq!(identity(1), id.parse().ok().map(DiskSignature::Gpt));
    assert_eq!(identity(2), None);
    let found = host(&instance, 0).mounts().find("M:\\").map(|found| found.volume);
    assert_eq!(found, id.parse().ok(), "an MBR volume is named as the lab says");
}

#[test]
fn page_83_tells_luns_apart_or_not() {
    let kinds = [Page83::Unique, Page83::NonUnique, Page83::NonUnique, Page83::None];
    let builder = kinds.iter().zip(0..).fold(server(), |builder, (page83, number)| {
        builder.lun_with(&format!("lun {number}"), Size::mib(3), |lun| lun.page83 = *page83)
    });
    let instance = made(builder);
    let unique = |lun| instance.storage.unique_page83(lun).map(|identifiers| identifiers.len());
    assert_eq!(
        instance.luns.iter().map(|lun| unique(*lun)).collect::<Vec<_>>(),
        [Ok(1), Ok(0), Ok(0), Ok(0)]
    );
    let identifiers = |index: usize| instance.storage.lun(instance.luns[index]).map(|lun| lun.page83().len());
    assert_eq!((identifiers(1), identifiers(3)), (Ok(1), Ok(0)));
}

#[test]
fn hosts_see_what_they_are_shown() {
    let instance = made(
        server()
            .host_with("B", Os::WindowsServer2022, |host| host.san_policy = SanPolicy::OfflineShared)
            .lun("both", Size::mib(8))
            .lun_with("only B", Size::mib(8), |lun| lun.hosts = Some(vec!["B".into()]))
            .disk("local", Size::mib(8))
            .volume("D:\\", "both")
            .volume("L:\\", "local"),
    );
    assert_eq!((host(&instance, 0).disks().count(), host(&instance, 1).disks().count()), (2, 2));
    assert!(host(&instance, 0).mounts().find("D:\\").is_some());
    assert!(host(&instance, 1).mounts().find("D:\\").is_none(), "its disk is offline there");
    assert_eq!(host(&instance, 1).disk_of(instance.luns[2]), None, "another host's local disk");
}

#[test]
fn an_mbr_volume_has_another_name_on_another_host() {
    let instance = made(
        server()
            .host("B", Os::WindowsServer2022)
            .lun_with("mbr", Size::mib(8), |lun| lun.style = PartitionStyle::Mbr)
            .volume("D:\\", "mbr"),
    );
    let name = |index| host(&instance, index).mounts().find("D:\\").expect("it is mounted").volume;
    assert_eq!(name(0), instance.volumes[0].id);
    assert_ne!(name(1), name(0));
}

#[test]
fn spanned_and_quorum_disks() {
    let dynamic = |lun: &mut crate::lab::Lun| lun.dynamic = true;
    let instance = made(
        server()
            .lun_with("one", Size::mib(8), dynamic)
            .lun_with("two", Size::mib(16), dynamic)
            .lun_with("q", Size::mib(8), |lun| lun.quorum = true)
            .volume_with("D:\\", "one", |volume| volume.luns.push("two".into()))
            .volume("Q:\\", "q"),
    );
    let srv = host(&instance, 0);
    let spanned =
        srv.mounts().find("D:\\").and_then(|found| srv.mounts().volume(found.volume)).expect("mounted");
    assert!(spanned.is_dynamic());
    assert_eq!((spanned.extents().len(), spanned.length()), (2, (6 + 14) << 20));
    let quorum = srv.disks().filter(|(_, disk)| disk.is_quorum()).map(|(_, disk)| disk.lun);
    assert_eq!(quorum.collect::<Vec<_>>(), [instance.luns[2]]);
}

#[test]
fn a_given_id_does_not_change_the_others() {
    let lab = Lab::default_lab();
    let before = lab.clone().instantiate().expect("it is right");
    let taken = before.volumes[1].id;
    let given = lab.with(|lab| lab.volumes[3].id = "11111111-2222-3333-4444-555555555555".parse().ok());
    let after = given.clone().instantiate().expect("it is right");
    let changed = |(place, (one, other)): (usize, (_, _))| (one != other).then_some(place);
    let pairs = before.volumes.iter().zip(&after.volumes).enumerate();
    assert_eq!(pairs.filter_map(changed).collect::<Vec<_>>(), [3]);
    assert_eq!((before.providers, before.writers), (after.providers, after.writers));
    let clash = given.with(|lab| lab.volumes[3].id = Some(taken)).instantiate().expect("it is right");
    assert_ne!(clash.volumes[1].id, taken, "what the lab gives is not drawn for another");
}

#[test]
fn the_same_seed_makes_the_same_storage() {
    let made = |seed| Lab::default_lab().with(|lab| lab.seed = seed).instantiate().expect("it is right");
    let seen = |instance: Instance| format!("{instance:?}");
    assert_eq!(seen(made(3)), seen(made(3)));
    assert_ne!(seen(made(3)), seen(made(4)));
}

#[test]
fn signatures_given_in_a_lab_are_read() {
    let lab = server().lun_with("x", Size::mib(3), |lun| {
        (lun.style, lun.signature) = (PartitionStyle::Mbr, Some("0xfeDC0001".into()));
    });
    let lab = lab.build().expect("it is right");
    assert_eq!(lab.luns[0].given_signature(), Ok(Some(Signature::Mbr(0xfedc_0001))));
}
