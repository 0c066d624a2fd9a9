// A backup as a requester walks through it: every call up to the saved document, and what each writes.
#include "scenarios.h"
#include "world.h"

namespace {
// The one writer of the lab, by both methods.
void check_writer(const Com<IVssBackupComponents> &session, VSS_WRITER_STATE expected) {
    Com<IVssAsync> gathering;
    NEED_CODE(S_OK, session->GatherWriterStatus(gathering.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, gathering);
    UINT writers = 0;
    NEED_CODE(S_OK, session->GetWriterStatusCount(&writers));
    NEED(CHECK_EQUAL(1u, writers));

    VSS_ID instance = GUID_NULL, writer = GUID_NULL;
    Bstr name;
    VSS_WRITER_STATE state = VSS_WS_UNKNOWN;
    HRESULT failure = E_FAIL;
    NEED_CODE(S_OK, session->GetWriterStatus(0, &instance, &writer, name.out(), &state, &failure));
    CHECK_EQUAL(std::wstring(L"Database Writer"), name.text());
    CHECK_EQUAL(expected, state);
    CHECK_CODE(S_OK, failure);
    CHECK(!IsEqualGUID(instance, GUID_NULL) && !IsEqualGUID(writer, GUID_NULL) && !IsEqualGUID(instance, writer));

    Com<IVssBackupComponentsEx3> ex3 = as<IVssBackupComponentsEx3>(session);
    VSS_ID same_instance = GARBAGE_ID, same_writer = GARBAGE_ID;
    Bstr same_name, message;
    state = VSS_WS_UNKNOWN;
    HRESULT application = E_FAIL;
    failure = E_FAIL;
    NEED_CODE(S_OK, ex3->GetWriterStatusEx(0, &same_instance, &same_writer, same_name.out(), &state, &failure,
                                           &application, message.out()));
    CHECK_EQUAL(instance, same_instance);
    CHECK_EQUAL(writer, same_writer);
    CHECK_EQUAL(name.text(), same_name.text());
    CHECK_EQUAL(expected, state);
    CHECK_CODE(S_OK, failure);
    CHECK_CODE(S_OK, application);
    CHECK_EQUAL(0u, SysStringLen(message.get()));

    // The last two are not needed.
    Bstr again;
    CHECK_CODE(S_OK, ex3->GetWriterStatusEx(0, &same_instance, &same_writer, again.out(), &state, &failure));
    CHECK_CODE(S_OK, session->FreeWriterStatus());
}

struct Guarded {
    VSS_SNAPSHOT_PROP properties;
    BYTE behind[16];
};

void check_properties(const Com<IVssBackupComponents> &session, const VSS_ID &snapshot, const VSS_ID &set) {
    static_assert(sizeof(VSS_SNAPSHOT_PROP) == 128, "the size of VSS_SNAPSHOT_PROP on x64");
    Guarded guarded;
    memset(&guarded, 0xAB, sizeof guarded);
    VSS_SNAPSHOT_PROP &properties = guarded.properties;
    NEED_CODE(S_OK, session->GetSnapshotProperties(snapshot, &properties));
    for (BYTE byte : guarded.behind) CHECK_EQUAL(0xAB, byte);

    auto begins = [](VSS_PWSZ text, const wchar_t *start) { return text && wcsncmp(text, start, wcslen(start)) == 0; };
    CHECK_EQUAL(snapshot, properties.m_SnapshotId);
    CHECK_EQUAL(set, properties.m_SnapshotSetId);
    CHECK_EQUAL(PROVIDER, properties.m_ProviderId);
    CHECK_EQUAL(2, properties.m_lSnapshotsCount);
    CHECK(begins(properties.m_pwszSnapshotDeviceObject, L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy"));
    CHECK(begins(properties.m_pwszOriginalVolumeName, L"\\\\?\\Volume{"));
    NEED(CHECK(properties.m_pwszOriginatingMachine && properties.m_pwszServiceMachine));
    CHECK_EQUAL(std::wstring(L"SRV"), std::wstring(properties.m_pwszOriginatingMachine));
    CHECK_EQUAL(std::wstring(L"SRV"), std::wstring(properties.m_pwszServiceMachine));
    CHECK_NULL(properties.m_pwszExposedName);
    CHECK_NULL(properties.m_pwszExposedPath);
    LONG wanted = VSS_CTX_APP_ROLLBACK | VSS_VOLSNAP_ATTR_HARDWARE_ASSISTED;
    CHECK_EQUAL(wanted, properties.m_lSnapshotAttributes & wanted);
    CHECK(properties.m_tsCreationTimestamp > 0);
    CHECK_EQUAL(VSS_SS_CREATED, properties.m_eStatus);
    CHECK_HOLDS(properties.m_pwszSnapshotDeviceObject, "as backed up");
    VssFreeSnapshotProperties(&properties);
    VssFreeSnapshotProperties(nullptr);
}
}  // namespace

void backup_of_two_volumes() {
    load_lab();
    write(L"D:\\", "as backed up");
    write(L"F:\\", "as backed up");
    Com<IVssBackupComponents> session = create();
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    NEED_CODE(S_OK, session->SetContext(VSS_CTX_APP_ROLLBACK));
    NEED_CODE(S_OK, session->SetBackupState(false, false, VSS_BT_FULL, false));

    Com<IVssAsync> operation;
    NEED_CODE(S_OK, session->GatherWriterMetadata(operation.out()));
    HRESULT status = 0x5EED;
    CHECK_CODE(S_OK, operation->QueryStatus(&status, nullptr));
    CHECK(status == VSS_S_ASYNC_PENDING || status == VSS_S_ASYNC_FINISHED);
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    check_writer(session, VSS_WS_STABLE);

    VSS_ID set = GUID_NULL;
    NEED_CODE(S_OK, session->StartSnapshotSet(&set));
    CHECK(!IsEqualGUID(set, GUID_NULL));
    VSS_ID of_d = add_volume(session, L"D:\\");
    VSS_ID of_f = add_volume(session, L"F:\\");
    CHECK(!IsEqualGUID(of_d, of_f));
    NEED_CODE(S_OK, session->PrepareForBackup(operation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    NEED_CODE(S_OK, session->DoSnapshotSet(operation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    CHECK_CODE(VSS_S_ASYNC_FINISHED, operation->Cancel());

    write(L"D:\\", "written since");
    write(L"F:\\", "written since");
    check_properties(session, of_d, set);
    check_properties(session, of_f, set);
    check_writer(session, VSS_WS_WAITING_FOR_BACKUP_COMPLETE);

    Bstr document;
    NEED_CODE(S_OK, session->SaveAsXML(document.out()));
    CHECK_EQUAL(wcslen(document.get()), SysStringLen(document.get()));
    CHECK_EQUAL(0u, document.text().find(L"<?xml"));
    CHECK(document.text().find(L"BACKUP_COMPONENTS") != std::wstring::npos);

    NEED_CODE(S_OK, session->BackupComplete(operation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    check_writer(session, VSS_WS_STABLE);
    operation.release();
    CHECK_EQUAL(0u, session.release());
    CHECK_EQUAL(GPT_OF_D, signature_under(L"D:\\"));
    CHECK_EQUAL(MBR_OF_F, signature_under(L"F:\\"));
}

// What it says of its failure comes in three places.
void a_writer_that_fails() {
    load_lab();
    must_do(L"{\"act\":{\"fault\":{\"call\":\"OnPrepareBackup\",\"cause\":{\"writer-fails\":{"
            L"\"code\":\"VSS_E_WRITERERROR_NONRETRYABLE\",\"application\":\"E_ACCESSDENIED\","
            L"\"message\":\"the ledger is locked\"}}}}}");
    Com<IVssBackupComponents> session = create();
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    NEED_CODE(S_OK, session->SetBackupState(false, false, VSS_BT_FULL, false));
    Com<IVssAsync> operation;
    NEED_CODE(S_OK, session->GatherWriterMetadata(operation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    VSS_ID set = GUID_NULL;
    NEED_CODE(S_OK, session->StartSnapshotSet(&set));
    add_volume(session, L"D:\\");
    NEED_CODE(S_OK, session->PrepareForBackup(operation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    NEED_CODE(S_OK, session->GatherWriterStatus(operation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);

    VSS_ID instance = GUID_NULL, writer = GUID_NULL;
    Bstr name, message;
    VSS_WRITER_STATE state = VSS_WS_UNKNOWN;
    HRESULT failure = S_OK, application = S_OK;
    Com<IVssBackupComponentsEx3> ex3 = as<IVssBackupComponentsEx3>(session);
    NEED_CODE(S_OK, ex3->GetWriterStatusEx(0, &instance, &writer, name.out(), &state, &failure, &application,
                                           message.out()));
    CHECK_EQUAL(VSS_WS_FAILED_AT_PREPARE_BACKUP, state);
    CHECK_CODE(VSS_E_WRITERERROR_NONRETRYABLE, failure);
    CHECK_CODE(E_ACCESSDENIED, application);
    CHECK_EQUAL(std::wstring(L"the ledger is locked"), message.text());
    failure = S_OK;
    NEED_CODE(S_OK, session->GetWriterStatus(0, &instance, &writer, name.out(), &state, &failure));
    CHECK_CODE(VSS_E_WRITERERROR_NONRETRYABLE, failure);
}

// Calls at the wrong time and with wrong arguments.
void refused_calls() {
    load_lab();
    Com<IVssBackupComponents> session = create();
    VSS_ID id = GARBAGE_ID;
    CHECK_CODE(VSS_E_BAD_STATE, session->StartSnapshotSet(&id));
    CHECK_CODE(VSS_E_BAD_STATE, session->SetBackupState(false, false, VSS_BT_FULL, false));
    Bstr no_document(L"this is no document");
    CHECK(FAILED(session->InitializeForRestore(no_document.get())));
    CHECK_CODE(E_INVALIDARG, session->InitializeForRestore(nullptr));

    session = create();
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    CHECK_CODE(VSS_E_BAD_STATE, session->InitializeForBackup(nullptr));
    CHECK_CODE(E_INVALIDARG, session->SetContext(0x40000000));
    CHECK_CODE(E_INVALIDARG, session->SetBackupState(false, false, static_cast<VSS_BACKUP_TYPE>(77), false));
    NEED_CODE(S_OK, session->SetContext(VSS_CTX_NAS_ROLLBACK));
    CHECK_CODE(VSS_E_BAD_STATE, session->SetContext(VSS_CTX_NAS_ROLLBACK));
    NEED_CODE(S_OK, session->StartSnapshotSet(&id));
    wchar_t missing[] = L"X:\\", original[] = L"D:\\";
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, session->AddToSnapshotSet(missing, GUID_NULL, &id));
    CHECK_CODE(E_INVALIDARG, session->AddToSnapshotSet(nullptr, GUID_NULL, &id));
    NEED_CODE(S_OK, session->AddToSnapshotSet(original, GUID_NULL, &id));
    CHECK_CODE(VSS_E_OBJECT_ALREADY_EXISTS, session->AddToSnapshotSet(original, GUID_NULL, &id));
    Com<IVssBackupComponents> second = create();
    NEED_CODE(S_OK, second->InitializeForBackup(nullptr));
    CHECK_CODE(VSS_E_SNAPSHOT_SET_IN_PROGRESS, second->StartSnapshotSet(&id));
    CHECK_CODE(S_OK, session->AbortBackup());

    // Not an administrator any more.
    must_do(L"{\"act\":{\"become-caller\":{\"role\":\"user\"}}}");
    IVssBackupComponents *none = garbage<IVssBackupComponents *>();
    CHECK_CODE(E_ACCESSDENIED, CreateVssBackupComponents(&none));
    CHECK_NULL(none);
}
