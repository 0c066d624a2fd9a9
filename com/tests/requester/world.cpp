#include "world.h"

namespace {
// Behind the boot sector of a volume.
const std::wstring DATA = L"1048576";

const wchar_t *LAB = LR"(base = "default"
name = "requester"

[[provider]]
name = "Array Provider"
id = "01234567-89ab-cdef-0f1e-2d3c4b5a6978"

[[lun]]
name = "data-d"
array = "san"
size = "1 GiB"
signature = "10213243-5465-7687-98a9-bacbdcedfe0f"

[[lun]]
name = "data-f"
array = "san"
size = "1 GiB"
style = "mbr"
signature = "0xA1B2C3D4"

[[lun]]
name = "spare"
array = "san"
size = "1 GiB"
signature = "f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f"

[[lun]]
name = "spare-mbr"
array = "san"
size = "1 GiB"
style = "mbr"
signature = "0x11223344"

[[volume]]
mount = ['M:\']
luns = ["spare-mbr"]
)";

using Control = HRESULT(WINAPI *)(LPCWSTR request, BSTR *response);
}  // namespace

FARPROC exported(const char *name) {
    HMODULE dll = GetModuleHandleW(L"vssapi.dll");
    NEED(CHECK(dll != nullptr));
    FARPROC function = GetProcAddress(dll, name);
    check(function != nullptr, __FILE__, __LINE__, std::string("an export named ") + name, "none");
    return function;
}

std::wstring control(const std::wstring &request) {
    static FARPROC function = exported("VsslabControl");
    NEED(CHECK(function != nullptr));
    Bstr response;
    HRESULT code = reinterpret_cast<Control>(reinterpret_cast<void *>(function))(request.c_str(), response.out());
    NEED(check(code == S_OK && response.get(), __FILE__, __LINE__, "S_OK to " + shown(request),
               shown_code(code) + " " + shown(response.text())));
    return response.text();
}

void must_do(const std::wstring &request) {
    NEED(CHECK_EQUAL(std::wstring(L"\"done\""), control(request)));
}

std::wstring json(const std::wstring &text) {
    std::wstring quoted = L"\"";
    for (wchar_t unit : text) {
        if (unit == L'\n') {
            quoted += L"\\n";
            continue;
        }
        if (unit == L'"' || unit == L'\\') quoted += L'\\';
        quoted += unit;
    }
    return quoted + L'"';
}

void load_lab(const std::wstring &changes) {
    must_do(L"{\"load\":{\"toml\":" + json(LAB + changes) + L"}}");
}

namespace {
std::wstring array_of(const std::string &text) {
    std::wstring numbers = L"[";
    for (size_t at = 0; at < text.size(); at++) {
        numbers += (at ? L"," : L"") + std::to_wstring(static_cast<unsigned char>(text[at]));
    }
    return numbers + L"]";
}

// What is in `{"answer":{KIND:...}}`.
std::wstring answer(const std::wstring &question, const std::wstring &kind) {
    std::wstring response = control(L"{\"ask\":" + question + L"}");
    std::wstring start = L"{\"answer\":{\"" + kind + L"\":";
    bool fits = response.size() > start.size() + 2 && response.compare(0, start.size(), start) == 0;
    NEED(check(fits, __FILE__, __LINE__, shown(start), shown(response)));
    return response.substr(start.size(), response.size() - start.size() - 2);
}
}  // namespace

void write(const std::wstring &volume, const std::string &text) {
    must_do(L"{\"act\":{\"write-volume\":{\"volume\":" + json(volume) + L",\"offset\":" + DATA + L",\"bytes\":" +
            array_of(text) + L"}}}");
}

std::wstring bytes_of(const std::wstring &volume, size_t count) {
    return answer(L"{\"read-volume\":{\"volume\":" + json(volume) + L",\"offset\":" + DATA + L",\"length\":" +
                      std::to_wstring(count) + L"}}",
                  L"bytes");
}

std::wstring bytes_of(const std::string &text) {
    return array_of(text);
}

std::wstring signature_under(const std::wstring &volume) {
    return answer(L"{\"volume-signature\":{\"volume\":" + json(volume) + L"}}", L"signature");
}

std::wstring signature_of_lun(const std::wstring &lun) {
    return answer(L"{\"lun-signature\":{\"lun\":" + json(lun) + L"}}", L"signature");
}

std::wstring all_luns() {
    return answer(L"\"luns\"", L"luns");
}

void mask(const std::wstring &lun) {
    must_do(L"{\"act\":{\"mask-lun\":{\"lun\":" + json(lun) + L"}}}");
}

void fault_in_resync(const std::wstring &cause) {
    must_do(L"{\"act\":{\"fault\":{\"call\":\"ResyncLuns\",\"cause\":" + cause + L"}}}");
}

Com<IVssBackupComponents> create() {
    Com<IVssBackupComponents> session;
    NEED_CODE(S_OK, CreateVssBackupComponents(session.out()));
    NEED(CHECK(session.get() != nullptr));
    return session;
}

void ends_with(Com<IVssAsync> &operation, HRESULT status, const char *file, int line) {
    HRESULT waited = operation->Wait(INFINITE);
    bool may_fail = FAILED(status) && waited == status;
    check(waited == S_OK || may_fail, file, line, "S_OK of `Wait`", shown_code(waited));
    HRESULT ended = 0x5EED;
    INT reserved = 7;
    check_code(S_OK, operation->QueryStatus(&ended, &reserved), "S_OK", "QueryStatus", file, line);
    NEED(check_code(status, ended, "an operation that ends with", "QueryStatus", file, line));
}

std::wstring document_of(const Com<IVssBackupComponents> &session) {
    Bstr document;
    NEED_CODE(S_OK, session->SaveAsXML(document.out()));
    NEED(CHECK(SysStringLen(document.get()) > 0));
    return document.text();
}

VSS_ID add_volume(const Com<IVssBackupComponents> &session, const std::wstring &volume) {
    std::wstring name = volume;
    VSS_ID snapshot = GUID_NULL;
    NEED_CODE(S_OK, session->AddToSnapshotSet(name.data(), GUID_NULL, &snapshot));
    CHECK(!IsEqualGUID(snapshot, GUID_NULL));
    return snapshot;
}

Backup back_up(const std::vector<std::wstring> &volumes) {
    Backup backup;
    backup.session = create();
    NEED_CODE(S_OK, backup.session->InitializeForBackup(nullptr));
    NEED_CODE(S_OK, backup.session->SetContext(VSS_CTX_NAS_ROLLBACK));
    VSS_ID set = GUID_NULL;
    NEED_CODE(S_OK, backup.session->StartSnapshotSet(&set));
    for (const std::wstring &volume : volumes) backup.snapshots.push_back(add_volume(backup.session, volume));
    Com<IVssAsync> creation;
    NEED_CODE(S_OK, backup.session->DoSnapshotSet(creation.out()));
    ENDS_WITH(VSS_S_ASYNC_FINISHED, creation);
    backup.document = document_of(backup.session);
    return backup;
}

Com<IVssBackupComponentsEx3> load_for_restore(const std::wstring &document) {
    Com<IVssBackupComponents> session = create();
    {
        Bstr lent(document);
        NEED_CODE(S_OK, session->InitializeForRestore(lent.get()));
        // Only lent: whatever becomes of it is no concern of the object's.
        for (UINT at = 0; at < SysStringLen(lent.get()); at++) lent.get()[at] = L'?';
    }
    return as<IVssBackupComponentsEx3>(session);
}
