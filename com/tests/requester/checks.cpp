#include "checks.h"

#include <cstdio>

namespace {
volatile LONG checks_made = 0;
volatile LONG checks_failed = 0;
const char *scenario = "the start";

const char *base_name(const char *path) {
    const char *name = path;
    for (const char *at = path; *at; at++) {
        if (*at == '/' || *at == '\\') name = at + 1;
    }
    return name;
}
}  // namespace

void begin_scenario(const char *name) {
    scenario = name;
}

bool check(bool holds, const char *file, int line, const std::string &expected, const std::string &came) {
    InterlockedIncrement(&checks_made);
    if (!holds) {
        InterlockedIncrement(&checks_failed);
        std::printf("%s:%d: expected %s, came %s (%s)\n", base_name(file), line, expected.c_str(), came.c_str(),
                    scenario);
        std::fflush(stdout);
    }
    return holds;
}

Counts counts() {
    return {checks_made, checks_failed};
}

std::string shown(const std::wstring &text) {
    int units = static_cast<int>(text.size());
    int length = WideCharToMultiByte(CP_UTF8, 0, text.data(), units, nullptr, 0, nullptr, nullptr);
    std::string narrow(static_cast<size_t>(length), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text.data(), units, narrow.data(), length, nullptr, nullptr);
    return '"' + narrow + '"';
}

std::string shown(const GUID &id) {
    wchar_t text[40] = {};
    StringFromGUID2(id, text, 40);
    return shown(std::wstring(text));
}

std::string shown(const void *pointer) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llX", static_cast<unsigned long long>(reinterpret_cast<UINT_PTR>(pointer)));
    return text;
}

std::string shown_code(HRESULT code) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08lX", static_cast<unsigned long>(code));
    return text;
}
