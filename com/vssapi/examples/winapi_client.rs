//! A requester on the crate `winapi`, whose declarations of VSS are not ours: its slots are held against ours, and it
//! walks through a backup and calls every other method. The DLL lies beside the program: `vssapi.dll`, taken with `WINEDLLOVERRIDES=vssapi=n` by Wine.
//!
//! `winapi` declares the interfaces up to `IVssBackupComponents`, and `ExposeSnapshot` and `LoadFromXML` wrongly.

#![cfg_attr(windows, expect(unsafe_code, reason = "COM is pointers"))]

#[cfg(windows)]
fn main() {
    let slots = client::compare_slots();
    client::compare_ids();
    // Safety: every pointer is handed to the method for which it was made.
    unsafe { client::back_up() };
    println!("winapi: {slots} slots are ours, and a call went through each but that of ExposeSnapshot");
}

#[cfg(not(windows))]
fn main() {
    println!("this example is for Windows and for Wine");
}

#[cfg(windows)]
mod client {
    use std::mem::offset_of;
    use std::ptr::{null_mut, with_exposed_provenance_mut};
    use vss_com::abi;
    use winapi::Interface as _;
    use winapi::shared::guiddef::GUID;
    use winapi::shared::winerror::{E_INVALIDARG, E_NOINTERFACE, E_NOTIMPL, HRESULT, S_OK};
    use winapi::shared::wtypes::BSTR;
    use winapi::um::combaseapi::{CoInitializeEx, CoUninitialize};
    use winapi::um::objbase::COINIT_MULTITHREADED;
    use winapi::um::oleauto::{SysFreeString, SysStringLen};
    use winapi::um::unknwnbase::IUnknown;
    use winapi::um::vsbackup::*;
    use winapi::um::vss::*;
    use winapi::um::vswriter::{VSS_CT_DATABASE, VSS_RS_ALL};

    const VSS_S_ASYNC_FINISHED: HRESULT = 0x0004_230A;
    const INFINITE: u32 = u32::MAX;
    const NO_ID: GUID = GUID { Data1: 0, Data2: 0, Data3: 0, Data4: [0; 8] };

    /// The methods of `IVssBackupComponents` with the slots that `winapi` gives them.
    macro_rules! slots {
        ($($method:ident)*) => {
            [$((stringify!($method), offset_of!(IVssBackupComponentsVtbl, $method) / size_of::<usize>())),*]
        };
    }

    /// Answers how many slots there are.
    pub(crate) fn compare_slots() -> usize {
        let mut theirs = slots! {
            GetWriterComponentsCount GetWriterComponents InitializeForBackup SetBackupState InitializeForRestore
            SetRestoreState GatherWriterMetadata GetWriterMetadataCount GetWriterMetadata FreeWriterMetadata AddComponent
            PrepareForBackup AbortBackup GatherWriterStatus GetWriterStatusCount FreeWriterStatus GetWriterStatus
            SetBackupSucceeded SetBackupOptions SetSelectedForRestore SetRestoreOptions SetAdditionalRestores
            SetPreviousBackupStamp SaveAsXML BackupComplete AddAlternativeLocationMapping AddRestoreSubcomponent
            SetFileRestoreStatus AddNewTarget SetRangesFilePath PreRestore PostRestore SetContext StartSnapshotSet
            AddToSnapshotSet DoSnapshotSet DeleteSnapshots ImportSnapshots BreakSnapshotSet GetSnapshotProperties Query
            IsVolumeSupported DisableWriterClasses EnableWriterClasses DisableWriterInstances ExposeSnapshot
            RevertToSnapshot QueryRevertStatus
        };
        theirs.sort_by_key(|(_, slot)| *slot);
        let methods = <abi::IVssBackupComponents as abi::Interface>::METHODS;
        let ours: Vec<(&str, usize)> = methods.iter().map(|method| (method.name, method.slot)).collect();
        assert_eq!(ours, theirs);
        assert_eq!(size_of::<VSS_SNAPSHOT_PROP>(), size_of::<abi::VSS_SNAPSHOT_PROP>());
        theirs.len()
    }

    pub(crate) fn compare_ids() {
        let ours = [
            <abi::IVssBackupComponents as abi::Interface>::IID,
            <abi::IVssAsync as abi::Interface>::IID,
            <abi::IUnknown as abi::Interface>::IID,
        ];
        let theirs = [IVssBackupComponents::uuidof(), IVssAsync::uuidof(), IUnknown::uuidof()];
        let theirs = theirs.map(|GUID { Data1, Data2, Data3, Data4 }| {
            Some(uuid::Uuid::from_fields(Data1, Data2, Data3, &Data4))
        });
        assert_eq!(ours, theirs);
    }

    /// Waits, and lets go of the operation.
    unsafe fn finish(operation: *mut IVssAsync) {
        assert!(!operation.is_null());
        // Safety: the caller holds it.
        unsafe {
            assert_eq!((*operation).Wait(INFINITE), S_OK);
            let mut status = 0;
            assert_eq!((*operation).QueryStatus(&mut status, null_mut()), S_OK);
            assert_eq!(status, VSS_S_ASYNC_FINISHED);
            assert_eq!((*operation).Release(), 0);
        }
    }

