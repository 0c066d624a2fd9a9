// Many calls: from many threads at once, and so many that lost memory would show.
#include "scenarios.h"
#include "world.h"

#include <exception>

// Lets SysFreeString free at once; mingw's headers lack it.
extern "C" __declspec(dllimport) void WINAPI SetOaNoCache();

namespace {
const int THREADS = 32;
const int ROUNDS = 10'000;

struct Work {
    void (*work)(int number, void *shared);
    int number;
    void *shared;
};

DWORD WINAPI run(void *parameter) {
    const Work *work = static_cast<const Work *>(parameter);
    CHECK_CODE(S_OK, CoInitializeEx(nullptr, COINIT_MULTITHREADED));
    try {
        work->work(work->number, work->shared);
    } catch (const CannotGoOn &) {
        check(false, __FILE__, __LINE__, "every check of the thread to be made", "a failure before some of them");
    } catch (const std::exception &error) {
        check(false, __FILE__, __LINE__, "no exception", error.what());
    }
    CoUninitialize();
    return 0;
}

// The same on every thread, begun as nearly at once as can be; comes back when all of them have ended.
void on_every_thread(void (*work)(int number, void *shared), void *shared) {
    std::vector<Work> all(THREADS);
    std::vector<HANDLE> threads;
    for (int number = 0; number < THREADS; number++) {
        all[number] = {work, number, shared};
        HANDLE thread = CreateThread(nullptr, 0, run, &all[number], CREATE_SUSPENDED, nullptr);
        if (CHECK(thread != nullptr)) threads.push_back(thread);
    }
    for (HANDLE thread : threads) ResumeThread(thread);
    DWORD waited = WaitForMultipleObjects(static_cast<DWORD>(threads.size()), threads.data(), TRUE, 60'000);
    if (!CHECK_EQUAL(WAIT_OBJECT_0, waited)) TerminateProcess(GetCurrentProcess(), 4);  // their stacks must not go
    for (HANDLE thread : threads) CloseHandle(thread);
}

struct Ids {
    VSS_ID ids[THREADS];
};

void backup_without_copies(int number, void *shared) {
    for (int round = 0; round < 5; round++) {
        Com<IVssBackupComponents> session = create();
        NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
        NEED_CODE(S_OK, session->SetBackupState(number % 2 == 0, false, VSS_BT_FULL, false));
        NEED_CODE(S_OK, as<IVssBackupComponentsEx3>(session)->GetSessionId(&static_cast<Ids *>(shared)->ids[number]));
        Com<IVssAsync> gathering;
        NEED_CODE(S_OK, session->GatherWriterMetadata(gathering.out()));
        ENDS_WITH(VSS_S_ASYNC_FINISHED, gathering);
        const wchar_t *expected = number % 2 == 0 ? L"selectComponents=\"yes\"" : L"selectComponents=\"no\"";
        CHECK(document_of(session).find(expected) != std::wstring::npos);
    }
}

struct Shared {
    IVssBackupComponents *session;
    VSS_ID id;
    std::wstring document;
};

void calls_on_one_object(int, void *shared) {
    Shared *with_others = static_cast<Shared *>(shared);
    for (int round = 0; round < 50; round++) {
        Com<IVssBackupComponentsEx3> ex3;
        NEED_CODE(S_OK, with_others->session->QueryInterface(__uuidof(IVssBackupComponentsEx3), ex3.out_void()));
        VSS_ID id = GUID_NULL;
        CHECK_CODE(S_OK, ex3->GetSessionId(&id));
        CHECK_EQUAL(with_others->id, id);
        Bstr document;
        CHECK_CODE(S_OK, ex3->SaveAsXML(document.out()));
        CHECK_EQUAL(with_others->document, document.text());
        VSS_SNAPSHOT_PROP properties;
        CHECK_CODE(VSS_E_OBJECT_NOT_FOUND, ex3->GetSnapshotProperties(GARBAGE_ID, &properties));
    }
}

// Of all that ask at once one gets the set; the others are told that there is one.
void set_or_refusal(int, void *shared) {
    Com<IVssBackupComponents> session = create();
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    NEED_CODE(S_OK, session->SetContext(VSS_CTX_NAS_ROLLBACK));
    VSS_ID set = GUID_NULL;
    HRESULT code = session->StartSnapshotSet(&set);
    if (code != S_OK) {
        CHECK_CODE(VSS_E_SNAPSHOT_SET_IN_PROGRESS, code);
        CHECK_EQUAL(GUID_NULL, set);
        return;
    }
    InterlockedIncrement(static_cast<volatile LONG *>(shared));
    add_volume(session, L"D:\\");
    Com<IVssAsync> creation;
    NEED_CODE(S_OK, session->DoSnapshotSet(creation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, creation);
}

// Counts what CoTaskMemAlloc gave and CoTaskMemFree did not get back: strings of structures, and with them BSTRs.
class Spy final : public IMallocSpy {
public:
    volatile LONG live = 0;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **object) override {
        bool known = IsEqualIID(iid, __uuidof(IUnknown)) || IsEqualIID(iid, __uuidof(IMallocSpy));
        *object = known ? this : nullptr;
        return known ? S_OK : E_NOINTERFACE;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return 2; }
    ULONG STDMETHODCALLTYPE Release() override { return 1; }
    SIZE_T STDMETHODCALLTYPE PreAlloc(SIZE_T bytes) override { return bytes; }
    void *STDMETHODCALLTYPE PostAlloc(void *memory) override {
        if (memory) InterlockedIncrement(&live);
        return memory;
    }
    void *STDMETHODCALLTYPE PreFree(void *memory, WINBOOL) override {
        if (memory) InterlockedDecrement(&live);
        return memory;
    }
    void STDMETHODCALLTYPE PostFree(WINBOOL) override {}
    SIZE_T STDMETHODCALLTYPE PreRealloc(void *memory, SIZE_T bytes, void **now, WINBOOL) override {
        *now = memory;
        return bytes;
    }
    void *STDMETHODCALLTYPE PostRealloc(void *memory, WINBOOL) override { return memory; }
    void *STDMETHODCALLTYPE PreGetSize(void *memory, WINBOOL) override { return memory; }
    SIZE_T STDMETHODCALLTYPE PostGetSize(SIZE_T bytes, WINBOOL) override { return bytes; }
    void *STDMETHODCALLTYPE PreDidAlloc(void *memory, WINBOOL) override { return memory; }
    int STDMETHODCALLTYPE PostDidAlloc(void *, WINBOOL, int actual) override { return actual; }
    void STDMETHODCALLTYPE PreHeapMinimize() override {}
    void STDMETHODCALLTYPE PostHeapMinimize() override {}
};

// The bytes in use of the process's heap, from which the DLL takes its own memory too.
size_t heap_in_use() {
    HANDLE heap = GetProcessHeap();
    NEED(CHECK(HeapLock(heap)));
    size_t bytes = 0;
    PROCESS_HEAP_ENTRY entry = {};
    while (HeapWalk(heap, &entry)) {
        if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) bytes += entry.cbData;
    }
    DWORD end = GetLastError();
    HeapUnlock(heap);
    NEED(CHECK_EQUAL(static_cast<DWORD>(ERROR_NO_MORE_ITEMS), end));
    NEED(CHECK(bytes > 0));
    return bytes;
}

// What a call hands out, and what it hands out when it fails.
void round(const VSS_ID &snapshot, const Com<IVssBackupComponents> &with_snapshot) {
    Com<IVssBackupComponents> session;
    VSS_SNAPSHOT_PROP properties;
    Bstr document;
    bool fine = CreateVssBackupComponents(session.out()) == S_OK && session->InitializeForBackup(nullptr) == S_OK &&
                session->SaveAsXML(document.out()) == S_OK &&
                session->InitializeForBackup(nullptr) == VSS_E_BAD_STATE &&
                with_snapshot->GetSnapshotProperties(GARBAGE_ID, &properties) == VSS_E_OBJECT_NOT_FOUND &&
                with_snapshot->GetSnapshotProperties(snapshot, &properties) == S_OK;
    NEED(fine || CHECK(fine));
    VssFreeSnapshotProperties(&properties);
}
}  // namespace

