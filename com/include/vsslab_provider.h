/* How a hardware provider acts on the simulated array of vsslab.
 *
 * vsslab loads a provider's class through DllGetClassObject (or, on Windows, CoCreateInstance) and calls it as VSS does.
 * The LUNs are simulated. A provider that is to act on them gets an IVsslabArray:
 *
 *     STDMETHODIMP Provider::OnLoad(IUnknown *pCallback)     // IVssProviderNotifications
 *     {
 *         if (pCallback != NULL)
 *             pCallback->QueryInterface(IID_IVsslabArray, (void **)&m_pArray);
 *         return S_OK;                                       // under Windows' own VSS there is no array
 *     }
 *     STDMETHODIMP Provider::OnUnload(BOOL) { if (m_pArray) m_pArray->Release(); m_pArray = NULL; return S_OK; }
 *
 * The pCallback of OnLoad is reserved, so a provider that does not know of this leaves it alone.
 *
 * The array is within reach while a call of VSS lasts, on the thread of that call: on the provider's own interfaces and on
 * the IVssAsync that it handed out. Otherwise every method answers RPC_E_DISCONNECTED (no call lasts) or
 * RPC_E_WRONG_THREAD (it is on another thread), and does nothing.
 *
 * Memory: what a method hands out is taken with CoTaskMemAlloc, and the caller frees it; what is passed to one stays the
 * caller's. vsslab watches all of the provider's CoTaskMem memory and says what is freed wrongly or never.
 *
 * Include it after windows.h, vss.h, vsprov.h and vdslun.h. One file defines INITGUID before that, or links the IID in
 * another way.
 */
#ifndef VSSLAB_PROVIDER_H
#define VSSLAB_PROVIDER_H

#ifdef _WIN32

/* What an array refuses. Any other failure of a method is one of the call itself: E_POINTER, E_INVALIDARG,
 * RPC_E_DISCONNECTED, RPC_E_WRONG_THREAD. */
#define VSSLAB_E_NO_SUCH_LUN      ((HRESULT)0x8004F301L) /* there is no such LUN (any more) */
#define VSSLAB_E_NOT_A_COPY       ((HRESULT)0x8004F302L) /* only copies can be deleted */
#define VSSLAB_E_CANNOT_RESIZE    ((HRESULT)0x8004F303L) /* the target is smaller than its source and stays so */
#define VSSLAB_E_OUT_OF_SPACE     ((HRESULT)0x8004F304L) /* no room is left for a copy */
#define VSSLAB_E_OUT_OF_RESOURCES ((HRESULT)0x8004F305L) /* no memory or no free session is left */
#define VSSLAB_E_ARRAY_FAILS      ((HRESULT)0x8004F306L) /* it fails inside */
#define VSSLAB_E_BUSY             ((HRESULT)0x8004F307L) /* another resync copies from or onto the LUN */

/* How a copy is kept. */
#define VSSLAB_COPY_CLONE        1ul /* a full copy that does not need its source (split mirror, plex) */
#define VSSLAB_COPY_DIFFERENTIAL 2ul /* the differences to its source; lost with it */

/* {7673736c-a77a-4a11-8000-000000000001} */
DEFINE_GUID(IID_IVsslabArray, 0x7673736c, 0xa77a, 0x4a11, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01);

