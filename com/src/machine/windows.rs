//! What this machine says of itself.

use super::Facts;
use crate::abi::{HRESULT, WCHAR};
use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;
use std::ptr::{null, null_mut};

#[link(name = "ole32")]
unsafe extern "system" {
    fn CoInitializeEx(reserved: *const c_void, flags: u32) -> HRESULT;
    fn CoInitializeSecurity(
        descriptor: *const c_void,
        services: i32,
        service_list: *const c_void,
        reserved: *const c_void,
        authentication: u32,
        impersonation: u32,
        authentication_list: *const c_void,
        capabilities: u32,
        reserved_too: *const c_void,
    ) -> HRESULT;
}

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetVolumeNameForVolumeMountPointW(mount: *const WCHAR, name: *mut WCHAR, length: u32) -> i32;
    fn DeviceIoControl(
        device: *mut c_void,
        code: u32,
        input: *const c_void,
        input_bytes: u32,
        output: *mut c_void,
        output_bytes: u32,
        returned: *mut u32,
        overlapped: *mut c_void,
    ) -> i32;
}

#[link(name = "ntdll")]
unsafe extern "system" {
    fn RtlGetVersion(version: *mut VersionInformation) -> i32;
}

/// Readies COM for a requester: writers call it back, so VSS demands authentication and identification.
pub fn initialise_com() {
    const MULTITHREADED: u32 = 0;
    const PACKET_PRIVACY: u32 = 6;
    const IDENTIFY: u32 = 2;
    // Safety: null stands for the defaults. A process that did so before stays as it is.
    unsafe {
        CoInitializeEx(null(), MULTITHREADED);
        CoInitializeSecurity(null(), -1, null(), null(), PACKET_PRIVACY, IDENTIFY, null(), 0, null());
    }
}

/// The machine that this runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThisMachine;

impl Facts for ThisMachine {
    fn os(&self) -> String {
        let version = version();
        let server = version.product_type != VersionInformation::WORKSTATION;
        let name = match (version.major, version.minor, version.build, server) {
            (5, 1, _, _) => "windows-xp",
            (5, _, _, _) => "windows-server-2003",
            (6, 0, _, false) => "windows-vista",
            (6, 0, _, true) => "windows-server-2008",
            (6, 1, _, false) => "windows-7",
            (6, 1, _, true) => "windows-server-2008-r2",
            (6, 2, _, false) => "windows-8",
            (6, 2, _, true) => "windows-server-2012",
            (6, _, _, true) => "windows-server-2012-r2",
            (6, _, _, false) => "windows-8",
            (_, _, 20348.., true) => "windows-server-2022",
            (_, _, 17763.., true) => "windows-server-2019",
            (_, _, _, true) => "windows-server-2016",
            (_, _, 22000.., false) => "windows-11",
            _ => "windows-10",
        };
        name.to_owned()
    }

    fn has_volume(&self, name: &str) -> bool {
        volume_name(name).is_some()
    }

    fn lun_serials(&self, volume: &str) -> Result<Vec<String>, String> {
        let serials = || -> io::Result<Vec<String>> {
            let root = volume_name(volume).unwrap_or_else(|| volume.to_owned());
            let device = File::open(root.trim_end_matches('\\'))?;
            disks(&device)?.into_iter().map(serial).collect()
        };
        serials().map_err(|error| error.to_string())
    }
}

/// `OSVERSIONINFOEXW`.
#[repr(C)]
struct VersionInformation {
    size: u32,
    major: u32,
    minor: u32,
    build: u32,
    platform: u32,
    service_pack: [WCHAR; 128],
    service_pack_version: [u16; 2],
    suite: u16,
    product_type: u8,
    reserved: u8,
}

impl VersionInformation {
    /// `VER_NT_WORKSTATION`.
    const WORKSTATION: u8 = 1;
}

fn version() -> VersionInformation {
    // Safety: zeros are a value of it, and it is as long as it says.
    unsafe {
        let mut version: VersionInformation = std::mem::zeroed();
        version.size = size_of::<VersionInformation>() as u32;
        RtlGetVersion(&raw mut version);
        version
    }
}

/// `\\?\Volume{...}\` of a mount point, given with or without a trailing backslash.
fn volume_name(mount: &str) -> Option<String> {
    let mount: Vec<WCHAR> = format!("{}\\", mount.trim_end_matches('\\')).encode_utf16().chain([0]).collect();
    let mut name = [0; 64];
    // Safety: the mount point ends with a zero, and the name has room for as many units as is said.
    let found =
        unsafe { GetVolumeNameForVolumeMountPointW(mount.as_ptr(), name.as_mut_ptr(), name.len() as u32) };
    let length = name.iter().position(|unit| *unit == 0)?;
    (found != 0).then(|| String::from_utf16_lossy(&name[..length]))
}

/// The numbers of the disks that a volume lies on.
fn disks(volume: &File) -> io::Result<Vec<u32>> {
    const IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS: u32 = 0x0056_0000;
    const EXTENT_BYTES: usize = 24;
    const FIRST_EXTENT: usize = 8;
    let answer = control(volume, IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS, &[])?;
    let number =
        |at: usize| answer.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
    let count = number(0).unwrap_or(0) as usize;
    Ok((0..count).filter_map(|extent| number(FIRST_EXTENT + extent * EXTENT_BYTES)).collect())
}

/// The unit serial number of a disk. One that tells none cannot be listed, and so is an error.
fn serial(disk: u32) -> io::Result<String> {
    const IOCTL_STORAGE_QUERY_PROPERTY: u32 = 0x002D_1400;
    /// `STORAGE_PROPERTY_QUERY` for `StorageDeviceProperty`, `PropertyStandardQuery`.
    const DEVICE_PROPERTY: [u8; 12] = [0; 12];
    /// Where `STORAGE_DEVICE_DESCRIPTOR` says where the serial number stands.
    const SERIAL_OFFSET: usize = 24;
    let device = File::open(format!(r"\\.\PhysicalDrive{disk}"))?;
    let answer = control(&device, IOCTL_STORAGE_QUERY_PROPERTY, &DEVICE_PROPERTY)?;
    let offset = answer.get(SERIAL_OFFSET..SERIAL_OFFSET + 4).and_then(|bytes| bytes.try_into().ok());
    let offset = offset.map_or(0, u32::from_le_bytes) as usize;
    let text = answer.get(offset..).filter(|_| offset != 0).unwrap_or_default();
    let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
    let serial = String::from_utf8_lossy(&text[..end]).trim().to_owned();
    if serial.is_empty() {
        return Err(io::Error::other(format!("disk {disk} tells no serial number")));
    }
    Ok(serial)
}

/// What a device answers.
fn control(device: &File, code: u32, input: &[u8]) -> io::Result<Vec<u8>> {
    let mut answer = vec![0_u8; 4096];
    let mut returned = 0;
    // Safety: the handle is open, and both buffers are as long as is said.
    let done = unsafe {
        DeviceIoControl(
            device.as_raw_handle().cast(),
            code,
            input.as_ptr().cast(),
            input.len() as u32,
            answer.as_mut_ptr().cast(),
            answer.len() as u32,
            &raw mut returned,
            null_mut(),
        )
    };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    answer.truncate(returned as usize);
    Ok(answer)
}
