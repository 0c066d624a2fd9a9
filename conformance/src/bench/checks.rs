//! The checks, whose failures say what was expected, of which call, and what came.

use std::fmt::Debug;

use vss_sim::api::{Call, HResult, INFINITE, Method, Object, Out, Reply};

use super::{Bench, object_of};
use crate::case::{Checked, Stop};
use crate::spec::Arrival;

/// What came of a call in the end, through its `IVssAsync` if it handed one out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The final code; `VSS_S_ASYNC_FINISHED`, the word of an `IVssAsync` for success, counts as `S_OK`.
    pub code: HResult,
    /// Where it arrived.
    pub arrival: Arrival,
    /// What the call itself answered.
    pub reply: Reply,
    /// The `IVssAsync`, not released yet.
    pub operation: Option<Object>,
}

fn handed_out(method: &str, reply: &Reply) -> Result<Object, Stop> {
    let object = reply.out.as_ref().and_then(object_of);
    object
        .ok_or_else(|| Stop::failed(format!("{method} returned {} but handed out no object", reply.hresult)))
}

impl Bench<'_> {
    /// Makes a call that has to return `code`: the check of what a case is about.
    ///
    /// # Errors
    /// Another code came: the case fails.
    pub fn expect(&mut self, on: Object, call: Call, code: HResult) -> Result<Reply, Stop> {
        let method = call.method();
        let reply = self.call(on, call);
        self.arrived(method, reply.hresult, Arrival::AtOnce);
        if reply.hresult == code {
            return Ok(reply);
        }
        let method = method.name;
        Err(Stop::failed(format!("{method} has to return {code}, but returned {}", reply.hresult)))
    }

    /// [`Bench::expect`], and the object that the call hands out.
    ///
    /// # Errors
    /// Another code or no object came: the case fails.
    pub fn expect_object(&mut self, on: Object, call: Call, code: HResult) -> Result<Object, Stop> {
        let method = call.method().name;
        let reply = self.expect(on, call, code)?;
        handed_out(method, &reply)
    }

    /// Makes a call that has to come to `code`, at once or through its `IVssAsync`; the report says which.
    ///
    /// # Errors
    /// Another code came: the case fails.
    pub fn expect_settled(&mut self, on: Object, call: Call, code: HResult) -> Result<Settled, Stop> {
        let method = call.method();
        let settled = self.finish(on, call)?;
        self.settled(method, &settled);
        if settled.code == code {
            return Ok(settled);
        }
        let method = method.name;
        let (came, arrival) = (settled.code, settled.arrival);
        Err(Stop::failed(format!("{method} has to come to {code}, but came to {came} ({arrival})")))
    }

    /// Makes a call that has to return `S_OK` and then come to `code` through its `IVssAsync`.
    ///
    /// # Errors
    /// Another code came, or it came too early: the case fails.
    pub fn expect_status(&mut self, on: Object, call: Call, code: HResult) -> Result<Settled, Stop> {
        let method = call.method().name;
        let settled = self.expect_settled(on, call, code)?;
        match settled.arrival {
            Arrival::ThroughAsync => Ok(settled),
            _ => Err(Stop::failed(format!(
                "{method} has to return S_OK and to come to {code} through IVssAsync::QueryStatus, but returned it at once"
            ))),
        }
    }

    /// Makes a call that has to come to some failing code, at once or through its `IVssAsync`.
    ///
    /// # Errors
    /// It succeeded: the case fails.
    pub fn expect_failure(&mut self, on: Object, call: Call) -> Result<Settled, Stop> {
        let method = call.method();
        let settled = self.finish(on, call)?;
        self.settled(method, &settled);
        if settled.code.is_failure() {
            return Ok(settled);
        }
        let method = method.name;
        Err(Stop::failed(format!("{method} has to fail, but came to {}", settled.code)))
    }

    /// Checks a code that came in an out parameter: `bench.expect_value("phrFailureWriter", phr_failure_writer, code)`.
    ///
    /// # Errors
    /// It is another: the case fails.
    pub fn expect_value(&mut self, param: &str, came: HResult, code: HResult) -> Checked {
        if self.outcome().is_code(came) && self.outcome().is_written_to(param) {
            self.record.arrival = Some(Arrival::OutValue);
        }
        if came == code {
            return Ok(());
        }
        Err(Stop::failed(format!("{param} has to hold {code}, but holds {came}")))
    }

    /// Where the outcome's code arrived: only what the outcome's method answers counts, and only if it is the code; what
    /// else a case checks does not. The `expect` checks say so themselves.
    pub fn arrived(&mut self, method: Method, code: HResult, arrival: Arrival) {
        if self.outcome().is_code(code) && self.outcome().is_answered_by(method) {
            self.record.arrival = Some(arrival);
        }
    }

    /// An operation that ends with another code may still have begun with the outcome's.
    fn settled(&mut self, method: Method, settled: &Settled) {
        self.arrived(method, settled.reply.hresult, Arrival::AtOnce);
        self.arrived(method, settled.code, settled.arrival);
    }

    /// Makes a call that has to return `S_OK` for the case to get where it wants.
    ///
    /// # Errors
    /// Another code came: the case fails.
    pub fn ok(&mut self, on: Object, call: Call) -> Result<Reply, Stop> {
        let method = call.method().name;
        let reply = self.call(on, call);
        if reply.hresult == HResult::S_OK {
            return Ok(reply);
        }
        Err(Stop::failed(format!(
            "on the way there {method} has to return S_OK, but returned {}",
            reply.hresult
        )))
    }

    /// [`Bench::ok`], and the object that the call hands out.
    ///
    /// # Errors
    /// Another code or no object came: the case fails.
    pub fn object(&mut self, on: Object, call: Call) -> Result<Object, Stop> {
        let method = call.method().name;
        let reply = self.ok(on, call)?;
        handed_out(method, &reply)
    }

    /// Makes a call that has to succeed in the end, waiting for its `IVssAsync` and releasing it.
    ///
    /// # Errors
    /// It failed: the case fails.
    pub fn done(&mut self, on: Object, call: Call) -> Result<Reply, Stop> {
        let method = call.method().name;
        let settled = self.finish(on, call)?;
        if let Some(operation) = settled.operation {
            self.release(operation);
        }
        if settled.code == HResult::S_OK {
            return Ok(settled.reply);
        }
        let (came, arrival) = (settled.code, settled.arrival);
        Err(Stop::failed(format!("on the way there {method} has to succeed, but came to {came} ({arrival})")))
    }

    /// Makes a call and, if it hands out an `IVssAsync`, waits for the end.
    ///
    /// # Errors
    /// The `IVssAsync` does not work: the case fails.
    pub fn finish(&mut self, on: Object, call: Call) -> Result<Settled, Stop> {
        let reply = self.call(on, call);
        let operation = match reply.out.as_ref().and_then(object_of) {
            Some(object @ Object::Async(_)) if reply.hresult.is_success() => object,
            _ => {
                let code = reply.hresult;
                return Ok(Settled { code, arrival: Arrival::AtOnce, reply, operation: None });
            }
        };
        let code = self.settle(operation)?;
        Ok(Settled { code, arrival: Arrival::ThroughAsync, reply, operation: Some(operation) })
    }

    /// Waits for an `IVssAsync` and answers how its operation ended; `VSS_S_ASYNC_FINISHED` counts as `S_OK`.
    ///
    /// # Errors
    /// It never ends, or cannot be asked: the case fails.
    pub fn settle(&mut self, operation: Object) -> Result<HResult, Stop> {
        // What Wait returns for a failed operation is one of the documentation's contradictions, so the status decides.
        let waited = self.call(operation, Call::Wait { dw_milliseconds: INFINITE });
        let status = self.status(operation)?;
        match status {
            HResult::VSS_S_ASYNC_PENDING if waited.hresult.is_failure() => Ok(waited.hresult),
            HResult::VSS_S_ASYNC_PENDING => {
                Err(Stop::failed("IVssAsync::Wait(INFINITE) returned although the operation still runs"))
            }
            HResult::VSS_S_ASYNC_FINISHED => Ok(HResult::S_OK),
            other => Ok(other),
        }
    }

    /// What `IVssAsync::QueryStatus` answers in `pHrResult`.
    ///
    /// # Errors
    /// The query itself fails: the case fails.
    pub fn status(&mut self, operation: Object) -> Result<HResult, Stop> {
        let query = Call::QUERY_STATUS;
        match self.ok(operation, query)?.out {
            Some(Out::QueryStatus { p_hr_result, .. }) => Ok(p_hr_result),
            _ => Err(Stop::failed("IVssAsync::QueryStatus returned S_OK but left pHrResult as it was")),
        }
    }

    /// Gives an object back.
    pub fn release(&mut self, object: Object) -> Reply {
        self.call(object, Call::RELEASE)
    }

    /// Fails the case unless both are equal.
    ///
    /// # Errors
    /// They differ: the case fails.
    pub fn same<T: PartialEq + Debug>(&self, what: &str, expected: &T, actual: &T) -> Checked {
        if expected == actual {
            return Ok(());
        }
        Err(Stop::failed(format!("{what} has to be {expected:?}, but is {actual:?}")))
    }

    /// Fails the case unless `holds`.
    ///
    /// # Errors
    /// It does not hold: the case fails with that message.
    pub fn check(&self, holds: bool, message: impl FnOnce() -> String) -> Checked {
        if holds { Ok(()) } else { Err(Stop::failed(message())) }
    }
}
