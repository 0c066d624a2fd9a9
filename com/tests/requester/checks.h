// Checks that are counted. One that fails prints `file:line: what was expected, what came`.
#pragma once

#include <windows.h>

#include <objbase.h>
#include <oleauto.h>

#include <string>
#include <type_traits>

// What comes next makes no sense: the rest of the scenario is left out, and counts as failed.
struct CannotGoOn {};

// The walk that is under way, named in every failure.
void begin_scenario(const char *name);

// Counts a check; a failed one is printed. Any thread may check. Answers `holds`.
bool check(bool holds, const char *file, int line, const std::string &expected, const std::string &came);

struct Counts {
    long checks;
    long failures;
};
Counts counts();

// Values as a failure shows them.
std::string shown(const std::wstring &text);
std::string shown(const GUID &id);
std::string shown(const void *pointer);
std::string shown_code(HRESULT code);

template <class N, class = std::enable_if_t<std::is_arithmetic_v<N> || std::is_enum_v<N>>>
std::string shown(N number) {
    return std::to_string(static_cast<long long>(number));
}

inline bool same(const GUID &one, const GUID &other) {
    return IsEqualGUID(one, other);
}

template <class One, class Other>
bool same(const One &one, const Other &other) {
    return one == other;
}

inline bool check_code(HRESULT expected, HRESULT came, const char *name, const char *call, const char *file,
                       int line) {
    std::string wanted = std::string(name) + " (" + shown_code(expected) + ") of `" + call + "`";
    return check(expected == came, file, line, wanted, shown_code(came));
}

template <class Expected, class Came>
bool check_equal(const Expected &expected, const Came &came, const char *what, const char *file, int line) {
    return check(same(came, expected), file, line, shown(expected) + " as `" + what + "`", shown(came));
}

#define CHECK(condition) check((condition), __FILE__, __LINE__, "that `" #condition "`", "the opposite")
#define CHECK_CODE(expected, call) check_code((expected), (call), #expected, #call, __FILE__, __LINE__)
#define CHECK_EQUAL(expected, came) check_equal((expected), (came), #came, __FILE__, __LINE__)
#define CHECK_NULL(pointer)                                                                                            \
    check_equal(static_cast<const void *>(nullptr), static_cast<const void *>(pointer), #pointer, __FILE__, __LINE__)

// A check without which the rest of the scenario cannot be made.
#define NEED(checked)                                                                                                  \
    do {                                                                                                               \
        if (!(checked)) throw CannotGoOn{};                                                                            \
    } while (false)
#define NEED_CODE(expected, call) NEED(check_code((expected), (call), #expected, #call, __FILE__, __LINE__))

// A reference to a COM object, released at the end.
template <class Interface>
class Com {
public:
    Com() = default;
    Com(Com &&other) noexcept : object(other.object) { other.object = nullptr; }
    Com &operator=(Com &&other) noexcept {
        std::swap(object, other.object);
        return *this;
    }
    ~Com() { release(); }

    // The place for a method to write the reference to.
    Interface **out() {
        release();
        return &object;
    }
    void **out_void() { return reinterpret_cast<void **>(out()); }

    Interface *get() const { return object; }
    Interface *operator->() const {
        NEED(check(object != nullptr, __FILE__, __LINE__, "an object", "a null pointer"));
        return object;
    }

    // Gives the reference back at once. Answers how many are left.
    ULONG release() {
        Interface *mine = object;
        object = nullptr;
        return mine ? mine->Release() : 0;
    }

private:
    Interface *object = nullptr;
};

// A string that SysAllocString made, freed at the end.
class Bstr {
public:
    Bstr() = default;
    explicit Bstr(const std::wstring &text) : string(SysAllocStringLen(text.data(), static_cast<UINT>(text.size()))) {}
    Bstr(const Bstr &) = delete;
    ~Bstr() { SysFreeString(string); }

    BSTR *out() {
        SysFreeString(string);
        string = nullptr;
        return &string;
    }
    BSTR get() const { return string; }
    std::wstring text() const { return string ? std::wstring(string, SysStringLen(string)) : std::wstring(); }

private:
    BSTR string = nullptr;
};

// What an out-parameter holds before a call: no null, no zero, no object.
template <class Pointer>
Pointer garbage() {
    return reinterpret_cast<Pointer>(static_cast<UINT_PTR>(0xDEADBEEF00000BAD));
}
const GUID GARBAGE_ID = {0xDEADBEEF, 0xBAAD, 0xF00D, {1, 2, 3, 4, 5, 6, 7, 8}};

// The same id with one byte changed.
inline GUID with_byte_changed(const GUID &id, size_t at) {
    GUID other = id;
    reinterpret_cast<BYTE *>(&other)[at] ^= 0x40;
    return other;
}
