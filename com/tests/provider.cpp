// A hardware provider in C++, on headers that we did not write: the least that makes shadow copies, imports and resyncs
// LUNs of the simulated array. Its second class hands out memory that VSS cannot free.
#define INITGUID
#include <windows.h>
#include <vss.h>
#include <vsprov.h>
#include <vdslun.h>

#include <cstring>
#include <map>
#include <vector>

#include "vsslab_provider.h"

// {7673736c-0c1a-4550-8000-0000000000c0}, and the one whose strings come from the C runtime.
DEFINE_GUID(CLSID_Sound, 0x7673736c, 0x0c1a, 0x4550, 0x80, 0, 0, 0, 0, 0, 0, 0xc0);
DEFINE_GUID(CLSID_Mallocs, 0x7673736c, 0x0c1a, 0x4550, 0x80, 0, 0, 0, 0, 0, 0, 0xc1);

namespace {

LONG g_live;

const HRESULT VETO = (HRESULT)0x80042306L;
const HRESULT NOT_FOUND = (HRESULT)0x80042308L;
const HRESULT NOT_SUPPORTED = (HRESULT)0x8004230EL;
const HRESULT NO_CLASS = (HRESULT)0x80040111L;
const HRESULT FINISHED = 0x0004230AL;
const HRESULT NO_STORAGE = (HRESULT)0x8004231FL;
const LONG MASK_LUNS = 0x800;
const LONG DIFFERENTIAL = 0x20000;
const VSS_ID NO_SET = {};

template <class Base> class Counted : public Base {
public:
    Counted() { InterlockedIncrement(&g_live); }
    virtual ~Counted() { InterlockedDecrement(&g_live); }
    STDMETHODIMP_(ULONG) AddRef() override { return InterlockedIncrement(&m_references); }
    STDMETHODIMP_(ULONG) Release() override
    {
        ULONG left = InterlockedDecrement(&m_references);
        if (left == 0)
            delete this;
        return left;
    }

private:
    LONG m_references = 1;
};

// The array has copied already when the object is handed out.
class Done : public Counted<IVssAsync> {
public:
    explicit Done(HRESULT result) : m_result(result) {}
    STDMETHODIMP QueryInterface(REFIID iid, void **ppv) override
    {
        bool known = iid == IID_IUnknown || iid == IID_IVssAsync;
        *ppv = known ? this : nullptr;
        if (known)
            AddRef();
        return known ? S_OK : E_NOINTERFACE;
    }
    STDMETHODIMP Cancel() override { return m_result; }
    STDMETHODIMP Wait(DWORD) override { return S_OK; }
    STDMETHODIMP QueryStatus(HRESULT *status, INT *reserved) override
    {
        if (!status)
            return E_INVALIDARG;
        *status = m_result;
        if (reserved)
            *reserved = 0;
        return S_OK;
    }

private:
    HRESULT m_result;
};

void free_lun(VDS_LUN_INFORMATION &lun)
{
    for (char *text : {lun.m_szVendorId, lun.m_szProductId, lun.m_szProductRevision, lun.m_szSerialNumber})
        CoTaskMemFree(text);
    for (ULONG at = 0; at < lun.m_deviceIdDescriptor.m_cIdentifiers; at++)
        CoTaskMemFree(lun.m_deviceIdDescriptor.m_rgIdentifiers[at].m_rgbIdentifier);
    CoTaskMemFree(lun.m_deviceIdDescriptor.m_rgIdentifiers);
}

struct Interfaces : IVssHardwareSnapshotProviderEx, IVssProviderCreateSnapshotSet, IVssProviderNotifications {};

class Provider : public Counted<Interfaces> {
public:
    explicit Provider(bool mallocs) : m_mallocs(mallocs) {}
    ~Provider() { unload(); }

