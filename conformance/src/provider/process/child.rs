//! The child's side.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use vss_sim::api::{ProviderCall, ProviderObject, ProviderReply};
use vss_sim::lab::Lab;
use vss_sim::provider::{ArrayPort, HardwareProvider, MakeProvider};

use super::message::{Calling, News, Order};
use crate::cases;
use crate::provider::simulated;
use crate::run::{Here, RunsCases};
use crate::spec::Spec;

/// Runs the cases that standard input names, until it ends.
///
/// # Errors
/// The parent is gone.
pub fn serve(lab: &Lab, make: MakeProvider) -> io::Result<()> {
    let make_backend = simulated(lab.clone(), announcing(make));
    let mut here = Here { make: make_backend.as_ref(), lab, seed: 0 };
    if let Err(unavailable) = make_backend() {
        return tell(&News::Failed(unavailable.to_string()));
    }
    tell(&News::Ready(here.target()))?;
    for line in io::stdin().lock().lines() {
        let order: Order = serde_json::from_str(&line?)?;
        let case = cases::of_hardware_provider(&order.case, &order.outcome);
        let known = case.and_then(|case| Some((case, Spec::get().outcome(case.outcome)?)));
        tell(&match known {
            Some((case, outcome)) => News::Ran(Box::new(here.run(case, outcome))),
            None => News::Failed(format!("there is no case {} of {}", order.case, order.outcome)),
        })?;
    }
    Ok(())
}

/// A provider may print; the parent reads whole lines that are news, and passes the others over.
fn tell(news: &News) -> io::Result<()> {
    let mut to = io::stdout().lock();
    writeln!(to, "\n{}", serde_json::to_string(news)?)?;
    to.flush()
}

/// Providers that tell the parent of each call before it is made.
fn announcing(make: MakeProvider) -> MakeProvider {
    Arc::new(move |described| Ok(Box::new(Announcing { provider: make(described)?, after: None })))
}

#[derive(Debug)]
struct Announcing {
    provider: Box<dyn HardwareProvider>,
    after: Option<String>,
}

impl HardwareProvider for Announcing {
    fn implements_ex(&self) -> bool {
        self.provider.implements_ex()
    }

    fn call(&mut self, on: ProviderObject, call: &ProviderCall, array: &mut dyn ArrayPort) -> ProviderReply {
        let method = call.method();
        let after = self.after.clone();
        // If the parent is gone, the next order does not come.
        drop(tell(&News::Calling(Calling { method: method.to_string(), after })));
        let reply = self.provider.call(on, call, array);
        let of_creation =
            method.interface == "IVssProviderCreateSnapshotSet" || method.name == "BeginPrepareSnapshot";
        if of_creation {
            self.after = Some(method.name.to_owned());
        }
        reply
    }
}
