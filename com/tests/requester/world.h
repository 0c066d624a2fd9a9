// The machine room behind the DLL, asked through `VsslabControl`, and the requester's usual ways through it.
#pragma once

#include "checks.h"

#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <vsserror.h>

#include <string>
#include <vector>

// ---- The DLL ----

// An exported function; fails if there is none.
FARPROC exported(const char *name);

// What the DLL answers to a request in JSON.
std::wstring control(const std::wstring &request);
// Something that has to be possible: the answer is `"done"`.
void must_do(const std::wstring &request);

// ---- The lab ----

// Loads the lab of these tests: the default one with ids and signatures that are known here.
void load_lab(const std::wstring &changes = L"");

const GUID PROVIDER = {0x01234567, 0x89AB, 0xCDEF, {0x0F, 0x1E, 0x2D, 0x3C, 0x4B, 0x5A, 0x69, 0x78}};
// As answers show them.
const std::wstring GPT_OF_D = L"{\"gpt\":\"10213243-5465-7687-98a9-bacbdcedfe0f\"}";
const std::wstring GPT_OF_SPARE = L"{\"gpt\":\"f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f\"}";
const std::wstring MBR_OF_F = L"{\"mbr\":2712847316}";         // 0xA1B2C3D4
const std::wstring MBR_OF_SPARE = L"{\"mbr\":287454020}";      // 0x11223344

// A text as JSON.
std::wstring json(const std::wstring &text);
void write(const std::wstring &volume, const std::string &text);
// Contents well behind the boot sector, as an answer shows them.
std::wstring bytes_of(const std::wstring &volume, size_t count);
std::wstring bytes_of(const std::string &text);
std::wstring signature_under(const std::wstring &volume);
std::wstring signature_of_lun(const std::wstring &lun);
std::wstring all_luns();
void mask(const std::wstring &lun);
// Something goes wrong in the next resync.
void fault_in_resync(const std::wstring &cause);

#define CHECK_HOLDS(volume, text) CHECK_EQUAL(bytes_of(std::string(text)), bytes_of((volume), std::string(text).size()))

// ---- The requester ----

Com<IVssBackupComponents> create();

// The same object by another interface.
template <class To, class From>
Com<To> as(const Com<From> &object) {
    Com<To> other;
    NEED_CODE(S_OK, object->QueryInterface(__uuidof(To), other.out_void()));
    return other;
}

// The operation ends with that status. A failure may come from `Wait` too: both are documented.
void ends_with(Com<IVssAsync> &operation, HRESULT status, const char *file, int line);
#define ENDS_WITH(status, operation) ends_with((operation), (status), __FILE__, __LINE__)

struct Backup {
    Com<IVssBackupComponents> session;
    std::vector<VSS_ID> snapshots;
    std::wstring document;
};

std::wstring document_of(const Com<IVssBackupComponents> &session);
VSS_ID add_volume(const Com<IVssBackupComponents> &session, const std::wstring &volume);
// A persistent backup without writers: enough for what is restored by block.
Backup back_up(const std::vector<std::wstring> &volumes);
// A second object that has loaded the document.
Com<IVssBackupComponentsEx3> load_for_restore(const std::wstring &document);