    STDMETHODIMP QueryInterface(REFIID iid, void **ppv) override
    {
        *ppv = nullptr;
        if (iid == IID_IUnknown || iid == IID_IVssHardwareSnapshotProvider ||
            iid == IID_IVssHardwareSnapshotProviderEx)
            *ppv = static_cast<IVssHardwareSnapshotProviderEx *>(this);
        else if (iid == IID_IVssProviderCreateSnapshotSet)
            *ppv = static_cast<IVssProviderCreateSnapshotSet *>(this);
        else if (iid == IID_IVssProviderNotifications)
            *ppv = static_cast<IVssProviderNotifications *>(this);
        if (*ppv)
            AddRef();
        return *ppv ? S_OK : E_NOINTERFACE;
    }

    STDMETHODIMP OnLoad(IUnknown *callback) override
    {
        unload();
        if (callback)
            callback->QueryInterface(IID_IVsslabArray, reinterpret_cast<void **>(&m_array));
        HRESULT result = m_array ? m_array->Check() : S_OK;
        return FAILED(result) ? refused(result) : S_OK;
    }

    STDMETHODIMP OnUnload(BOOL) override
    {
        drop();
        unload();
        return S_OK;
    }

    STDMETHODIMP AreLunsSupported(LONG count, LONG, VSS_PWSZ *, VDS_LUN_INFORMATION *luns, BOOL *supported) override
    {
        if (!supported || !luns || count <= 0)
            return E_INVALIDARG;
        std::vector<ULONG> found;
        HRESULT result = find(count, luns, found);
        *supported = result == S_OK;
        return FAILED(result) ? result : S_OK;
    }

    STDMETHODIMP FillInLunInfo(VSS_PWSZ, VDS_LUN_INFORMATION *lun, BOOL *supported) override
    {
        if (!supported || !lun)
            return E_INVALIDARG;
        std::vector<ULONG> found;
        HRESULT result = find(1, lun, found);
        *supported = result == S_OK;
        if (result == S_OK)
            result = describe(found[0], *lun);
        return FAILED(result) ? result : S_OK;
    }

    STDMETHODIMP BeginPrepareSnapshot(VSS_ID set, VSS_ID snapshot, LONG context, LONG count, VSS_PWSZ *,
                                      VDS_LUN_INFORMATION *luns) override
    {
        if (!luns || count <= 0 || set == NO_SET || snapshot == NO_SET)
            return E_INVALIDARG;
        std::vector<ULONG> found;
        HRESULT result = find(count, luns, found);
        if (result != S_OK)
            return FAILED(result) ? result : NOT_SUPPORTED;
        if (m_set != set || m_due != 0)
            drop();
        m_set = set;
        m_kind = context & DIFFERENTIAL ? VSSLAB_COPY_DIFFERENTIAL : VSSLAB_COPY_CLONE;
        delete_orphans();
        for (ULONG lun : found)
            m_copies[lun] = NONE;
        return S_OK;
    }

    STDMETHODIMP EndPrepareSnapshots(VSS_ID set) override { return carry_on(set, 0, L"EndPrepareSnapshots"); }
    STDMETHODIMP PreCommitSnapshots(VSS_ID set) override { return carry_on(set, 1, L"PreCommitSnapshots"); }
    STDMETHODIMP CommitSnapshots(VSS_ID set) override
    {
        HRESULT result = carry_on(set, 2, L"CommitSnapshots");
        for (auto copy = m_copies.begin(); result == S_OK && copy != m_copies.end(); ++copy)
            if (FAILED(m_array->Copy(copy->first, m_kind, &copy->second))) {
                copy->second = NONE;
                result = veto(L"the array made no copy: see to it and repeat the operation");
                drop();
                break;
            }
        return result;
    }
    STDMETHODIMP PostCommitSnapshots(VSS_ID set, LONG) override { return carry_on(set, 3, L"PostCommitSnapshots"); }
    STDMETHODIMP PreFinalCommitSnapshots(VSS_ID set) override
    {
        return carry_on(set, 4, L"PreFinalCommitSnapshots");
    }
    STDMETHODIMP PostFinalCommitSnapshots(VSS_ID set) override
    {
        return carry_on(set, 5, L"PostFinalCommitSnapshots");
    }
    STDMETHODIMP AbortSnapshots(VSS_ID set) override
    {
        if (set == NO_SET)
            return E_INVALIDARG;
        if (m_set != set) {
            delete_orphans();
            return NOT_FOUND;
        }
        drop();
        HRESULT result = m_array ? m_array->Check() : S_OK;
        return FAILED(result) ? refused(result) : S_OK;
    }

