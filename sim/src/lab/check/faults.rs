//! Faults: the call exists, and its cause can happen there.

use super::{BUILT_IN, Check, FILE_SHARE_PROVIDER, LabPath, Problem, SYSTEM_PROVIDER};
use crate::api::{Call, Method, ProviderCall};
use crate::lab::ProviderKind;
use crate::lab::fault::{CallKind, Cause, Fault, WRITER_EVENTS};
use crate::lab::suggest::{known_names, list, nearest};

/// The longest that a provider or writer can be late: a day.
const LATE_MS_MAX: u64 = 86_400_000;

impl Check<'_> {
    pub(super) fn all_faults(&mut self) {
        for (index, fault) in self.lab.faults.iter().enumerate() {
            let path = LabPath::item("fault", index);
            if fault.nth == 0 {
                let help = "write 1 for the first call";
                self.report(Problem::new("calls are counted from 1", path.key("nth"), "").help(help));
            }
            let kinds = kinds_of_call(&fault.call);
            if kinds.is_empty() {
                self.report(unknown_call(&fault.call, path));
                continue;
            }
            let fitting: Vec<CallKind> =
                kinds.iter().copied().filter(|kind| fault.cause.kinds().contains(kind)).collect();
            if fitting.is_empty() {
                self.report(misfit(fault, &kinds, path));
            }
            if let Some(places) = fault.cause.only_in()
                && !fitting.is_empty()
                && !places.contains(&&*fault.call)
            {
                let what = format!("`{}` shows nothing in `{}`", fault.cause.name(), fault.call);
                let help = format!("it can happen in {}", list(places));
                self.report(Problem::new(what, path.key("call"), "").also(path.key("cause"), "").help(help));
            }
            if let Cause::Late(ms) = fault.cause
                && ms > LATE_MS_MAX
            {
                let what = format!("{ms} ms are too late");
                let help = format!("write at most {LATE_MS_MAX}, which is a day");
                self.report(Problem::new(what, path.key("cause"), "").help(help));
            }
            self.owner(fault, if fitting.is_empty() { &kinds } else { &fitting }, path);
        }
    }

    /// `of` names somebody whose calls these are.
    fn owner(&mut self, fault: &Fault, kinds: &[CallKind], path: LabPath) {
        let Some(of) = &fault.of else { return };
        let path = path.key("of");
        let is_provider = BUILT_IN.contains(&&**of) || self.providers.position(of).is_some();
        let is_writer = self.lab.writers.iter().any(|writer| writer.name == *of);
        if !is_provider && !is_writer {
            let providers = self.providers.iter().chain(BUILT_IN);
            let names = providers.chain(self.lab.writers.iter().map(|writer| &*writer.name));
            let what = format!("the fault is of `{of}`, which is neither a provider nor a writer of the lab");
            let help = known_names("providers and writers", of, names);
            return self.report(Problem::new(what, path, "not found").help(help));
        }
        let as_writer = kinds.contains(&CallKind::Writer) && is_writer;
        let as_provider = kinds.contains(&CallKind::Provider) && is_provider;
        if !as_writer && !as_provider {
            let what = format!("`{}` is {}, so `{of}` is not called by it", fault.call, names_of(kinds));
            let help = "name whose call it is, or leave `of` out";
            self.report(Problem::new(what, path, "").help(help));
        } else if let Some(kind) = self.kind_of(of).filter(|kind| !as_writer && !has(*kind, &fault.call)) {
            let what = format!("`{of}` is {kind}, which has no `{}`", fault.call);
            let help = "name a provider that has it, or leave `of` out";
            self.report(Problem::new(what, path, "never called").help(help));
        }
    }

    /// What kind of provider has that name; `None`: no provider has.
    fn kind_of(&self, name: &str) -> Option<ProviderKind> {
        match name {
            SYSTEM_PROVIDER => Some(ProviderKind::Software),
            FILE_SHARE_PROVIDER => Some(ProviderKind::FileShare),
            _ => self.providers.position(name).map(|position| self.lab.providers[position].kind),
        }
    }
}

/// The interface that providers of one kind alone have, and what its name is the beginning of.
const OWN: [(ProviderKind, &str); 3] = [
    (ProviderKind::Hardware, "IVssHardwareSnapshotProvider"),
    (ProviderKind::Software, "IVssSoftwareSnapshotProvider"),
    (ProviderKind::FileShare, "IVssFileShareSnapshotProvider"),
];

/// Whether providers of that kind have a method of that name.
fn has(kind: ProviderKind, call: &str) -> bool {
    let is_of_others =
        |interface: &str| OWN.iter().any(|(other, own)| *other != kind && interface.starts_with(own));
    ProviderCall::METHODS.iter().any(|method| method.name == call && !is_of_others(method.interface))
}

/// `Release` has no code to fail with.
const NEVER_FAILS: &str = "IUnknown";

fn kinds_of_call(call: &str) -> Vec<CallKind> {
    let listed = |methods: &[Method], but: &[&str]| {
        methods.iter().any(|method| method.name == call && !but.contains(&method.interface))
    };
    let kinds = [
        (CallKind::Requester, listed(Call::METHODS, &[NEVER_FAILS])),
        // The IVssAsync that a provider hands out is no place for faults: what goes wrong shows in what it stands for.
        (CallKind::Provider, listed(ProviderCall::METHODS, &["IVssAsync", NEVER_FAILS])),
        (CallKind::Writer, WRITER_EVENTS.contains(&call)),
    ];
    kinds.into_iter().filter(|(_, is)| *is).map(|(kind, _)| kind).collect()
}

fn unknown_call(call: &str, path: LabPath) -> Problem {
    let methods = Call::METHODS.iter().chain(ProviderCall::METHODS);
    let methods = methods.filter(|method| method.interface != NEVER_FAILS).map(|method| method.name);
    let names: Vec<&str> = methods.chain(WRITER_EVENTS.iter().copied()).collect();
    // An interface in front is the likeliest mistake.
    let bare = call.rsplit("::").next().unwrap_or(call);
    let help = match nearest(bare, &names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "name a requester's method (`RecoverSet`), a provider's (`ResyncLuns`) or a writer's event: {}",
            list(WRITER_EVENTS)
        ),
    };
    let what = format!("there is no method or writer event `{call}`");
    Problem::new(what, path.key("call"), "not found").help(help)
}

fn misfit(fault: &Fault, kinds: &[CallKind], path: LabPath) -> Problem {
    let what =
        format!("`{}` is {}, where `{}` cannot happen", fault.call, names_of(kinds), fault.cause.name());
    let causes: Vec<&str> = Cause::ALL
        .iter()
        .filter(|row| row.kinds.iter().any(|kind| kinds.contains(kind)))
        .filter(|row| row.only_in.is_none_or(|places| places.contains(&&*fault.call)))
        .map(|row| row.name)
        .collect();
    Problem::new(what, path.key("cause"), format!("happens in {}", names_of(fault.cause.kinds())))
        .also(path.key("call"), "")
        .help(format!("what can happen there: {}", list(&causes)))
}

fn names_of(kinds: &[CallKind]) -> String {
    kinds.iter().map(CallKind::to_string).collect::<Vec<_>>().join(" or ")
}