void objects_of_many_threads() {
    load_lab();
    Ids sessions = {};
    on_every_thread(backup_without_copies, &sessions);
    for (int one = 0; one < THREADS; one++) {
        for (int other = 0; other < one; other++) CHECK(!IsEqualGUID(sessions.ids[one], sessions.ids[other]));
    }
}

void one_object_of_many_threads() {
    load_lab();
    Com<IVssBackupComponents> session = create();
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    Shared shared = {session.get(), GUID_NULL, document_of(session)};
    NEED_CODE(S_OK, as<IVssBackupComponentsEx3>(session)->GetSessionId(&shared.id));
    on_every_thread(calls_on_one_object, &shared);
    CHECK_EQUAL(0u, session.release());
}

void one_snapshot_set_at_a_time() {
    load_lab();
    volatile LONG sets = 0;
    on_every_thread(set_or_refusal, const_cast<LONG *>(&sets));
    CHECK(sets >= 1);
}

void memory_is_given_back() {
    load_lab();
    Backup backup = back_up({L"D:\\"});
    static Spy spy;
    SetOaNoCache();
    NEED_CODE(S_OK, CoRegisterMallocSpy(&spy));
    // That the spy sees both kinds of strings.
    LONG before = spy.live;
    CoTaskMemFree(CoTaskMemAlloc(8));
    void *memory = CoTaskMemAlloc(8);
    CHECK_EQUAL(before + 1, spy.live);
    BSTR string = SysAllocString(L"seen");
    CHECK_EQUAL(before + 2, spy.live);
    SysFreeString(string);
    CoTaskMemFree(memory);
    VSS_SNAPSHOT_PROP properties;
    NEED_CODE(S_OK, backup.session->GetSnapshotProperties(backup.snapshots[0], &properties));
    CHECK_EQUAL(before + 4, spy.live);  // device, volume and two machines
    VssFreeSnapshotProperties(&properties);
    CHECK_EQUAL(before, spy.live);

    // That the heap shows what is lost.
    size_t unused = heap_in_use();
    void *lost[ROUNDS / 10];
    for (void *&block : lost) block = HeapAlloc(GetProcessHeap(), 0, 64);
    size_t with_lost = heap_in_use();
    CHECK(with_lost - unused >= sizeof lost / sizeof *lost * 64);
    for (void *block : lost) HeapFree(GetProcessHeap(), 0, block);
    CHECK_EQUAL(unused, heap_in_use());

    for (int warming = 0; warming < ROUNDS / 10; warming++) round(backup.snapshots[0], backup.session);
    size_t in_use = heap_in_use();
    for (int at = 0; at < ROUNDS; at++) round(backup.snapshots[0], backup.session);
    CHECK_EQUAL(before, spy.live);
    size_t more = heap_in_use() - in_use;
    // Less than one lost byte in each round; the simulator's own books may move to a larger place.
    bool kept = more < ROUNDS || more > SIZE_MAX / 2;
    check(kept, __FILE__, __LINE__, "no lost memory", std::to_string(more) + " bytes more");
    CHECK_CODE(S_OK, CoRevokeMallocSpy());
}
