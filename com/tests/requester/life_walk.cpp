// The life of a shadow copy after it was made: it is listed, exposed, deleted, broken off, reverted to, imported.
#include "scenarios.h"
#include "world.h"

namespace {
// A volume on a local disk beside the system's: the system provider makes its copies.
const wchar_t *LOCAL_VOLUME = LR"(
[[lun]]
name = "local-r"
size = "64 MiB"

[[volume]]
mount = ['R:\']
luns = ["local-r"]
)";

// Another object with that context.
Com<IVssBackupComponents> with_context(LONG context) {
    Com<IVssBackupComponents> session = create();
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    NEED_CODE(S_OK, session->SetContext(context));
    return session;
}

Com<IVssEnumObject> query(const Com<IVssBackupComponents> &session, VSS_OBJECT_TYPE returned) {
    Com<IVssEnumObject> objects;
    NEED_CODE(S_OK, session->Query(GUID_NULL, VSS_OBJECT_NONE, returned, objects.out()));
    return objects;
}

// The next object has to be a shadow copy; its id.
VSS_ID next_copy(const Com<IVssEnumObject> &objects) {
    VSS_OBJECT_PROP object = {};
    ULONG fetched = 77;
    NEED_CODE(S_OK, objects->Next(1, &object, &fetched));
    CHECK_EQUAL(1u, fetched);
    NEED(CHECK_EQUAL(VSS_OBJECT_SNAPSHOT, object.Type));
    VSS_ID id = object.Obj.Snap.m_SnapshotId;
    CHECK(object.Obj.Snap.m_pwszOriginalVolumeName != nullptr);
    VssFreeSnapshotProperties(&object.Obj.Snap);
    return id;
}

VSS_SNAPSHOT_PROP properties_of(const Com<IVssBackupComponents> &session, const VSS_ID &snapshot) {
    VSS_SNAPSHOT_PROP properties = {};
    NEED_CODE(S_OK, session->GetSnapshotProperties(snapshot, &properties));
    return properties;
}

VSS_ID set_of(const Backup &backup) {
    VSS_SNAPSHOT_PROP properties = properties_of(backup.session, backup.snapshots[0]);
    VSS_ID set = properties.m_SnapshotSetId;
    VssFreeSnapshotProperties(&properties);
    return set;
}

// Exposes a copy, and what the name is then.
std::wstring expose(const Com<IVssBackupComponents> &session, const VSS_ID &snapshot, LONG attributes,
                    const std::wstring &name) {
    std::wstring wanted = name;
    VSS_PWSZ exposed = garbage<VSS_PWSZ>();
    NEED_CODE(S_OK, session->ExposeSnapshot(snapshot, nullptr, attributes, wanted.empty() ? nullptr : wanted.data(),
                                            &exposed));
    NEED(CHECK(exposed != nullptr));
    std::wstring came = exposed;
    CoTaskMemFree(exposed);
    return came;
}
}  // namespace

void copies_are_listed() {
    load_lab();
    Backup backup = back_up({L"D:\\", L"F:\\"});
    Com<IVssEnumObject> objects = query(with_context(VSS_CTX_ALL), VSS_OBJECT_SNAPSHOT);
    VSS_ID first = next_copy(objects);
    Com<IVssEnumObject> clone;
    CHECK_CODE(S_OK, objects->Clone(clone.out()));
    VSS_ID second = next_copy(objects);
    CHECK_EQUAL(second, next_copy(clone));
    CHECK(!IsEqualGUID(first, second));
    for (const VSS_ID &snapshot : backup.snapshots) CHECK(IsEqualGUID(snapshot, first) || IsEqualGUID(snapshot, second));
    VSS_OBJECT_PROP object = {};
    ULONG fetched = 77;
    CHECK_CODE(S_FALSE, objects->Next(1, &object, &fetched));
    CHECK_EQUAL(0u, fetched);
    CHECK_CODE(S_OK, objects->Reset());
    CHECK_CODE(S_OK, objects->Skip(1));
    CHECK_EQUAL(second, next_copy(objects));
    CHECK_CODE(S_FALSE, objects->Skip(1));
    CHECK_CODE(E_POINTER, objects->Next(1, nullptr, &fetched));
    CHECK_CODE(E_POINTER, objects->Clone(nullptr));

    // Of another context there are none; providers are there in any.
    Com<IVssBackupComponents> other = with_context(VSS_CTX_APP_ROLLBACK);
    CHECK_CODE(S_FALSE, query(other, VSS_OBJECT_SNAPSHOT)->Next(1, &object, &fetched));
    CHECK_CODE(S_OK, query(other, VSS_OBJECT_PROVIDER)->Next(1, &object, &fetched));
    NEED(CHECK_EQUAL(VSS_OBJECT_PROVIDER, object.Type));
    CHECK_EQUAL(PROVIDER, object.Obj.Prov.m_ProviderId);
    CHECK_EQUAL(std::wstring(L"Array Provider"), std::wstring(object.Obj.Prov.m_pwszProviderName));
    CoTaskMemFree(object.Obj.Prov.m_pwszProviderName);
    CoTaskMemFree(object.Obj.Prov.m_pwszProviderVersion);
    IVssEnumObject *none = garbage<IVssEnumObject *>();
    CHECK_CODE(E_INVALIDARG, other->Query(GARBAGE_ID, VSS_OBJECT_NONE, VSS_OBJECT_SNAPSHOT, &none));
    CHECK_NULL(none);
}

