// LUN resync: where contents go and which signature a disk ends with, for each destination and each set of flags.
#include "scenarios.h"
#include "world.h"

namespace {
const DWORD NO_FLAGS = 0;
const DWORD BOTH_FLAGS = VSS_RECOVERY_REVERT_IDENTITY_ALL | VSS_RECOVERY_NO_VOLUME_CHECK;

HRESULT add(const Com<IVssBackupComponentsEx3> &restore, const VSS_ID &snapshot, const wchar_t *destination) {
    std::wstring name = destination ? destination : L"";
    return restore->AddSnapshotToRecoverySet(snapshot, 0, destination ? name.data() : nullptr);
}

// Copies back; the operation ends with that code, or the call answers it at once.
void recover(const Com<IVssBackupComponentsEx3> &restore, DWORD flags, HRESULT ends) {
    Com<IVssAsync> operation;
    NEED_CODE(S_OK, restore->RecoverSet(flags, operation.out()));
    ENDS_WITH(ends, operation);
}

struct Way {
    const wchar_t *volume;
    const wchar_t *destination;
    // The array loses this LUN between backup and restore.
    const wchar_t *lost;
    DWORD flags;
    HRESULT ends;
    // Where the contents are found afterwards, and the signature of the disk there.
    const wchar_t *found;
    const std::wstring *signature;
};

void walk(const Way &way) {
    load_lab();
    write(way.volume, "as backed up");
    Backup backup = back_up({way.volume});
    write(way.volume, "written since");
    if (way.destination) write(way.destination, "written since");
    if (way.lost) mask(way.lost);
    Com<IVssBackupComponentsEx3> restore = load_for_restore(backup.document);
    NEED_CODE(S_OK, add(restore, backup.snapshots[0], way.destination));
    recover(restore, way.flags, way.ends);
    CHECK_HOLDS(way.found, "as backed up");
    CHECK_EQUAL(*way.signature, signature_under(way.found));
}
}  // namespace

// Without flags a disk keeps the signature that it had.
void resync_keeps_signatures() {
    for (DWORD flags : {NO_FLAGS, static_cast<DWORD>(VSS_RECOVERY_NO_VOLUME_CHECK)}) {
        walk({L"D:\\", nullptr, nullptr, flags, VSS_S_ASYNC_FINISHED, L"D:\\", &GPT_OF_D});
        walk({L"D:\\", L"S:\\", nullptr, flags, VSS_S_ASYNC_FINISHED, L"S:\\", &GPT_OF_SPARE});
        walk({L"F:\\", nullptr, nullptr, flags, VSS_S_ASYNC_FINISHED, L"F:\\", &MBR_OF_F});
        walk({L"F:\\", L"M:\\", nullptr, flags, VSS_S_ASYNC_FINISHED, L"M:\\", &MBR_OF_SPARE});
    }
}

// With VSS_RECOVERY_REVERT_IDENTITY_ALL it gets the original's, and with it the original's names.
void resync_reverts_signatures() {
    for (DWORD flags : {static_cast<DWORD>(VSS_RECOVERY_REVERT_IDENTITY_ALL), BOTH_FLAGS}) {
        walk({L"D:\\", nullptr, nullptr, flags, VSS_S_ASYNC_FINISHED, L"D:\\", &GPT_OF_D});
        walk({L"D:\\", L"S:\\", L"data-d", flags, VSS_S_ASYNC_FINISHED, L"D:\\", &GPT_OF_D});
        CHECK_EQUAL(GPT_OF_D, signature_of_lun(L"spare"));
        walk({L"F:\\", nullptr, nullptr, flags, VSS_S_ASYNC_FINISHED, L"F:\\", &MBR_OF_F});
        walk({L"F:\\", L"M:\\", L"data-f", flags, VSS_S_ASYNC_FINISHED, L"F:\\", &MBR_OF_F});
        CHECK_EQUAL(MBR_OF_F, signature_of_lun(L"spare-mbr"));
        // Not as long as the original is there: no two disks have one signature.
        walk({L"D:\\", L"S:\\", nullptr, flags, VSS_E_CANNOT_REVERT_DISKID, L"S:\\", &GPT_OF_SPARE});
        walk({L"F:\\", L"M:\\", nullptr, flags, VSS_E_CANNOT_REVERT_DISKID, L"M:\\", &MBR_OF_SPARE});
    }
}

void resync_of_two_volumes() {
    load_lab();
    for (const wchar_t *volume : {L"D:\\", L"F:\\"}) write(volume, "as backed up");
    Backup backup = back_up({L"D:\\", L"F:\\"});
    for (const wchar_t *volume : {L"D:\\", L"F:\\"}) write(volume, "written since");
    Com<IVssBackupComponentsEx3> restore = load_for_restore(backup.document);
    NEED_CODE(S_OK, add(restore, backup.snapshots[0], nullptr));
    NEED_CODE(S_OK, add(restore, backup.snapshots[1], L"M:\\"));
    recover(restore, NO_FLAGS, VSS_S_ASYNC_FINISHED);
    CHECK_HOLDS(L"D:\\", "as backed up");
    CHECK_EQUAL(GPT_OF_D, signature_under(L"D:\\"));
    CHECK_HOLDS(L"M:\\", "as backed up");
    CHECK_EQUAL(MBR_OF_SPARE, signature_under(L"M:\\"));
    CHECK_HOLDS(L"F:\\", "written since");
}

