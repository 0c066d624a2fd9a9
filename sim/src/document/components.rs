//! What requester and writers tell each other: the backup state and the components.
//!
//! XML names: `BACKUP_COMPONENTS`, `WRITER_COMPONENTS`, `writerId` and `instanceId` are those of `documents.md`; every
//! other one is chosen here in the same style. Which facts a component has is section 6 of `rules.md`.

use super::node::xml_struct;
use super::{SnapshotDescription, SnapshotSetDescription, Text};
use crate::api::{
    BackupType, ComponentType, FileRestoreStatus, RestoreType, RollForwardType, SnapshotId, WriterId,
    WriterInstanceId,
};

xml_struct! {
    /// The Backup Components Document: `BACKUP_COMPONENTS` (`documents.md`).
    pub struct BackupComponentsDocument {
        elements {
            /// What `SetBackupState` said; `None`: not called. `BACKUP_STATE` (chosen here).
            backup_state: Option<BackupState> = "BACKUP_STATE";
            /// What `SetRestoreState` said; `None`: not called. `RESTORE_STATE` (chosen here).
            restore_state: Option<RestoreState> = "RESTORE_STATE";
            /// Writers with components, in the order of their first component. `WRITER_COMPONENTS` (`documents.md`).
            writers: Vec<WriterComponents> = "WRITER_COMPONENTS";
            /// The shadow copy set, once there is one. `SNAPSHOT_SET_DESCRIPTION` (`documents.md`).
            snapshot_set: Option<SnapshotSetDescription> = "SNAPSHOT_SET_DESCRIPTION";
        }
    }
}

xml_struct! {
    /// The arguments of `SetBackupState`.
    pub struct BackupState {
        attributes {
            /// Whether components are selected, not volumes. `selectComponents` (chosen here).
            select_components: bool = "selectComponents", optional;
            /// `bootableSystemState` (chosen here).
            bootable_system_state: bool = "bootableSystemState", optional;
            /// `backupType` (chosen here).
            backup_type: BackupType = "backupType", optional;
            /// `partialFileSupport` (chosen here).
            partial_file_support: bool = "partialFileSupport", optional;
        }
    }
}

xml_struct! {
    /// The argument of `SetRestoreState`.
    pub struct RestoreState {
        attributes {
            /// `restoreType` (chosen here).
            restore_type: RestoreType = "restoreType", optional;
        }
    }
}

xml_struct! {
    /// The components of one writer instance.
    pub struct WriterComponents {
        attributes {
            /// The writer's class. `writerId` (`documents.md`).
            writer_id: WriterId = "writerId", required;
            /// The instance. `instanceId` (`documents.md`).
            instance_id: WriterInstanceId = "instanceId", required;
        }
        elements {
            /// Its explicitly included components, in the order of `AddComponent`. `COMPONENT` (chosen here).
            components: Vec<Component> = "COMPONENT";
        }
    }
}

