//! A backend that knows just enough: sessions, their ids, and a RecoverSet that refuses in WinPE.

use vss_sim::api::*;
use vss_sim::lab::{BootMode, Lab};

pub(crate) struct StandIn {
    mode: BootMode,
    sessions: u32,
    restoring: bool,
    ms: u64,
}

/// As `MakeBackend` has it.
pub(crate) fn make() -> Result<Box<dyn Backend>, Unavailable> {
    Ok(Box::new(StandIn { mode: BootMode::Normal, sessions: 0, restoring: false, ms: 0 }))
}

impl Backend for StandIn {
    fn target(&self) -> Target {
        Target { backend: "sim".to_owned(), os: "windows-server-2022".to_owned() }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::LABS | Capabilities::CLOCK
    }

    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        let host = lab.hosts.first().ok_or_else(|| Unavailable::because("a lab without hosts"))?;
        *self = Self { mode: host.mode, sessions: 0, restoring: false, ms: 0 };
        Ok(())
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        self.ms += 5;
        match call {
            Call::CreateVssBackupComponents { .. } => {
                self.sessions += 1;
                Reply::ok(Out::CreateVssBackupComponents { pp_backup: Object::Session(self.sessions) })
            }
            Call::InitializeForRestore { .. } => {
                self.restoring = true;
                Reply::OK
            }
            Call::GetSessionId { id_session: Ptr::Valid } => {
                let Object::Session(number) = on else { return HResult::E_UNEXPECTED.into() };
                let id = Guid::from_u128(0x5151_0000 + u128::from(number));
                Reply::ok(Out::GetSessionId { id_session: SessionId(id) })
            }
            Call::RecoverSet { .. } if self.mode == BootMode::WinPe || !self.restoring => {
                HResult::VSS_E_BAD_STATE.into()
            }
            Call::RecoverSet { .. } => Reply::ok(Out::RecoverSet { pp_async: Object::Async(1) }),
            Call::QueryStatus { .. } => {
                Reply::ok(Out::QueryStatus { p_hr_result: HResult::VSS_S_ASYNC_FINISHED, p_reserved: None })
            }
            Call::Wait { .. } | Call::Release {} | Call::AddSnapshotToRecoverySet { .. } => Reply::OK,
            _ => HResult::E_NOTIMPL.into(),
        }
    }

    fn act(&mut self, _: &Action) -> Result<(), Unavailable> {
        Err(Unavailable::because("the stand-in has no outside"))
    }

    fn ask(&self, question: &Question) -> Result<Answer, Unavailable> {
        match question {
            Question::Now => Ok(Answer::Ms(self.ms)),
            _ => Err(Unavailable::because("the stand-in shows only its clock")),
        }
    }
}
