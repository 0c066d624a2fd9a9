// How parameters lie in registers and on the stack, shown by what becomes of them; and every slot that only answers.
#include "scenarios.h"
#include "world.h"

namespace {
// The functions of an interface, in the order of its slots.
void **slots(IUnknown *object) {
    return *reinterpret_cast<void ***>(object);
}

const UINT SLOT_OF_SET_BACKUP_STATE = 6;
}  // namespace

// An id comes as a pointer to the caller's copy. If one byte came wrong, another id would be known.
void ids_by_value() {
    load_lab();
    Com<IVssBackupComponents> session = create();
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    NEED_CODE(S_OK, session->SetContext(VSS_CTX_NAS_ROLLBACK));
    VSS_ID set = GUID_NULL, snapshot = GUID_NULL;
    NEED_CODE(S_OK, session->StartSnapshotSet(&set));
    wchar_t volume[] = L"D:\\";
    for (size_t at = 0; at < sizeof(VSS_ID); at++) {
        VSS_ID other = with_byte_changed(PROVIDER, at);
        CHECK_CODE(VSS_E_PROVIDER_NOT_REGISTERED, session->AddToSnapshotSet(volume, other, &snapshot));
        CHECK_EQUAL(with_byte_changed(PROVIDER, at), other);
    }
    NEED_CODE(S_OK, session->AddToSnapshotSet(volume, PROVIDER, &snapshot));
    Com<IVssAsync> creation;
    NEED_CODE(S_OK, session->DoSnapshotSet(creation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, creation);
    Com<IVssBackupComponentsEx3> restore = load_for_restore(document_of(session));
    for (size_t at = 0; at < sizeof(VSS_ID); at++) {
        VSS_ID other = with_byte_changed(snapshot, at);
        VSS_SNAPSHOT_PROP properties = {};
        CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, session->GetSnapshotProperties(other, &properties));
        CHECK_CODE(VSS_E_SNAPSHOT_NOT_IN_SET, restore->AddSnapshotToRecoverySet(other, 0, nullptr));
    }
    CHECK_CODE(S_OK, restore->AddSnapshotToRecoverySet(snapshot, 0, nullptr));

    VSS_ID one = GUID_NULL, again = GUID_NULL, other = GUID_NULL;
    CHECK_CODE(S_OK, as<IVssBackupComponentsEx3>(session)->GetSessionId(&one));
    CHECK_CODE(S_OK, as<IVssBackupComponentsEx3>(session)->GetSessionId(&again));
    CHECK_CODE(S_OK, restore->GetSessionId(&other));
    CHECK_EQUAL(one, again);
    CHECK(!IsEqualGUID(one, other) && !IsEqualGUID(one, GUID_NULL));
}

// A caller sets the low byte of a register or of a place on the stack; what is above it may be anything.
void bools_of_one_byte() {
    using SetBackupState = HRESULT(STDMETHODCALLTYPE *)(IVssBackupComponents *, ULONGLONG select_components,
                                                        ULONGLONG bootable, VSS_BACKUP_TYPE, ULONGLONG partial_files);
    const ULONGLONG falsehood = 0xDEADBEEFFFFFFF00, truth = 0xDEADBEEF00000001;
    const wchar_t *names[] = {L"selectComponents", L"bootableSystemState", L"partialFileSupport"};
    for (unsigned mask = 0; mask < 8; mask++) {
        load_lab();
        Com<IVssBackupComponents> session = create();
        NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
        auto bit = [&](unsigned at) { return mask >> at & 1 ? truth : falsehood; };
        auto set = reinterpret_cast<SetBackupState>(slots(session.get())[SLOT_OF_SET_BACKUP_STATE]);
        NEED_CODE(S_OK, set(session.get(), bit(0), bit(1), VSS_BT_INCREMENTAL, bit(2)));
        std::wstring document = document_of(session);
        for (unsigned at = 0; at < 3; at++) {
            std::wstring expected = std::wstring(names[at]) + (mask >> at & 1 ? L"=\"yes\"" : L"=\"no\"");
            bool found = document.find(expected) != std::wstring::npos;
            check(found, __FILE__, __LINE__, shown(expected) + " in the document", shown(document));
        }
    }
}

// The simulator leaves them out, and says so: with nothing handed out.
void methods_that_are_not_carried_out() {
    load_lab();
    Com<IVssBackupComponents> session = create();
    Com<IVssBackupComponentsEx4> ex4 = as<IVssBackupComponentsEx4>(session);
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    wchar_t path[] = L"D:\\";
    UINT count = 77;
    CHECK_CODE(E_NOTIMPL, session->GetWriterComponentsCount(&count));
    CHECK_EQUAL(0u, count);
    VSS_ID instance = GARBAGE_ID;
    IVssExamineWriterMetadata *metadata = garbage<IVssExamineWriterMetadata *>();
    CHECK_CODE(E_NOTIMPL, session->GetWriterMetadata(0, &instance, &metadata));
    CHECK_NULL(metadata);
    CHECK_CODE(E_NOTIMPL, session->DisableWriterClasses(&GARBAGE_ID, 1));
    CHECK_CODE(E_NOTIMPL, session->AddComponent(GARBAGE_ID, GARBAGE_ID, VSS_CT_FILEGROUP, L"path", L"name"));
    for (auto method : {&IVssBackupComponents::PreRestore, &IVssBackupComponents::PostRestore}) {
        IVssAsync *operation = garbage<IVssAsync *>();
        CHECK_CODE(E_NOTIMPL, (session.get()->*method)(&operation));
        CHECK_NULL(operation);
    }
    VSS_PWSZ root = garbage<VSS_PWSZ>(), prefix = garbage<VSS_PWSZ>();
    CHECK_CODE(E_NOTIMPL, ex4->GetRootAndLogicalPrefixPaths(path, &root, &prefix, FALSE));
    CHECK_NULL(root);
    CHECK_NULL(prefix);
    IUnknown *management = garbage<IUnknown *>();
    CHECK_CODE(E_NOTIMPL, GetProviderMgmtInterface(GUID_NULL, __uuidof(IUnknown), &management));
    CHECK_NULL(management);
}
