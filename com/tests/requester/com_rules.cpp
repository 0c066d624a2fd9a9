// The rules of COM: exported functions, references, interfaces, and what a failing call hands out.
#include "scenarios.h"
#include "world.h"

namespace {
template <class Interface>
void check_interface(IUnknown *object, IUnknown *identity) {
    Interface *other = nullptr;
    NEED_CODE(S_OK, object->QueryInterface(__uuidof(Interface), reinterpret_cast<void **>(&other)));
    // The object's identity is its IUnknown, whichever interface is asked.
    IUnknown *unknown = nullptr;
    NEED_CODE(S_OK, other->QueryInterface(__uuidof(IUnknown), reinterpret_cast<void **>(&unknown)));
    CHECK_EQUAL(static_cast<void *>(identity), static_cast<void *>(unknown));
    // And from each interface there is a way back.
    IVssBackupComponents *back = nullptr;
    CHECK_CODE(S_OK, other->QueryInterface(__uuidof(IVssBackupComponents), reinterpret_cast<void **>(&back)));
    CHECK_EQUAL(4u, back->Release());
    CHECK_EQUAL(3u, unknown->Release());
    CHECK_EQUAL(2u, other->Release());
}

void check_refuses(IUnknown *object, REFIID iid) {
    void *none = garbage<void *>();
    CHECK_CODE(E_NOINTERFACE, object->QueryInterface(iid, &none));
    CHECK_NULL(none);
}
}  // namespace

void exported_functions() {
    for (const char *name : {
             "CreateVssBackupComponentsInternal", "CreateVssExamineWriterMetadataInternal",
             "IsVolumeSnapshottedInternal", "ShouldBlockRevertInternal", "GetProviderMgmtInterfaceInternal",
             "VssFreeSnapshotPropertiesInternal",
             "IsVolumeSnapshotted", "ShouldBlockRevert", "GetProviderMgmtInterface", "VssFreeSnapshotProperties",
             "?CreateVssExamineWriterMetadata@@YAJPEAGPEAPEAVIVssExamineWriterMetadata@@@Z", "VsslabControl",
         }) {
        CHECK(exported(name) != nullptr);
    }
    load_lab();
    // As programs look it up that were built with the older headers.
    using Create = HRESULT(WINAPI *)(IVssBackupComponents **);
    FARPROC create = exported("?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z");
    NEED(CHECK(create != nullptr));
    Com<IVssBackupComponents> session;
    CHECK_CODE(S_OK, reinterpret_cast<Create>(reinterpret_cast<void *>(create))(session.out()));
    CHECK_CODE(S_OK, session->InitializeForBackup(nullptr));
}

void reference_counts() {
    load_lab();
    Com<IVssBackupComponents> session = create();
    CHECK_EQUAL(2u, session->AddRef());
    CHECK_EQUAL(3u, session->AddRef());
    CHECK_EQUAL(2u, session->Release());
    CHECK_EQUAL(1u, session->Release());
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    Com<IVssAsync> operation;
    NEED_CODE(S_OK, session->GatherWriterMetadata(operation.out()));
    CHECK_EQUAL(std::wstring(L"{\"live-objects\":2}"), control(L"\"live-objects\""));
    CHECK_EQUAL(2u, operation->AddRef());
    CHECK_EQUAL(1u, operation->Release());
    CHECK_EQUAL(0u, operation.release());
    CHECK_EQUAL(std::wstring(L"{\"live-objects\":1}"), control(L"\"live-objects\""));
    CHECK_EQUAL(0u, session.release());
}

