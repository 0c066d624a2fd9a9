//! Operating systems, as far as outcomes depend on them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! systems {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $kernel:literal, $server:literal;)*) => {
        /// An operating system. Ordered by kernel version only through [`Os::kernel`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Os {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Os {
            /// Every system, oldest first.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in labs and reports.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Kernel version, major times 100 plus minor; Windows 10 and its successors count on by release.
            pub fn kernel(self) -> u32 {
                match self { $(Self::$variant => $kernel,)* }
            }

            /// Whether it is a server edition: hardware providers load only there.
            pub fn is_server(self) -> bool {
                match self { $(Self::$variant => $server,)* }
            }
        }
    };
}

systems! {
    /// Windows XP
    WindowsXp = "windows-xp", 501, false;
    /// Windows Server 2003
    WindowsServer2003 = "windows-server-2003", 502, true;
    /// Windows Vista
    WindowsVista = "windows-vista", 600, false;
    /// Windows Server 2008
    WindowsServer2008 = "windows-server-2008", 600, true;
    /// Windows 7
    Windows7 = "windows-7", 601, false;
    /// Windows Server 2008 R2
    WindowsServer2008R2 = "windows-server-2008-r2", 601, true;
    /// Windows 8
    Windows8 = "windows-8", 602, false;
    /// Windows Server 2012
    WindowsServer2012 = "windows-server-2012", 602, true;
    /// Windows Server 2012 R2
    WindowsServer2012R2 = "windows-server-2012-r2", 603, true;
    /// Windows 10
    Windows10 = "windows-10", 1000, false;
    /// Windows Server 2016
    WindowsServer2016 = "windows-server-2016", 1000, true;
    /// Windows Server 2019
    WindowsServer2019 = "windows-server-2019", 1001, true;
    /// Windows Server 2022
    WindowsServer2022 = "windows-server-2022", 1002, true;
    /// Windows 11
    Windows11 = "windows-11", 1002, false;
}

impl Os {
    /// XP, Server 2003, Vista and Server 2008 say `E_UNEXPECTED` where later ones say `VSS_E_UNEXPECTED`.
    pub fn has_vss_e_unexpected(self) -> bool {
        self.kernel() >= Self::Windows7.kernel()
    }

    /// Whether requesters can have file shares copied, and so whether a provider of them is registered: since Windows 8
    /// and Windows Server 2012 (AddToSnapshotSet, IsVolumeSupported).
    pub fn copies_shares(self) -> bool {
        self.kernel() >= Self::Windows8.kernel()
    }

    /// Whether its file share provider can be called by others than VSS: Windows 8.1 and Windows Server 2012 R2 brought
    /// `IVssFileShareSnapshotProvider`. By what interface VSS itself reaches it on Windows 8 and Windows Server 2012 is
    /// Windows' own matter.
    pub fn shows_file_share_provider(self) -> bool {
        self.kernel() >= Self::WindowsServer2012R2.kernel()
    }

    /// Whether VSS calls hardware providers by `IVssHardwareSnapshotProviderEx`: the minimum is Windows Server 2008.
    pub fn has_hardware_provider_ex(self) -> bool {
        self.kernel() >= Self::WindowsServer2008.kernel()
    }

    /// Whether writers may take part in another session once the backup is complete. Up to Windows Server 2008 somebody has
    /// to gather their status first (`writer-state-machine.json`).
    pub fn frees_writers_at_completion(self) -> bool {
        self.kernel() >= Self::Windows7.kernel()
    }

    /// Whether copies of dynamic disks can be imported on the host that made them: Windows Server 2008 lifted the ban (O57).
    pub fn imports_dynamic_disks_at_home(self) -> bool {
        self.kernel() >= Self::WindowsServer2008.kernel()
    }

    /// Whether shadow copies that were made on that system can be used here: those of Windows Server 2003 cannot on Windows
    /// Server 2008 and 2008 R2, nor the reverse (VSS Application Compatibility). Of other pairs the page says nothing.
    pub fn uses_copies_of(self, maker: Self) -> bool {
        let is_2003 = |os| os == Self::WindowsServer2003;
        let is_2008 = |os| matches!(os, Self::WindowsServer2008 | Self::WindowsServer2008R2);
        !(is_2003(self) && is_2008(maker) || is_2008(self) && is_2003(maker))
    }

    /// Whether a requester's object has this interface here, as the interfaces' pages say. LUN resync came with
    /// `IVssBackupComponentsEx3`.
    pub fn has_backup_components(self, interface: &str) -> bool {
        let since = match interface {
            "IUnknown" | "IVssBackupComponents" => Self::WindowsXp,
            "IVssBackupComponentsEx" => Self::WindowsServer2003,
            "IVssBackupComponentsEx2" => Self::WindowsVista,
            "IVssBackupComponentsEx3" => Self::Windows7,
            "IVssBackupComponentsEx4" => Self::Windows8,
            _ => return false,
        };
        self.kernel() >= since.kernel()
    }
}

impl fmt::Display for Os {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