/* The management port of the provider's arrays. A LUN is a number that stays the same as long as the LUN is there. */
#undef INTERFACE
#define INTERFACE IVsslabArray
DECLARE_INTERFACE_(IVsslabArray, IUnknown)
{
#ifndef __cplusplus
    STDMETHOD(QueryInterface)(THIS_ REFIID riid, void **ppv) PURE;
    STDMETHOD_(ULONG, AddRef)(THIS) PURE;
    STDMETHOD_(ULONG, Release)(THIS) PURE;
#endif
    /* The virtual clock, in milliseconds since the lab was set up. */
    STDMETHOD(Now)(THIS_ ULONGLONG *pMs) PURE;
    /* Whether the array answers at all: what a provider asks in a call that needs nothing else of it. */
    STDMETHOD(Check)(THIS) PURE;
    /* The managed LUN that has one of these page-0x83 identifiers as the only one. S_FALSE: there is none. */
    STDMETHOD(Find)(THIS_ const VDS_LUN_INFORMATION *pLun, ULONG *pFound) PURE;
    /* What any host finds on the LUN's SCSI pages; m_diskSignature is zero, as a provider has to leave it. All that the
     * structure leads to is new: it may be handed out to VSS as it is. */
    STDMETHOD(GetInformation)(THIS_ ULONG lun, VDS_LUN_INFORMATION *pInformation) PURE;
    /* The LUN's size in bytes. */
    STDMETHOD(GetSize)(THIS_ ULONG lun, ULONGLONG *pBytes) PURE;
    /* Copies a LUN as it is now, with identifiers that no LUN had before, masked from every host. */
    STDMETHOD(Copy)(THIS_ ULONG source, ULONG kind, ULONG *pCopy) PURE;
    /* Deletes a LUN that is a copy. */
    STDMETHOD(DeleteCopy)(THIS_ ULONG lun) PURE;
    /* Lets the host on which VSS calls see the LUN, from its next rescan on. */
    STDMETHOD(Unmask)(THIS_ ULONG lun) PURE;
    /* Hides the LUN from that host, from its next rescan on. */
    STDMETHOD(Mask)(THIS_ ULONG lun) PURE;
    /* Gives each target its source's size and contents, all of them at one instant: or, on any error, none. */
    STDMETHOD(Resync)(THIS_ ULONG count, const ULONG *rgSources, const ULONG *rgTargets) PURE;
    /* Writes to the LUN through the host on which VSS calls, as any program there does. It is held while VSS holds the
     * writes of that host: a provider does it in no call of a creation. */
    STDMETHOD(WriteThroughHost)(THIS_ ULONG lun, ULONGLONG offset, ULONG count, const BYTE *rgbBytes) PURE;
    /* Writes to the application event log, as a provider has to before it answers VSS_E_PROVIDER_VETO. */
    STDMETHOD(Log)(THIS_ HRESULT code, LPCWSTR wszMessage) PURE;
    /* Says that the call takes so many milliseconds of virtual time more: instead of waiting. The time that the call takes
     * by the clock of this machine is counted anyway. */
    STDMETHOD(Take)(THIS_ ULONGLONG ms) PURE;
    /* The array begins to copy, and remembers it until EndResync: no other resync, from whichever host, may write to one of
     * these LUNs meanwhile, nor copy from a target. A provider that does not call it lets two of them meet. */
    STDMETHOD(BeginResync)(THIS_ ULONG count, const ULONG *rgSources, const ULONG *rgTargets) PURE;
    /* The copying that was begun is over: it is complete, has failed or was stopped. */
    STDMETHOD(EndResync)(THIS_ ULONG count, const ULONG *rgSources, const ULONG *rgTargets) PURE;
};

#else /* !_WIN32 */

#include <stddef.h>

/* Off Windows there is no COM, and a library is told by its host where task memory comes from. It exports
 *
 *     void VsslabUseAllocator(const VSSLAB_ALLOCATOR *pAllocator);
 *
 * beside DllGetClassObject and DllCanUnloadNow. It is called before them; the structure stays where it is. Each function
 * keeps the contract of the function of COM that it stands for. IVsslabArray is the same there, slot for slot. */
typedef struct VSSLAB_ALLOCATOR {
    void *(*CoTaskMemAlloc)(size_t cb);
    void *(*CoTaskMemRealloc)(void *pv, size_t cb);
    void (*CoTaskMemFree)(void *pv);
} VSSLAB_ALLOCATOR;

#endif
#endif