void interfaces_of_an_object() {
    load_lab();
    Com<IVssBackupComponents> session = create();
    IUnknown *identity = nullptr;
    NEED_CODE(S_OK, session->QueryInterface(__uuidof(IUnknown), reinterpret_cast<void **>(&identity)));
    check_interface<IVssBackupComponents>(session.get(), identity);
    check_interface<IVssBackupComponentsEx>(session.get(), identity);
    check_interface<IVssBackupComponentsEx2>(session.get(), identity);
    check_interface<IVssBackupComponentsEx3>(session.get(), identity);
    check_interface<IVssBackupComponentsEx4>(session.get(), identity);
    CHECK_EQUAL(1u, identity->Release());
    check_refuses(session.get(), __uuidof(IVssAsync));
    check_refuses(session.get(), __uuidof(IDispatch));
    check_refuses(session.get(), GARBAGE_ID);
    for (size_t at = 0; at < sizeof(IID); at++) {
        check_refuses(session.get(), with_byte_changed(__uuidof(IVssBackupComponentsEx3), at));
    }
    CHECK_CODE(E_POINTER, session->QueryInterface(__uuidof(IUnknown), nullptr));

    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    Com<IVssAsync> operation;
    NEED_CODE(S_OK, session->GatherWriterMetadata(operation.out()));
    Com<IVssAsync> again = as<IVssAsync>(operation);
    CHECK_EQUAL(static_cast<void *>(as<IUnknown>(operation).get()), static_cast<void *>(as<IUnknown>(again).get()));
    check_refuses(operation.get(), __uuidof(IVssBackupComponents));
    CHECK_CODE(E_POINTER, operation->QueryInterface(__uuidof(IUnknown), nullptr));

    // A system that has no LUN resync.
    again.release();
    operation.release();
    session.release();
    load_lab(L"\n[[host]]\nname = \"SRV\"\nos = \"windows-server-2003\"\n");
    session = create();
    check_refuses(session.get(), __uuidof(IVssBackupComponentsEx3));
    check_refuses(session.get(), __uuidof(IVssBackupComponentsEx4));
}

void failures_hand_nothing_out() {
    load_lab();
    Com<IVssBackupComponents> session = create();
    // Not initialised.
    IVssAsync *operation = garbage<IVssAsync *>();
    CHECK_CODE(VSS_E_BAD_STATE, session->GatherWriterMetadata(&operation));
    CHECK_NULL(operation);
    operation = garbage<IVssAsync *>();
    CHECK_CODE(VSS_E_BAD_STATE, session->DoSnapshotSet(&operation));
    CHECK_NULL(operation);
    BSTR text = garbage<BSTR>();
    CHECK_CODE(VSS_E_BAD_STATE, session->SaveAsXML(&text));
    CHECK_NULL(text);
    VSS_ID id = GARBAGE_ID;
    CHECK_CODE(VSS_E_BAD_STATE, session->StartSnapshotSet(&id));
    CHECK_EQUAL(GUID_NULL, id);

    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    VSS_SNAPSHOT_PROP properties;
    memset(&properties, 0xAB, sizeof properties);
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, session->GetSnapshotProperties(GARBAGE_ID, &properties));
    for (VSS_PWSZ string : {properties.m_pwszSnapshotDeviceObject, properties.m_pwszOriginalVolumeName,
                            properties.m_pwszOriginatingMachine, properties.m_pwszServiceMachine,
                            properties.m_pwszExposedName, properties.m_pwszExposedPath}) {
        CHECK_NULL(string);
    }
    VssFreeSnapshotProperties(&properties);

    Com<IVssAsync> gathering;
    NEED_CODE(S_OK, session->GatherWriterMetadata(gathering.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, gathering);
    NEED_CODE(S_OK, session->GatherWriterStatus(gathering.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, gathering);
    VSS_ID writer = GARBAGE_ID;
    VSS_WRITER_STATE state = VSS_WS_STABLE;
    HRESULT failure = 0x5EED;
    text = garbage<BSTR>();
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, session->GetWriterStatus(99, &id, &writer, &text, &state, &failure));
    CHECK_NULL(text);
    Com<IVssBackupComponentsEx3> ex3 = as<IVssBackupComponentsEx3>(session);
    text = garbage<BSTR>();
    BSTR message = garbage<BSTR>();
    HRESULT application = 0x5EED;
    CHECK_CODE(VSS_E_OBJECT_NOT_FOUND,
               ex3->GetWriterStatusEx(99, &id, &writer, &text, &state, &failure, &application, &message));
    CHECK_NULL(text);
    CHECK_NULL(message);
}