void copies_are_exposed() {
    load_lab();
    write(L"D:\\", "then");
    Backup backup = back_up({L"D:\\"});
    write(L"D:\\", "now!");
    const VSS_ID snapshot = backup.snapshots[0];
    Com<IVssBackupComponentsEx2> ex2 = as<IVssBackupComponentsEx2>(backup.session);
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, ex2->UnexposeSnapshot(snapshot));
    CHECK_EQUAL(std::wstring(L"X:"), expose(backup.session, snapshot, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY, L"X:"));
    CHECK_HOLDS(L"X:\\", "then");
    VSS_SNAPSHOT_PROP properties = properties_of(backup.session, snapshot);
    CHECK(properties.m_lSnapshotAttributes & VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY);
    NEED(CHECK(properties.m_pwszExposedName != nullptr));
    CHECK_EQUAL(std::wstring(L"X:"), std::wstring(properties.m_pwszExposedName).substr(0, 2));
    CHECK_NULL(properties.m_pwszExposedPath);
    VssFreeSnapshotProperties(&properties);
    CHECK_CODE(S_OK, ex2->UnexposeSnapshot(snapshot));
    CHECK_EQUAL(false, expose(backup.session, snapshot, VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY, L"").empty());
    CHECK_CODE(S_OK, ex2->UnexposeSnapshot(snapshot));
    VSS_PWSZ exposed = garbage<VSS_PWSZ>();
    wchar_t letter[] = L"X:", path[] = L"\\folder";
    CHECK_CODE(E_INVALIDARG,
               backup.session->ExposeSnapshot(snapshot, path, VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY, letter, &exposed));
    CHECK_NULL(exposed);
}

// The first copy that cannot be deleted ends it: what was deleted before stays so, and the failing one is named.
void copies_are_deleted() {
    load_lab();
    Backup backup = back_up({L"D:\\", L"E:\\", L"F:\\"});
    must_do(L"{\"act\":{\"fault\":{\"call\":\"OnLunEmpty\",\"nth\":2,\"cause\":{\"provider-answers\":"
            L"\"VSS_E_PROVIDER_VETO\"}}}}");
    LONG deleted = 77;
    VSS_ID left = GARBAGE_ID;
    const VSS_ID set = set_of(backup);
    CHECK_CODE(VSS_E_PROVIDER_VETO,
               backup.session->DeleteSnapshots(set, VSS_OBJECT_SNAPSHOT_SET, FALSE, &deleted, &left));
    CHECK_EQUAL(1l, deleted);
    bool of_set = false;
    for (const VSS_ID &snapshot : backup.snapshots) of_set = of_set || IsEqualGUID(snapshot, left);
    CHECK(of_set);
    CHECK_CODE(S_OK, backup.session->DeleteSnapshots(set, VSS_OBJECT_SNAPSHOT_SET, FALSE, &deleted, &left));
    CHECK_EQUAL(2l, deleted);
    CHECK_EQUAL(GUID_NULL, left);
    left = GARBAGE_ID;
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND,
               backup.session->DeleteSnapshots(backup.snapshots[0], VSS_OBJECT_SNAPSHOT, FALSE, &deleted, &left));
    CHECK_CODE(E_INVALIDARG, backup.session->DeleteSnapshots(set, VSS_OBJECT_PROVIDER, FALSE, &deleted, &left));
}