xml_struct! {
    /// One explicitly included component.
    pub struct Component {
        attributes {
            /// `componentType` (chosen here).
            component_type: ComponentType = "componentType", optional;
            /// `None`: at the root. `logicalPath` (chosen here).
            logical_path: Option<Text> = "logicalPath", optional;
            /// `componentName` (chosen here).
            name: Text = "componentName", optional;
            /// `selectedForRestore` (chosen here).
            selected_for_restore: bool = "selectedForRestore", optional;
            /// The instance of `SetSelectedForRestoreEx`. `restoreInstanceId` (chosen here).
            restore_instance_id: Option<WriterInstanceId> = "restoreInstanceId", optional;
            /// `backupSucceeded` (chosen here).
            backup_succeeded: bool = "backupSucceeded", optional;
            /// `additionalRestores` (chosen here).
            additional_restores: bool = "additionalRestores", optional;
            /// `authoritativeRestore` (chosen here).
            authoritative_restore: bool = "authoritativeRestore", optional;
            /// `fileRestoreStatus` (chosen here).
            file_restore_status: FileRestoreStatus = "fileRestoreStatus", optional;
            /// `rollForwardType` (chosen here).
            roll_forward_type: RollForwardType = "rollForwardType", optional;
            /// `rollForwardPoint` (chosen here).
            roll_forward_point: Option<Text> = "rollForwardPoint", optional;
            /// `restoreName` (chosen here).
            restore_name: Option<Text> = "restoreName", optional;
            /// `backupOptions` (chosen here).
            backup_options: Option<Text> = "backupOptions", optional;
            /// `restoreOptions` (chosen here).
            restore_options: Option<Text> = "restoreOptions", optional;
            /// `backupMetadata` (chosen here).
            backup_metadata: Option<Text> = "backupMetadata", optional;
            /// `restoreMetadata` (chosen here).
            restore_metadata: Option<Text> = "restoreMetadata", optional;
            /// `backupStamp` (chosen here).
            backup_stamp: Option<Text> = "backupStamp", optional;
            /// `previousBackupStamp` (chosen here).
            previous_backup_stamp: Option<Text> = "previousBackupStamp", optional;
            /// `preRestoreFailure` (chosen here).
            pre_restore_failure: Option<Text> = "preRestoreFailure", optional;
            /// `postRestoreFailure` (chosen here).
            post_restore_failure: Option<Text> = "postRestoreFailure", optional;
        }
        elements {
            /// Of `AddRestoreSubcomponent`. `RESTORE_SUBCOMPONENT` (chosen here).
            restore_subcomponents: Vec<RestoreSubcomponent> = "RESTORE_SUBCOMPONENT";
            /// Of `AddAlternativeLocationMapping`. `ALTERNATE_LOCATION_MAPPING` (chosen here).
            alternate_mappings: Vec<AlternateMapping> = "ALTERNATE_LOCATION_MAPPING";
            /// Of `AddNewTarget`. `NEW_TARGET` (chosen here).
            new_targets: Vec<NewTarget> = "NEW_TARGET";
            /// Of the writer, with the requester's `SetRangesFilePath`. `PARTIAL_FILE` (chosen here).
            partial_files: Vec<PartialFile> = "PARTIAL_FILE";
        }
    }
}

xml_struct! {
    /// A part of a component to be restored by itself.
    pub struct RestoreSubcomponent {
        attributes {
            /// `logicalPath` (chosen here).
            logical_path: Option<Text> = "logicalPath", optional;
            /// `componentName` (chosen here).
            name: Text = "componentName", optional;
            /// `repair` (chosen here).
            repair: bool = "repair", optional;
        }
    }
}

xml_struct! {
    /// Where files were restored to instead.
    pub struct AlternateMapping {
        attributes {
            /// `path` (as in the Writer Metadata Document of `documents.md`).
            path: Text = "path", optional;
            /// `filespec` (likewise).
            filespec: Text = "filespec", optional;
            /// `recursive` (likewise).
            recursive: bool = "recursive", optional;
            /// `destination` (chosen here).
            destination: Text = "destination", optional;
        }
    }
}

xml_struct! {
    /// Where files shall be restored to.
    pub struct NewTarget {
        attributes {
            /// `path` (as in the Writer Metadata Document of `documents.md`).
            path: Text = "path", optional;
            /// `filespec` (likewise).
            file_name: Text = "filespec", optional;
            /// `recursive` (likewise).
            recursive: bool = "recursive", optional;
            /// `alternatePath` (chosen here).
            alternate_path: Text = "alternatePath", optional;
        }
    }
}

xml_struct! {
    /// A file of which only ranges are backed up.
    pub struct PartialFile {
        attributes {
            /// `path` (as in the Writer Metadata Document of `documents.md`).
            path: Text = "path", optional;
            /// `filespec` (likewise).
            file_name: Text = "filespec", optional;
            /// Ranges, or the file with them. `ranges` (chosen here).
            ranges: Text = "ranges", optional;
            /// `metadata` (chosen here).
            metadata: Option<Text> = "metadata", optional;
        }
    }
}

impl BackupComponentsDocument {
    /// The shadow copy of that id, if the document has it.
    pub fn snapshot(&self, id: SnapshotId) -> Option<&SnapshotDescription> {
        self.snapshot_set.iter().flat_map(|set| &set.snapshots).find(|snapshot| snapshot.snapshot_id == id)
    }
}