    STDMETHODIMP GetTargetLuns(LONG count, VSS_PWSZ *, VDS_LUN_INFORMATION *sources,
                               VDS_LUN_INFORMATION *targets) override
    {
        if (!sources || !targets || count <= 0 || m_due < 4)
            return E_INVALIDARG;
        std::vector<ULONG> found;
        HRESULT known = find(count, sources, found);
        if (known != S_OK)
            return FAILED(known) ? known : E_INVALIDARG;
        for (LONG at = 0; at < count; at++) {
            auto copy = m_copies.find(found[at]);
            if (copy == m_copies.end())
                return E_INVALIDARG;
            HRESULT result = describe(copy->second, targets[at]);
            if (FAILED(result))
                return result;
            if (m_mallocs) {
                CoTaskMemFree(targets[at].m_szVendorId);
                targets[at].m_szVendorId = strdup("MALLOC");
            }
        }
        return S_OK;
    }

    STDMETHODIMP LocateLuns(LONG count, VDS_LUN_INFORMATION *luns) override
    {
        return each(count, luns, [this](ULONG lun) { return m_array->Unmask(lun); });
    }

    STDMETHODIMP OnLunEmpty(VSS_PWSZ, VDS_LUN_INFORMATION *lun) override
    {
        return each(1, lun, [this](ULONG lun) { return m_array->DeleteCopy(lun); });
    }

    STDMETHODIMP GetProviderCapabilities(ULONGLONG *) override { return E_NOTIMPL; }
    STDMETHODIMP OnReuseLuns(VDS_LUN_INFORMATION *, VDS_LUN_INFORMATION *, DWORD) override { return E_NOTIMPL; }

    STDMETHODIMP OnLunStateChange(VDS_LUN_INFORMATION *copies, VDS_LUN_INFORMATION *, DWORD count,
                                  DWORD flags) override
    {
        bool masks = flags & MASK_LUNS;
        return each(count, copies, [=, this](ULONG lun) { return masks ? m_array->Mask(lun) : S_OK; });
    }

    STDMETHODIMP ResyncLuns(VDS_LUN_INFORMATION *sources, VDS_LUN_INFORMATION *targets, DWORD count,
                            IVssAsync **operation) override
    {
        if (!operation)
            return veto(L"ResyncLuns has no place for its result");
        *operation = nullptr;
        std::vector<ULONG> from, to;
        HRESULT known = sources && targets ? find(count, sources, from, true) : S_FALSE;
        if (known == S_OK)
            known = find(count, targets, to, true);
        if (known != S_OK)
            return FAILED(known) ? known : veto(L"a LUN of the resync is not on this array: name others");
        HRESULT result = m_array->Check();
        if (FAILED(result))
            return refused(result, true);
        result = m_array->Resync(count, from.data(), to.data());
        *operation = new Done(FAILED(result) ? veto(L"the array did not copy back: see to it") : FINISHED);
        return S_OK;
    }

private:
    static const ULONG NONE = ~0ul;
    IVsslabArray *m_array = nullptr;
    bool m_mallocs;
    VSS_ID m_set = NO_SET;
    // Which of the calls from EndPrepareSnapshots on comes next.
    int m_due = 0;
    ULONG m_kind = VSSLAB_COPY_CLONE;
    // Copies of sets that were given up.
    std::vector<ULONG> m_orphans;
    // Source to copy.
    std::map<ULONG, ULONG> m_copies;

    void unload()
    {
        if (m_array)
            m_array->Release();
        m_array = nullptr;
    }

    void drop()
    {
        for (auto &copy : m_copies)
            if (m_due < 6 && copy.second != NONE)
                m_orphans.push_back(copy.second);
        m_copies.clear();
        m_set = NO_SET;
        m_due = 0;
        delete_orphans();
    }

    // Tries again what the array would not do before.
    void delete_orphans()
    {
        std::vector<ULONG> left;
        for (ULONG copy : m_orphans)
            if (m_array && FAILED(m_array->DeleteCopy(copy)))
                left.push_back(copy);
        m_orphans = left;
    }

