//! What volumes and LUNs hold.

use vss_sim::api::{Action, Answer, Question, Text};

use crate::bench::Bench;
use crate::case::{Checked, Stop};

/// The first bytes of a volume's data, well behind its boot sector.
pub(in crate::cases) const DATA: u64 = 1 << 20;

/// Something writes text to the volume.
pub(in crate::cases) fn write(bench: &mut Bench<'_>, volume: &str, text: &str) -> Checked {
    bench.act(Action::WriteVolume { volume: volume.into(), offset: DATA, bytes: text.as_bytes().to_vec() })
}

/// The volume is there and holds that text.
pub(in crate::cases) fn holds(bench: &mut Bench<'_>, volume: &str, text: &str) -> Checked {
    let question = Question::ReadVolume { volume: volume.into(), offset: DATA, length: text.len() as u64 };
    shows(bench, question, volume, text)
}

/// The first volume of the LUN holds that text, whatever the volume is called now. Partitions begin at one mebibyte.
pub(in crate::cases) fn lun_holds(bench: &mut Bench<'_>, lun: &str, text: &str) -> Checked {
    let question = Question::ReadLun { lun: lun.into(), offset: (1 << 20) + DATA, length: text.len() as u64 };
    shows(bench, question, &format!("LUN {lun}"), text)
}

fn shows(bench: &mut Bench<'_>, question: Question, of: &str, text: &str) -> Checked {
    let Answer::Bytes(bytes) = bench.ask(question)? else {
        return Err(Stop::error("no bytes were answered"));
    };
    bench.same(&format!("the content of {of}"), &text, &&*String::from_utf8_lossy(&bytes))
}

/// Whether anything can be read there on the host.
pub(in crate::cases) fn is_readable(bench: &mut Bench<'_>, device: &Text) -> bool {
    let question = Question::ReadVolume { volume: device.clone(), offset: DATA, length: 4 };
    bench.ask(question).is_ok()
}
