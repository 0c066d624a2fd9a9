//! A LUN: what it tells of itself, and its bytes.

#[cfg(test)]
mod tests;

use super::array::{ArrayId, CopyKind};
use super::extents::{Extents, OutOfRange};
use super::few::Few;
use super::file_system::FileSystem;
use super::host::HostId;
use super::identity::DiskIdentity;
use super::layout::DiskLayout;
use super::loaded_table::LoadedTable;
use super::partition_table::{Partition, PartitionTable, TableError};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A LUN's number in its [`Storage`](super::Storage); never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LunId(pub u32);

impl fmt::Display for LunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LUN {}", self.0)
    }
}

/// One identifier of the vital product data page 83 (SPC: device identification).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page83Identifier {
    /// 1 binary, 2 ASCII, 3 UTF-8.
    pub code_set: u8,
    /// 0 vendor specific, 1 T10, 2 EUI-64, 3 NAA, 8 SCSI name string, ...
    pub identifier_type: u8,
    /// 0 the LUN, 1 the target port, 2 the target.
    pub association: u8,
    /// The identifier.
    pub bytes: Arc<[u8]>,
}

impl Page83Identifier {
    /// An NAA identifier (type 3, binary) of the LUN.
    #[must_use]
    pub fn naa(bytes: [u8; 16]) -> Self {
        Page83Identifier { code_set: 1, identifier_type: 3, association: 0, bytes: Arc::from(bytes) }
    }

    /// Whether it can tell a LUN from all others: of the LUN itself, and of type 1, 2, 3 or 8.
    #[must_use]
    pub fn names_the_lun(&self) -> bool {
        self.association == 0 && matches!(self.identifier_type, 1 | 2 | 3 | 8)
    }
}

/// What a new LUN is like.
#[derive(Clone, Debug)]
pub struct LunDescription {
    /// Its name, unique in the storage.
    pub name: Arc<str>,
    /// The size in bytes.
    pub size: u64,
    /// The vendor of the standard inquiry data.
    pub vendor: Arc<str>,
    /// The product of the standard inquiry data.
    pub product: Arc<str>,
    /// The revision of the standard inquiry data.
    pub revision: Arc<str>,
    /// The unit serial number (page 80).
    pub serial: Arc<str>,
    /// The identifiers of page 83.
    pub page83: Arc<[Page83Identifier]>,
    /// How it is formatted; `None` is all zeros.
    pub layout: Option<Arc<DiskLayout>>,
}

/// Where a LUN was copied from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyOf {
    /// The LUN that was copied; it may be gone if this is a clone.
    pub source: LunId,
    /// Whether the copy needs its source.
    pub kind: CopyKind,
}

/// A partition that holds a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LunVolume {
    /// The partition.
    pub partition: Partition,
    /// What its first sector shows.
    pub file_system: FileSystem,
}

/// A logical unit: bytes, and what it tells of itself.
#[derive(Clone, Debug)]
pub struct Lun {
    name: Arc<str>,
    vendor: Arc<str>,
    product: Arc<str>,
    revision: Arc<str>,
    serial: Arc<str>,
    page83: Arc<[Page83Identifier]>,
    size: u64,
    array: Option<ArrayId>,
    pub(super) copy_of: Option<CopyOf>,
    pub(super) unmasked: Few<HostId>,
    /// What formatting will write; counts until there are contents.
    layout: Option<Arc<DiskLayout>>,
    contents: OnceLock<Extents>,
    /// The table of the contents, once somebody has asked for it. [`contents_mut`](Self::contents_mut) forgets it; what
    /// knows the table that the change leads to puts that in its place.
    loaded_table: OnceLock<Arc<LoadedTable>>,
}

impl Lun {
    pub(super) fn new(description: LunDescription, array: Option<ArrayId>) -> Result<Lun, TableError> {
        let LunDescription { name, size, vendor, product, revision, serial, page83, layout } = description;
        if let Some(layout) = &layout {
            layout.check(size)?;
        }
        let (contents, loaded_table) = (OnceLock::new(), OnceLock::new());
        let (copy_of, unmasked) = (None, Few::None);
        Ok(Lun {
            name,
            vendor,
            product,
            revision,
            serial,
            page83,
            size,
            array,
            copy_of,
            unmasked,
            layout,
            contents,
            loaded_table,
        })
    }

    /// The name in the storage.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The vendor of the standard inquiry data.
    #[must_use]
    pub fn vendor(&self) -> &Arc<str> {
        &self.vendor
    }

    /// The product of the standard inquiry data.
    #[must_use]
    pub fn product(&self) -> &Arc<str> {
        &self.product
    }

    /// The revision of the standard inquiry data.
    #[must_use]
    pub fn revision(&self) -> &Arc<str> {
        &self.revision
    }

    /// The unit serial number.
    #[must_use]
    pub fn serial(&self) -> &Arc<str> {
        &self.serial
    }

    /// All identifiers of page 83; see [`unique_page83`](super::Storage::unique_page83).
    #[must_use]
    pub fn page83(&self) -> &Arc<[Page83Identifier]> {
        &self.page83
    }

    /// The size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The array that the LUN lies on; `None` is a disk inside of a host.
    #[must_use]
    pub fn array(&self) -> Option<ArrayId> {
        self.array
    }

    /// Where it was copied from.
    #[must_use]
    pub fn copy_of(&self) -> Option<CopyOf> {
        self.copy_of
    }

