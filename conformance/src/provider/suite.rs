//! The suite as tests of one's own: each case by itself.

use vss_sim::api::{Backend, Unavailable};
use vss_sim::lab::Lab;
use vss_sim::provider::{HardwareProvider, MakeProvider};
use vss_sim::service::Simulator;

use crate::case::{Case, Stop};
use crate::cases;
use crate::cases::hardware_provider::OWN_STORAGE;
use crate::names::Names;
use crate::render;
use crate::run::{MakeBackend, run_case};
use crate::spec::Spec;

use super::Profile;

/// The suite over one provider.
#[derive(Clone)]
pub struct Suite {
    make: MakeProvider,
    lab: Lab,
    profile: Profile,
}

/// One case as a test.
pub struct Test {
    /// `hardware_provider::commit::holds_the_moment`, with the outcome that it shows.
    pub name: String,
    suite: Suite,
    case: &'static Case,
}

/// What makes a simulator whose hardware providers are of that make.
pub fn simulated(lab: Lab, make: MakeProvider) -> Box<MakeBackend<'static>> {
    Box::new(move || {
        let simulator = Simulator::with_providers(&lab, make.clone())
            .map_err(|error| Unavailable::because(error.to_string()))?;
        Ok(Box::new(simulator) as Box<dyn Backend>)
    })
}

impl Suite {
    /// Over what `make` makes, anew for each case, with the built-in lab and the basic profile.
    pub fn new<P: HardwareProvider + 'static>(make: impl Fn() -> P + Send + Sync + 'static) -> Self {
        Self::of(std::sync::Arc::new(move |_| Ok(Box::new(make()))))
    }

    /// Over what `make` makes of the lab's descriptions.
    pub fn of(make: MakeProvider) -> Self {
        Self { make, lab: Lab::default_lab(), profile: Profile::Basic }
    }

    /// In another lab. Which provider of it is under test: [`cases::hardware_provider::under_test`].
    #[must_use]
    pub fn in_lab(mut self, lab: Lab) -> Self {
        self.lab = lab;
        self
    }

    /// With another profile.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Each case as a test.
    pub fn tests(&self) -> impl Iterator<Item = Test> + '_ {
        cases::of_hardware_providers().map(|case| Test {
            name: format!("{} {}", case.name, case.outcome),
            suite: self.clone(),
            case,
        })
    }
}

impl Test {
    /// Runs the case. `Ok(false)`: it does not apply to this provider, as the profile allows, or is about storage that
    /// nobody sees.
    ///
    /// # Errors
    /// What is wrong, with the calls that led there.
    pub fn run(&self) -> Result<bool, String> {
        let outcome = Spec::get().outcome(self.case.outcome).ok_or("no such outcome")?;
        let mut backend = simulated(self.suite.lab.clone(), self.suite.make.clone())()
            .map_err(|unavailable| unavailable.to_string())?;
        let ran = run_case(self.case, outcome, backend.as_mut(), &self.suite.lab, 0);
        match ran.checked {
            Ok(()) => Ok(true),
            Err(Stop::Skipped { reason })
                if !self.suite.profile.demands(self.case) || reason == OWN_STORAGE =>
            {
                Ok(false)
            }
            Err(Stop::Skipped { reason }) => Err(format!(
                "the profile `{}` demands this case, which does not apply: {reason}; choose a smaller profile, or make the provider offer it",
                self.suite.profile
            )),
            Err(stop) => {
                let lines = render::lines(&ran.record.log, &mut Names::default());
                let calls: Vec<String> = lines.iter().map(|(on, line)| format!("  {on}: {line}")).collect();
                Err(format!("{stop}\ndocumented: {}\n{}", outcome.when, calls.join("\n")))
            }
        }
    }
}
