//! Which systems have which method, held against the pages' "Minimum supported client" and "server".

use vss_conformance::spec::{Method as Page, Spec};
use vss_sim::api::*;
use vss_sim::lab::{Lab, Os};
use vss_sim::service::{Because, Refusal, Simulator};
use vss_tests::examples::{example, text};

/// No page says of a client what these answer there: it has the interface, but loads no hardware provider, and that is
/// what it refuses.
const NEED_A_HARDWARE_PROVIDER: [&str; 2] = ["AddSnapshotToRecoverySet", "RecoverSet"];

/// Nothing has these: their pages call them reserved.
const RESERVED: [&str; 2] = ["PreFastRecovery", "FastRecovery"];

/// The oldest system that a requirement names; labs know no service packs and no editions.
fn oldest(requirement: Option<&str>) -> Option<Os> {
    const NAMES: [(&str, Os); 11] = [
        ("Windows Server 2012", Os::WindowsServer2012),
        ("Windows Server 2008 R2", Os::WindowsServer2008R2),
        ("Windows Server 2008", Os::WindowsServer2008),
        ("Windows Server 2003", Os::WindowsServer2003),
        ("Windows 8", Os::Windows8),
        ("Windows 7", Os::Windows7),
        ("Windows Vista", Os::WindowsVista),
        ("Windows XP", Os::WindowsXp),
        ("Windows 10", Os::Windows10),
        ("Windows Server 2016", Os::WindowsServer2016),
        ("Windows Server 2022", Os::WindowsServer2022),
    ];
    let named = requirement?.split([';', ',']).map(|part| {
        let known = NAMES.iter().find(|(name, _)| part.trim().starts_with(name));
        known.unwrap_or_else(|| panic!("`{part}` names no system that labs know")).1
    });
    named.min_by_key(|os| os.kernel())
}

fn has(page: &Page, os: Os) -> bool {
    let since = if os.is_server() { &page.min_server } else { &page.min_client };
    oldest(since.as_deref()).is_some_and(|since| os.kernel() >= since.kernel())
}

/// Whether the system is what a call on a fresh object is refused for; `None`: the answer does not tell.
fn is_lacking(sim: &mut Simulator, on: Object, call: &Call) -> Option<bool> {
    let code = sim.call(on, call).hresult;
    // A method that nothing has, or that the simulator does not carry out, tells nothing of the system; and the page of
    // SetContext has a code of its own for Windows XP.
    let otherwise = RESERVED.contains(&call.method().name)
        || sim.last_refusal_parts().is_some_and(|(_, refusal)| {
            refusal == Refusal::NOT_CARRIED_OUT || !matches!(refusal.because, Because::Inferred(_))
        });
    match code {
        HResult::E_NOINTERFACE => Some(true),
        HResult::E_NOTIMPL if otherwise => None,
        _ => Some(code == HResult::E_NOTIMPL),
    }
}

#[test]
fn a_system_has_the_methods_that_its_pages_say() {
    let calls = Call::METHODS.iter().zip(Call::VARIANTS).zip(Call::PARAMETERS);
    let of_requesters = calls.filter(|((method, _), _)| method.interface.starts_with("IVssBackupComponents"));
    let mut checked = 0;
    for ((method, variant), (params, _)) in of_requesters {
        let Some(page) = Spec::get().method(&method.to_string()) else { panic!("no page of {method}") };
        let fields = example::<Call>(variant, params).expect("an example");
        let call: Call = serde_json::from_str(&text(variant, &fields)).expect("a call");
        for os in Os::ALL {
            if NEED_A_HARDWARE_PROVIDER.contains(&method.name)
                && !os.is_server()
                && os.has_backup_components(method.interface)
            {
                continue;
            }
            let lab = Lab::default_lab().with_host(|host| host.os = *os);
            let mut sim = Simulator::new(&lab).expect("a lab");
            let created = sim.call(Object::HOST, &Call::CREATE_VSS_BACKUP_COMPONENTS).out;
            let Some(Out::CreateVssBackupComponents { pp_backup }) = created else { panic!("no object") };
            let Some(lacking) = is_lacking(&mut sim, pp_backup, &call) else { continue };
            assert_eq!(lacking, !has(page, *os), "{method} on {}: {:?}", os.name(), sim.last_refusal());
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked}");
}

/// It is a function of a host, and no method of an object.
#[test]
fn clients_have_no_writers_that_could_block_a_revert() {
    let page = Spec::get().method("ShouldBlockRevert").expect("its page");
    let call = Call::ShouldBlockRevert { wsz_volume_name: Some(r"C:\".into()), pb_block: Ptr::Valid };
    for os in Os::ALL {
        let mut sim = Simulator::new(&Lab::default_lab().with_host(|host| host.os = *os)).expect("a lab");
        let code = if has(page, *os) { HResult::S_OK } else { HResult::E_NOTIMPL };
        assert_eq!(sim.call(Object::HOST, &call).hresult, code, "on {}", os.name());
    }
}