    /// A method that begins an operation, and the operation's end.
    macro_rules! done {
        ($session:ident.$method:ident()) => {{
            let mut operation = null_mut();
            assert_eq!((*$session).$method(&mut operation), S_OK, stringify!($method));
            finish(operation);
        }};
    }

    unsafe fn text(string: BSTR) -> String {
        // Safety: a method made it, and nobody uses it any more.
        unsafe {
            let units = std::slice::from_raw_parts(string, SysStringLen(string) as usize);
            let text = String::from_utf16(units).expect("UTF-16");
            SysFreeString(string);
            text
        }
    }

    pub(crate) unsafe fn back_up() {
        // Safety: each method gets what its declaration asks for, and what it handed out is given back.
        unsafe {
            assert_eq!(CoInitializeEx(null_mut(), COINIT_MULTITHREADED), S_OK);
            let mut session: *mut IVssBackupComponents = null_mut();
            assert_eq!(CreateVssBackupComponents(&mut session), S_OK);
            compare_interfaces(session);
            assert_eq!((*session).InitializeForBackup(null_mut()), S_OK);
            assert_eq!((*session).SetContext(VSS_CTX_APP_ROLLBACK as i32), S_OK);
            assert_eq!((*session).SetBackupState(true, false, VSS_BT_FULL, false), S_OK);
            done!(session.GatherWriterMetadata());
            let mut set = NO_ID;
            assert_eq!((*session).StartSnapshotSet(&mut set), S_OK);
            let snapshots = [r"D:\", r"F:\"].map(|volume| add(session, volume));
            done!(session.PrepareForBackup());
            done!(session.DoSnapshotSet());
            for snapshot in snapshots {
                compare_properties(session, snapshot, set);
            }
            done!(session.GatherWriterStatus());
            compare_writer(session);

            let mut document = null_mut();
            assert_eq!((*session).SaveAsXML(&mut document), S_OK);
            let mut restore: *mut IVssBackupComponents = null_mut();
            assert_eq!(CreateVssBackupComponents(&mut restore), S_OK);
            assert_eq!((*restore).InitializeForRestore(document), S_OK);
            assert_eq!((*restore).Release(), 0);
            let document = text(document);
            assert!(document.contains("BACKUP_COMPONENTS"), "{document}");
            assert!(document.contains(r#"selectComponents="yes""#), "{document}");
            done!(session.BackupComplete());
            call_the_rest(session);
            assert_eq!((*session).Release(), 0);
            abort();
            CoUninitialize();
        }
    }

    unsafe fn abort() {
        let (mut session, mut set): (*mut IVssBackupComponents, GUID) = (null_mut(), NO_ID);
        // Safety: each method gets what its declaration asks for.
        unsafe {
            assert_eq!(CreateVssBackupComponents(&mut session), S_OK);
            assert_eq!((*session).InitializeForBackup(null_mut()), S_OK);
            assert_eq!((*session).StartSnapshotSet(&mut set), S_OK);
            assert_eq!((*session).AbortBackup(), S_OK);
            assert_eq!((*session).Release(), 0);
        }
    }

    const VSS_E_BAD_STATE: HRESULT = 0x8004_2301_u32.cast_signed();
    const VSS_E_OBJECT_NOT_FOUND: HRESULT = 0x8004_2308_u32.cast_signed();

    /// The methods that are left: each arrives, and is refused for its own reason, or because the simulator does not carry
    /// it out.
    unsafe fn call_the_rest(session: *mut IVssBackupComponents) {
        let (mut count, mut supported, mut id, mut deleted) = (0, 0, NO_ID, 0);
        let (mut operation, mut found, mut writers, mut metadata) =
            (null_mut(), null_mut(), null_mut(), null_mut());
        let mut volume: Vec<u16> = "D:\\\0".encode_utf16().collect();
        let mut nowhere: Vec<u16> = "Q:\\\0".encode_utf16().collect();
        let name = volume.as_ptr();
        macro_rules! not_carried_out {
            ($($method:ident($($argument:expr),*))*) => {$(
                let code = (*session).$method($($argument),*);
                assert_eq!(code, E_NOTIMPL, stringify!($method));
            )*};
        }
        macro_rules! refused {
            ($($refusal:ident: $method:ident($($argument:expr),*))*) => {$(
                let code = (*session).$method($($argument),*);
                assert_eq!(code, $refusal, stringify!($method));
            )*};
        }
        // Safety: each method gets what its declaration asks for.
        unsafe {
            refused! {
                VSS_E_BAD_STATE: ImportSnapshots(&mut operation)
                E_INVALIDARG: DeleteSnapshots(NO_ID, VSS_OBJECT_SNAPSHOT, 0, &mut deleted, &mut id)
                E_INVALIDARG: BreakSnapshotSet(NO_ID)
                E_INVALIDARG: RevertToSnapshot(NO_ID, 0)
                VSS_E_OBJECT_NOT_FOUND: QueryRevertStatus(nowhere.as_mut_ptr(), &mut operation)
                E_INVALIDARG: Query(NO_ID, VSS_OBJECT_NONE, VSS_OBJECT_NONE, &mut found)
            }
            assert_eq!((*session).IsVolumeSupported(NO_ID, volume.as_mut_ptr(), &mut supported), S_OK);
            not_carried_out! {
                GetWriterComponentsCount(&mut count) GetWriterComponents(0, &mut writers)
                SetRestoreState(VSS_RTYPE_BY_COPY) GetWriterMetadataCount(&mut count)
                GetWriterMetadata(0, &mut id, &mut metadata) FreeWriterMetadata()
                AddComponent(NO_ID, NO_ID, VSS_CT_DATABASE, name, name)
                SetBackupSucceeded(NO_ID, NO_ID, VSS_CT_DATABASE, name, name, true)
                SetBackupOptions(NO_ID, VSS_CT_DATABASE, name, name, name)
                SetSelectedForRestore(NO_ID, VSS_CT_DATABASE, name, name, true)
                SetRestoreOptions(NO_ID, VSS_CT_DATABASE, name, name, name)
                SetAdditionalRestores(NO_ID, VSS_CT_DATABASE, name, name, true)
                SetPreviousBackupStamp(NO_ID, VSS_CT_DATABASE, name, name, name)
                AddAlternativeLocationMapping(NO_ID, VSS_CT_DATABASE, name, name, name, name, true, name)
                AddRestoreSubcomponent(NO_ID, VSS_CT_DATABASE, name, name, name, name, true)
                SetFileRestoreStatus(NO_ID, VSS_CT_DATABASE, name, name, VSS_RS_ALL)
                AddNewTarget(NO_ID, VSS_CT_DATABASE, name, name, name, name, true, name)
                SetRangesFilePath(NO_ID, VSS_CT_DATABASE, name, name, 0, name)
                PreRestore(&mut operation) PostRestore(&mut operation)
                DisableWriterClasses(&NO_ID, 1) EnableWriterClasses(&NO_ID, 1) DisableWriterInstances(&NO_ID, 1)
            }
        }
        assert!(operation.is_null() && found.is_null() && writers.is_null() && metadata.is_null());
    }

    unsafe fn compare_interfaces(session: *mut IVssBackupComponents) {
        // Safety: the caller holds the object.
        unsafe {
            let mut same = null_mut();
            assert_eq!((*session).QueryInterface(&IVssBackupComponents::uuidof(), &mut same), S_OK);
            assert_eq!(same, session.cast());
            assert_eq!((*session).Release(), 1);
            let mut none = with_exposed_provenance_mut(0xDEAD_0000);
            assert_eq!((*session).QueryInterface(&IVssAsync::uuidof(), &mut none), E_NOINTERFACE);
            assert!(none.is_null());
        }
    }

    unsafe fn add(session: *mut IVssBackupComponents, volume: &str) -> GUID {
        let mut name: Vec<u16> = volume.encode_utf16().chain([0]).collect();
        let mut snapshot = NO_ID;
        // Safety: the caller holds the object.
        assert_eq!(unsafe { (*session).AddToSnapshotSet(name.as_mut_ptr(), NO_ID, &mut snapshot) }, S_OK);
        snapshot
    }

    unsafe fn compare_properties(session: *mut IVssBackupComponents, snapshot: GUID, set: GUID) {
        let fields = |GUID { Data1, Data2, Data3, Data4 }| (Data1, Data2, Data3, Data4);
        // Safety: the caller holds the object; zeros are properties without strings.
        unsafe {
            let mut properties: VSS_SNAPSHOT_PROP = std::mem::zeroed();
            assert_eq!((*session).GetSnapshotProperties(snapshot, &mut properties), S_OK);
            assert_eq!(fields(properties.m_SnapshotId), fields(snapshot));
            assert_eq!(fields(properties.m_SnapshotSetId), fields(set));
            assert_eq!(properties.m_lSnapshotsCount, 2);
            assert!(!properties.m_pwszSnapshotDeviceObject.is_null());
            assert_eq!(properties.m_eStatus, VSS_SS_CREATED);
            VssFreeSnapshotProperties(&mut properties);
        }
    }

    unsafe fn compare_writer(session: *mut IVssBackupComponents) {
        // Safety: the caller holds the object.
        unsafe {
            let mut writers = 0;
            assert_eq!((*session).GetWriterStatusCount(&mut writers), S_OK);
            assert_eq!(writers, 1);
            let (mut instance, mut writer, mut name) = (NO_ID, NO_ID, null_mut());
            let (mut state, mut failure) = (VSS_WS_UNKNOWN, -1);
            let code = (*session).GetWriterStatus(
                0,
                &mut instance,
                &mut writer,
                &mut name,
                &mut state,
                &mut failure,
            );
            assert_eq!(code, S_OK);
            assert_eq!(text(name), "Database Writer");
            assert_eq!((state, failure), (VSS_WS_WAITING_FOR_BACKUP_COMPLETE, S_OK));
            assert_eq!((*session).FreeWriterStatus(), S_OK);
        }
    }
}
