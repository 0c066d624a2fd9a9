// A file-level backup tool: it reads from the shadow copy's device object what the volume held when the set was made.
// VSSLAB_LAB has to name a lab in which D: is backed by the directory D:\.
#include "requester/checks.h"
#include "requester/world.h"

#include <cstdio>
#include <optional>

namespace {
void write_file(const std::wstring &path, const std::string &text) {
    HANDLE file = CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, 0, nullptr);
    NEED(check(file != INVALID_HANDLE_VALUE, __FILE__, __LINE__, "to write " + shown(path), shown(GetLastError())));
    DWORD written = 0;
    CHECK(WriteFile(file, text.data(), static_cast<DWORD>(text.size()), &written, nullptr));
    CloseHandle(file);
}

// What a file holds; nothing if it cannot be opened.
std::optional<std::wstring> read_file(const std::wstring &path) {
    HANDLE file = CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr);
    if (file == INVALID_HANDLE_VALUE) return std::nullopt;
    char bytes[256];
    DWORD read = 0;
    CHECK(ReadFile(file, bytes, sizeof bytes, &read, nullptr));
    CloseHandle(file);
    return std::wstring(bytes, bytes + read);
}

std::wstring held(const std::wstring &path) {
    return read_file(path).value_or(L"(nothing)");
}

std::wstring volume_name(const wchar_t *mount) {
    wchar_t name[64] = {};
    CHECK(GetVolumeNameForVolumeMountPointW(mount, name, 64));
    return name;
}

void a_copy_holds_the_past() {
    write_file(L"D:\\report.txt", "before");
    DeleteFileW(L"D:\\new.txt");
    CreateDirectoryW(L"D:\\deep", nullptr);
    write_file(L"D:\\deep\\notes.txt", "deep before");

    Com<IVssBackupComponents> session = create();
    NEED_CODE(S_OK, session->InitializeForBackup(nullptr));
    NEED_CODE(S_OK, session->SetContext(VSS_CTX_FILE_SHARE_BACKUP));
    VSS_ID set;
    NEED_CODE(S_OK, session->StartSnapshotSet(&set));
    VSS_ID snapshot = add_volume(session, L"D:\\");
    Com<IVssAsync> operation;
    NEED_CODE(S_OK, session->DoSnapshotSet(operation.out()));
    // Even before the operation is waited for.
    write_file(L"D:\\report.txt", "after");
    ENDS_WITH(VSS_S_ASYNC_FINISHED, operation);
    write_file(L"D:\\deep\\notes.txt", "deep after");
    write_file(L"D:\\new.txt", "new");

    VSS_SNAPSHOT_PROP properties;
    NEED_CODE(S_OK, session->GetSnapshotProperties(snapshot, &properties));
    std::wstring device = properties.m_pwszSnapshotDeviceObject;
    CHECK_EQUAL(volume_name(L"D:\\"), std::wstring(properties.m_pwszOriginalVolumeName));
    VssFreeSnapshotProperties(&properties);

    CHECK_EQUAL(std::wstring(L"before"), held(device + L"\\report.txt"));
    CHECK_EQUAL(std::wstring(L"deep before"), held(device + L"\\deep\\notes.txt"));
    CHECK(!read_file(device + L"\\new.txt"));
    CHECK_EQUAL(std::wstring(L"after"), held(L"D:\\report.txt"));

    // The context's copies go with their object; what they are of stays.
    operation.release();
    CHECK_EQUAL(0UL, session.release());
    CHECK(!read_file(device + L"\\report.txt"));
    CHECK_EQUAL(std::wstring(L"after"), held(L"D:\\report.txt"));
    CHECK_EQUAL(std::wstring(L"deep after"), held(L"D:\\deep\\notes.txt"));
}
}  // namespace

int main() {
    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    begin_scenario("a_copy_holds_the_past");
    try {
        a_copy_holds_the_past();
    } catch (const CannotGoOn &) {
        check(false, __FILE__, __LINE__, "every check to be made", "a failure before some of them");
    }
    Counts made = counts();
    std::printf("%ld checks, %ld failed\n", made.checks, made.failures);
    return made.failures == 0 ? 0 : 1;
}
