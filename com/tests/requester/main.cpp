// A requester in C++ on the headers of mingw-w64. It tells by its exit code whether the `vssapi.dll` beside it is what
// these headers say: 0, every check holds; 1, some do not; 3, it crashed.
#include "scenarios.h"
#include "world.h"

#include <cstdio>
#include <exception>

namespace {
struct Scenario {
    const char *name;
    void (*walk)();
};

#define SCENARIO(function) {#function, function}
const Scenario SCENARIOS[] = {
    SCENARIO(exported_functions),
    SCENARIO(backup_of_two_volumes),
    SCENARIO(a_writer_that_fails),
    SCENARIO(refused_calls),
    SCENARIO(resync_keeps_signatures),
    SCENARIO(resync_reverts_signatures),
    SCENARIO(resync_of_two_volumes),
    SCENARIO(resync_checks_other_volumes),
    SCENARIO(resync_that_fails),
    SCENARIO(resync_that_is_refused),
    SCENARIO(copies_are_listed),
    SCENARIO(copies_are_exposed),
    SCENARIO(copies_are_deleted),
    SCENARIO(a_set_is_imported_and_broken),
    SCENARIO(a_volume_is_reverted),
    SCENARIO(volumes_are_asked_about),
    SCENARIO(reference_counts),
    SCENARIO(interfaces_of_an_object),
    SCENARIO(failures_hand_nothing_out),
    SCENARIO(pointers_that_lead_nowhere),
    SCENARIO(ids_by_value),
    SCENARIO(bools_of_one_byte),
    SCENARIO(methods_that_are_not_carried_out),
    SCENARIO(an_operation_outlives_its_object),
    SCENARIO(objects_of_many_threads),
    SCENARIO(one_object_of_many_threads),
    SCENARIO(one_snapshot_set_at_a_time),
    SCENARIO(memory_is_given_back),
};

// No window, no debugger: a line, and an exit code of its own.
LONG WINAPI crashed(EXCEPTION_POINTERS *exception) {
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    check(false, __FILE__, __LINE__, "no crash", shown_code(static_cast<HRESULT>(record->ExceptionCode)));
    TerminateProcess(GetCurrentProcess(), 3);
    return EXCEPTION_EXECUTE_HANDLER;
}

void walk(const Scenario &scenario) {
    begin_scenario(scenario.name);
    try {
        scenario.walk();
    } catch (const CannotGoOn &) {
        check(false, __FILE__, __LINE__, "every check of the scenario to be made", "a failure before some of them");
    } catch (const std::exception &error) {
        check(false, __FILE__, __LINE__, "no exception", error.what());
    }
    try {
        CHECK_EQUAL(std::wstring(L"{\"live-objects\":0}"), control(L"\"live-objects\""));
    } catch (const CannotGoOn &) {
    }
}
}  // namespace

int main() {
    SetUnhandledExceptionFilter(crashed);
    if (!CHECK_CODE(S_OK, CoInitializeEx(nullptr, COINIT_MULTITHREADED))) return 1;
    for (const Scenario &scenario : SCENARIOS) walk(scenario);
    CoUninitialize();
    Counts made = counts();
    std::printf("%ld checks, %ld failed\n", made.checks, made.failures);
    return made.failures == 0 ? 0 : 1;
}