    /// The hosts that it is unmasked to.
    #[must_use]
    pub fn hosts(&self) -> &[HostId] {
        self.unmasked.as_slice()
    }

    /// Whether its bytes have been made; until then only their description exists.
    #[must_use]
    pub fn is_formatted(&self) -> bool {
        self.contents.get().is_some()
    }

    /// Its bytes, which are made at the first call.
    #[must_use]
    pub fn contents(&self) -> &Extents {
        self.contents.get_or_init(|| match &self.layout {
            Some(layout) => layout.format(self.size).unwrap_or_else(|error| {
                unreachable!("a layout that was checked can be formatted: {error}");
            }),
            None => Extents::new(self.size),
        })
    }

    /// Its bytes, to be changed in any way.
    pub(super) fn contents_mut(&mut self) -> &mut Extents {
        self.loaded_table = OnceLock::new();
        let made = match self.contents.take() {
            Some(contents) => contents,
            None => self.contents().clone(),
        };
        self.layout = None;
        self.contents = OnceLock::from(made);
        let Some(contents) = self.contents.get_mut() else { unreachable!("contents were just put in") };
        contents
    }

    /// Writes bytes. Tells whether the table may be another now.
    ///
    /// # Errors
    /// The range must lie inside of the LUN; nothing is written otherwise.
    pub(super) fn write(&mut self, offset: u64, data: &[u8]) -> Result<bool, OutOfRange> {
        let range = offset..offset.saturating_add(data.len() as u64);
        let table =
            self.loaded_table(self.contents()).ok().filter(|table| table.lies_beside(&range)).cloned();
        self.contents_mut().write(offset, data)?;
        let changed = table.is_none();
        self.loaded_table = table.map(OnceLock::from).unwrap_or_default();
        Ok(changed)
    }

    /// Takes over size and bytes of another LUN, which may be unformatted still.
    pub(super) fn copy_contents(&mut self, source: &Lun) {
        self.size = source.size;
        match source.contents.get() {
            Some(contents) => {
                self.contents_mut().copy_from(contents);
                self.loaded_table.clone_from(&source.loaded_table);
            }
            None => {
                (self.contents, self.loaded_table) = (OnceLock::new(), OnceLock::new());
                self.layout.clone_from(&source.layout);
            }
        }
    }

    pub(super) fn resize(&mut self, size: u64) {
        self.contents_mut().resize(size);
        self.size = size;
    }

    /// A LUN of the same array and bytes under another name.
    pub(super) fn copied(&self, name: Arc<str>, serial: Arc<str>, page83: Arc<[Page83Identifier]>) -> Lun {
        let (copy_of, unmasked) = (None, Few::None);
        Lun { name, serial, page83, copy_of, unmasked, ..self.clone() }
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// The range must lie inside of the LUN.
    pub fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), OutOfRange> {
        self.contents().read(offset, out)
    }

    /// The partition table.
    ///
    /// # Errors
    /// As [`PartitionTable::read`].
    pub fn table(&self) -> Result<PartitionTable, TableError> {
        match (self.contents.get(), &self.layout) {
            (None, Some(layout)) => Ok(layout.table()),
            (None, None) => Err(TableError::NoTable),
            (Some(contents), _) => PartitionTable::of(self.loaded_table(contents)?),
        }
    }

    /// The disk's identity.
    ///
    /// # Errors
    /// As [`read_identity`](super::read_identity).
    pub fn identity(&self) -> Result<DiskIdentity, TableError> {
        match (self.contents.get(), &self.layout) {
            (None, Some(layout)) => Ok(layout.identity()),
            (None, None) => Err(TableError::NoTable),
            (Some(contents), _) => Ok(self.loaded_table(contents)?.identity()),
        }
    }

    fn loaded_table(&self, contents: &Extents) -> Result<&Arc<LoadedTable>, TableError> {
        if let Some(table) = self.loaded_table.get() {
            return Ok(table);
        }
        let table = LoadedTable::load(contents)?;
        Ok(self.loaded_table.get_or_init(|| Arc::new(table)))
    }

    /// Changes the table, in the contents and as it is remembered.
    pub(super) fn change_table(
        &mut self,
        change: impl FnOnce(&mut LoadedTable, &mut Extents) -> Result<(), TableError>,
    ) -> Result<(), TableError> {
        let mut table = match self.loaded_table.take() {
            Some(table) => table,
            None => Arc::new(LoadedTable::load(self.contents())?),
        };
        change(Arc::make_mut(&mut table), self.contents_mut())?;
        self.loaded_table = OnceLock::from(table);
        Ok(())
    }

    /// The volumes of a basic disk, in the order of the table; none on a dynamic one.
    ///
    /// # Errors
    /// As [`PartitionTable::read`].
    pub fn volumes(&self) -> Result<Vec<LunVolume>, TableError> {
        let table = self.table()?;
        let with_file_system = |partition: &Partition| {
            let (partition, file_system) = (partition.clone(), self.file_system_of(partition));
            LunVolume { partition, file_system }
        };
        Ok(table.volumes().map(with_file_system).collect())
    }

    /// What the first sector of one of its partitions shows.
    pub(super) fn file_system_of(&self, partition: &Partition) -> FileSystem {
        match (self.contents.get(), &self.layout) {
            (Some(contents), _) => FileSystem::detect(contents, partition.start).unwrap_or_default(),
            (None, Some(layout)) => layout.partitions[partition.index as usize].file_system,
            (None, None) => FileSystem::Raw,
        }
    }
}