// A set that is transported: created, imported by another object, broken off under the identity of its lost originals.
void a_set_is_imported_and_broken() {
    load_lab();
    write(L"D:\\", "then");
    Backup backup;
    backup.session = with_context(VSS_CTX_NAS_ROLLBACK | VSS_VOLSNAP_ATTR_TRANSPORTABLE);
    VSS_ID set = GUID_NULL;
    NEED_CODE(S_OK, backup.session->StartSnapshotSet(&set));
    backup.snapshots.push_back(add_volume(backup.session, L"D:\\"));
    Com<IVssAsync> operation;
    NEED_CODE(S_OK, backup.session->DoSnapshotSet(operation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    backup.document = document_of(backup.session);
    write(L"D:\\", "now!");
    mask(L"data-d");

    Com<IVssBackupComponents> importer = create();
    Bstr document(backup.document);
    NEED_CODE(S_OK, importer->InitializeForBackup(document.get()));
    NEED_CODE(S_OK, importer->ImportSnapshots(operation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    VSS_SNAPSHOT_PROP properties = properties_of(importer, backup.snapshots[0]);
    CHECK(properties.m_lSnapshotAttributes & VSS_VOLSNAP_ATTR_IMPORTED);
    NEED(CHECK(properties.m_pwszSnapshotDeviceObject != nullptr));
    CHECK_HOLDS(properties.m_pwszSnapshotDeviceObject, "then");
    VssFreeSnapshotProperties(&properties);

    Com<IVssBackupComponentsEx2> ex2 = as<IVssBackupComponentsEx2>(importer);
    const DWORD flags = VSS_BREAKEX_FLAG_REVERT_IDENTITY_ALL | VSS_BREAKEX_FLAG_MAKE_READ_WRITE;
    NEED_CODE(S_OK, ex2->BreakSnapshotSetEx(set, flags, operation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, importer->GetSnapshotProperties(backup.snapshots[0], &properties));
    CHECK_HOLDS(L"D:\\", "then");
    CHECK_EQUAL(GPT_OF_D, signature_under(L"D:\\"));
    write(L"D:\\", "more");
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, importer->BreakSnapshotSet(set));
}

void a_volume_is_reverted() {
    load_lab(LOCAL_VOLUME);
    write(L"R:\\", "then");
    Backup backup = back_up({L"R:\\"});
    write(L"R:\\", "now!");
    wchar_t volume[] = L"R:\\";
    IVssAsync *none = garbage<IVssAsync *>();
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, backup.session->QueryRevertStatus(volume, &none));
    CHECK_NULL(none);
    CHECK_CODE(E_POINTER, backup.session->QueryRevertStatus(volume, nullptr));
    NEED_CODE(S_OK, backup.session->RevertToSnapshot(backup.snapshots[0], TRUE));
    Com<IVssAsync> revert;
    NEED_CODE(S_OK, backup.session->QueryRevertStatus(volume, revert.out()));
    CHECK_CODE(VSS_E_REVERT_IN_PROGRESS, backup.session->RevertToSnapshot(backup.snapshots[0], TRUE));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, revert);
    CHECK_HOLDS(L"R:\\", "then");
    Backup hardware = back_up({L"D:\\"});
    CHECK_CODE(E_NOTIMPL, hardware.session->RevertToSnapshot(hardware.snapshots[0], TRUE));
}

void volumes_are_asked_about() {
    load_lab();
    wchar_t volume[] = L"D:\\", bare[] = L"D:", nowhere[] = L"Q:\\";
    BOOL present = 77;
    LONG capability = 77;
    CHECK_CODE(S_OK, IsVolumeSnapshotted(volume, &present, &capability));
    CHECK_EQUAL(FALSE, present);
    CHECK_EQUAL(0l, capability);
    Backup backup = back_up({L"D:\\"});
    CHECK_CODE(S_OK, IsVolumeSnapshotted(volume, &present, &capability));
    CHECK_EQUAL(TRUE, present);
    CHECK_CODE(E_INVALIDARG, IsVolumeSnapshotted(bare, &present, &capability));
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, IsVolumeSnapshotted(nowhere, &present, &capability));
    BOOL supported = 77;
    CHECK_CODE(S_OK, backup.session->IsVolumeSupported(GUID_NULL, volume, &supported));
    CHECK_EQUAL(TRUE, supported);
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, backup.session->IsVolumeSupported(GUID_NULL, nowhere, &supported));

    using ShouldBlock = HRESULT(WINAPI *)(LPCWSTR volume, BYTE *block);
    FARPROC function = exported("ShouldBlockRevert");
    NEED(CHECK(function != nullptr));
    BYTE block = 77;
    CHECK_CODE(S_OK, reinterpret_cast<ShouldBlock>(reinterpret_cast<void *>(function))(volume, &block));
    CHECK_EQUAL(0, block);
}