void pointers_that_lead_nowhere() {
    load_lab();
    CHECK_CODE(E_INVALIDARG, CreateVssBackupComponents(nullptr));
    Com<IVssBackupComponents> session = create();
    Com<IVssBackupComponentsEx3> ex3 = as<IVssBackupComponentsEx3>(session);
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    CHECK_CODE(E_INVALIDARG, session->GatherWriterMetadata(nullptr));
    CHECK_CODE(E_INVALIDARG, session->GatherWriterStatus(nullptr));
    CHECK_CODE(E_INVALIDARG, session->GetWriterStatusCount(nullptr));
    CHECK_CODE(E_INVALIDARG, session->StartSnapshotSet(nullptr));
    wchar_t volume[] = L"D:\\";
    CHECK_CODE(E_INVALIDARG, session->AddToSnapshotSet(volume, GUID_NULL, nullptr));
    CHECK_CODE(E_INVALIDARG, session->PrepareForBackup(nullptr));
    CHECK_CODE(E_INVALIDARG, session->DoSnapshotSet(nullptr));
    CHECK_CODE(E_INVALIDARG, session->BackupComplete(nullptr));
    CHECK_CODE(E_INVALIDARG, session->SaveAsXML(nullptr));
    CHECK_CODE(E_INVALIDARG, session->GetSnapshotProperties(GARBAGE_ID, nullptr));
    CHECK_CODE(E_INVALIDARG, ex3->RecoverSet(0, nullptr));
    CHECK_CODE(E_INVALIDARG, ex3->GetSessionId(nullptr));

    Com<IVssAsync> gathering;
    NEED_CODE(S_OK, session->GatherWriterMetadata(gathering.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, gathering);
    INT reserved = 0;
    CHECK_CODE(E_INVALIDARG, gathering->QueryStatus(nullptr, &reserved));
    CHECK_CODE(E_INVALIDARG, gathering->QueryStatus(reinterpret_cast<HRESULT *>(0x10), nullptr));
    NEED_CODE(S_OK, session->GatherWriterStatus(gathering.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, gathering);
    VSS_ID instance, writer;
    VSS_WRITER_STATE state;
    HRESULT failure;
    for (int missing = 0; missing < 4; missing++) {
        Bstr name;
        HRESULT code = ex3->GetWriterStatusEx(0, missing == 0 ? nullptr : &instance, missing == 1 ? nullptr : &writer,
                                              missing == 2 ? nullptr : name.out(), missing == 3 ? nullptr : &state,
                                              &failure);
        CHECK_CODE(E_INVALIDARG, code);
        CHECK_NULL(name.get());
    }
}

void an_operation_outlives_its_object() {
    load_lab();
    Com<IVssBackupComponents> session = create();
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    Com<IVssAsync> ended, pending;
    NEED_CODE(S_OK, session->GatherWriterMetadata(ended.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, ended);
    NEED_CODE(S_OK, session->GatherWriterStatus(pending.out()));
    HRESULT status = 0x5EED;
    NEED_CODE(S_OK, pending->QueryStatus(&status, nullptr));
    NEED_CODE(VSS_S_ASYNC_PENDING, status);
    // A wait without patience is none.
    CHECK_CODE(S_OK, pending->Wait(0));
    NEED_CODE(S_OK, pending->QueryStatus(&status, nullptr));
    NEED_CODE(VSS_S_ASYNC_PENDING, status);
    CHECK_EQUAL(0u, session.release());
    CHECK_EQUAL(std::wstring(L"{\"live-objects\":2}"), control(L"\"live-objects\""));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, ended);
    // Nobody is left for whom it could go on.
    ENDS_WITH(VSS_S_ASYNC_CANCELLED, pending);
    CHECK_CODE(VSS_S_ASYNC_CANCELLED, pending->Cancel());
    CHECK_EQUAL(0u, ended.release());
    CHECK_EQUAL(0u, pending.release());
}