    HRESULT veto(const wchar_t *why)
    {
        if (m_array)
            m_array->Log(VETO, why);
        return VETO;
    }

    HRESULT carry_on(VSS_ID set, int call, const wchar_t *name)
    {
        if (set == NO_SET)
            return E_INVALIDARG;
        if (m_set != set)
            return call < 4 ? NOT_FOUND : veto(name);
        HRESULT result = m_array ? m_array->Check() : VSSLAB_E_ARRAY_FAILS;
        if (m_due != call || FAILED(result)) {
            result = m_due != call ? veto(name) : refused(result, call == 0);
            drop();
            return result;
        }
        m_due++;
        return S_OK;
    }

    // What a method answers for what the array refuses.
    HRESULT refused(HRESULT code, bool may_lack_space = false)
    {
        if (code == VSSLAB_E_OUT_OF_SPACE && may_lack_space)
            return NO_STORAGE;
        return code == VSSLAB_E_OUT_OF_RESOURCES ? E_OUTOFMEMORY
                                                 : veto(L"the array refuses: see to it and repeat the operation");
    }

    // S_FALSE: one of them is none of the array's.
    HRESULT find(LONG count, const VDS_LUN_INFORMATION *luns, std::vector<ULONG> &found,
                 bool may_lack_space = false)
    {
        for (LONG at = 0; at < count; at++) {
            ULONG lun = NONE;
            HRESULT result = m_array ? m_array->Find(&luns[at], &lun) : VSSLAB_E_ARRAY_FAILS;
            if (FAILED(result))
                return refused(result, may_lack_space);
            if (result != S_OK)
                return S_FALSE;
            found.push_back(lun);
        }
        return S_OK;
    }

    // Replaces all but the ports.
    HRESULT describe(ULONG lun, VDS_LUN_INFORMATION &place)
    {
        VDS_LUN_INFORMATION known;
        HRESULT result = m_array->GetInformation(lun, &known);
        if (FAILED(result))
            return refused(result);
        known.m_cInterconnects = place.m_cInterconnects;
        known.m_rgInterconnects = place.m_rgInterconnects;
        free_lun(place);
        place = known;
        return S_OK;
    }

    template <class Act> HRESULT each(LONG count, const VDS_LUN_INFORMATION *luns, Act act)
    {
        std::vector<ULONG> found;
        if (!luns || count <= 0)
            return E_INVALIDARG;
        HRESULT result = find(count, luns, found);
        if (result != S_OK)
            return FAILED(result) ? result : E_INVALIDARG;
        for (ULONG lun : found)
            if (FAILED(result = act(lun)))
                return refused(result);
        return S_OK;
    }
};

class Factory : public Counted<IClassFactory> {
public:
    explicit Factory(bool mallocs) : m_mallocs(mallocs) {}
    STDMETHODIMP QueryInterface(REFIID iid, void **ppv) override
    {
        bool known = iid == IID_IUnknown || iid == IID_IClassFactory;
        *ppv = known ? this : nullptr;
        if (known)
            AddRef();
        return known ? S_OK : E_NOINTERFACE;
    }
    STDMETHODIMP CreateInstance(IUnknown *outer, REFIID iid, void **ppv) override
    {
        if (outer)
            return CLASS_E_NOAGGREGATION;
        Provider *provider = new Provider(m_mallocs);
        HRESULT result = provider->QueryInterface(iid, ppv);
        provider->Release();
        return result;
    }
    STDMETHODIMP LockServer(BOOL) override { return S_OK; }

private:
    bool m_mallocs;
};

} // namespace

extern "C" __declspec(dllexport) HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid, void **ppv)
{
    *ppv = nullptr;
    if (clsid != CLSID_Sound && clsid != CLSID_Mallocs)
        return NO_CLASS;
    Factory *factory = new Factory(clsid == CLSID_Mallocs);
    HRESULT result = factory->QueryInterface(iid, ppv);
    factory->Release();
    return result;
}

extern "C" __declspec(dllexport) HRESULT STDMETHODCALLTYPE DllCanUnloadNow() { return g_live ? S_FALSE : S_OK; }