// G: and H: lie on one disk, and only G: is to be restored.
void resync_checks_other_volumes() {
    load_lab();
    for (const wchar_t *volume : {L"G:\\", L"H:\\"}) write(volume, "as backed up");
    Backup backup = back_up({L"G:\\"});
    for (const wchar_t *volume : {L"G:\\", L"H:\\"}) write(volume, "written since");
    std::wstring before = all_luns(), signature = signature_under(L"G:\\");
    Com<IVssBackupComponentsEx3> restore = load_for_restore(backup.document);
    NEED_CODE(S_OK, add(restore, backup.snapshots[0], nullptr));
    recover(restore, NO_FLAGS, VSS_E_UNSELECTED_VOLUME);
    CHECK_EQUAL(before, all_luns());
    recover(restore, VSS_RECOVERY_REVERT_IDENTITY_ALL, VSS_E_UNSELECTED_VOLUME);
    CHECK_EQUAL(before, all_luns());
    CHECK_HOLDS(L"H:\\", "written since");
    recover(restore, BOTH_FLAGS, VSS_S_ASYNC_FINISHED);
    CHECK_HOLDS(L"G:\\", "as backed up");
    CHECK_HOLDS(L"H:\\", "as backed up");
    CHECK_EQUAL(signature, signature_under(L"G:\\"));
}

// What goes wrong in the array shows as documented.
void resync_that_fails() {
    auto fails = [](const wchar_t *cause, HRESULT ends) {
        load_lab();
        write(L"D:\\", "as backed up");
        Backup backup = back_up({L"D:\\"});
        write(L"D:\\", "written since");
        Com<IVssBackupComponentsEx3> restore = load_for_restore(backup.document);
        NEED_CODE(S_OK, add(restore, backup.snapshots[0], nullptr));
        fault_in_resync(cause);
        recover(restore, NO_FLAGS, ends);
    };
    fails(L"{\"provider-answers\":\"VSS_E_PROVIDER_VETO\"}", VSS_E_PROVIDER_VETO);
    CHECK_HOLDS(L"D:\\", "written since");
    fails(L"{\"provider-answers\":\"E_NOTIMPL\"}", E_NOTIMPL);
    CHECK_HOLDS(L"D:\\", "written since");
    fails(L"\"wrong-signature\"", VSS_E_CANNOT_REVERT_DISKID);
    CHECK_HOLDS(L"D:\\", "as backed up");
    CHECK(signature_under(L"D:\\") != GPT_OF_D);
    fails(L"\"disk-refuses-write\"", VSS_E_CANNOT_REVERT_DISKID);
}

// What is refused before anything is copied.
void resync_that_is_refused() {
    load_lab();
    Backup earlier = back_up({L"D:\\"});
    Backup backup = back_up({L"D:\\", L"C:\\"});
    Com<IVssBackupComponentsEx3> restore = load_for_restore(backup.document);
    IVssAsync *none = garbage<IVssAsync *>();
    CHECK_CODE(VSS_E_BAD_STATE, restore->RecoverSet(NO_FLAGS, &none));
    CHECK_NULL(none);
    CHECK_CODE(VSS_E_SNAPSHOT_NOT_IN_SET, add(restore, earlier.snapshots[0], nullptr));
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, add(restore, backup.snapshots[1], nullptr));
    CHECK_CODE(VSS_E_VOLUME_NOT_SUPPORTED, add(restore, backup.snapshots[0], L"C:\\"));
    CHECK_CODE(E_INVALIDARG, add(restore, GUID_NULL, nullptr));
    CHECK_CODE(E_INVALIDARG, restore->AddSnapshotToRecoverySet(backup.snapshots[0], 1, nullptr));
    NEED_CODE(S_OK, add(restore, backup.snapshots[0], nullptr));
    none = garbage<IVssAsync *>();
    CHECK_CODE(E_INVALIDARG, restore->RecoverSet(0x80000000, &none));
    CHECK_NULL(none);

    // Another one runs.
    Com<IVssAsync> running;
    NEED_CODE(S_OK, restore->RecoverSet(NO_FLAGS, running.out()));
    Com<IVssBackupComponentsEx3> second = load_for_restore(backup.document);
    CHECK_CODE(VSS_E_RESYNC_IN_PROGRESS, add(second, backup.snapshots[0], nullptr));
    CHECK_CODE(S_OK, running->Cancel());
    CHECK_CODE(VSS_S_ASYNC_CANCELLED, running->Cancel());
    ENDS_WITH(VSS_S_ASYNC_CANCELLED, running);

    // An object that serves a backup.
    Com<IVssBackupComponentsEx3> of_backup = as<IVssBackupComponentsEx3>(backup.session);
    none = garbage<IVssAsync *>();
    CHECK_CODE(VSS_E_BAD_STATE, of_backup->RecoverSet(NO_FLAGS, &none));
    CHECK_NULL(none);
}
