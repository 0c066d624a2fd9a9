//! Providers say nothing that their kind cannot do, and arrays belong to hardware providers.

use super::{BUILT_IN, Check, LabPath, Problem, missing};
use crate::lab::{Provider, ProviderKind};

/// What can be wrong with a provider by itself.
const RULES: &[fn(&Provider, LabPath) -> Option<Problem>] = &[
    name_taken,
    on_no_host,
    only_hardware_has_hosts,
    no_copies,
    second_of_file_shares,
    hardware_disables,
    only_hardware_is_com,
    library_unnamed,
    class_null,
];

impl Check<'_> {
    pub(super) fn all_providers(&mut self) {
        for (index, provider) in self.lab.providers.iter().enumerate() {
            let path = LabPath::item("provider", index);
            for (place, host) in provider.hosts.iter().flatten().enumerate() {
                if self.hosts.position(host).is_none() {
                    let who = format!("provider `{}`", provider.name);
                    let path = path.key("hosts").index(place);
                    self.report(missing(who, "host", "hosts", host, self.hosts.iter(), path));
                }
            }
            self.problems.extend(RULES.iter().filter_map(|rule| rule(provider, path)));
        }
        self.all_arrays();
    }

    fn all_arrays(&mut self) {
        for (index, array) in self.lab.arrays.iter().enumerate() {
            let Some(provider) = &array.provider else { continue };
            let (who, path) = (format!("array `{}`", array.name), LabPath::item("array", index));
            let Some(position) = self.providers.position(provider) else {
                let names = self.providers.iter();
                let problem = missing(who, "provider", "providers", provider, names, path.key("provider"));
                self.report(problem);
                continue;
            };
            if self.lab.providers[position].kind != ProviderKind::Hardware {
                let what = format!("{who} is given to `{provider}`, which is no hardware provider");
                let kind = LabPath::item("provider", position).key("kind");
                let problem =
                    Problem::new(what, path.key("provider"), "").also(kind, "copies volumes, not LUNs");
                self.report(problem.help("name a hardware provider, or leave `provider` out"));
            }
        }
    }
}

fn name_taken(provider: &Provider, path: LabPath) -> Option<Problem> {
    let name = BUILT_IN.iter().find(|name| provider.name.eq_ignore_ascii_case(name))?;
    let what = format!("`{name}` is the provider that every host has");
    Some(Problem::new(what, path.key("name"), "taken").help("choose another name"))
}

fn on_no_host(provider: &Provider, path: LabPath) -> Option<Problem> {
    provider.hosts.as_ref().filter(|hosts| hosts.is_empty())?;
    let what = format!("provider `{}` is registered on no host", provider.name);
    let help = "name the hosts that have it, or leave `hosts` out for all of them";
    Some(Problem::new(what, path.key("hosts"), "empty").help(help))
}

fn only_hardware_has_hosts(provider: &Provider, path: LabPath) -> Option<Problem> {
    provider.hosts.as_ref().filter(|_| provider.kind != ProviderKind::Hardware)?;
    let what = format!("`{}` is no hardware provider, and only those can be on some hosts", provider.name);
    Some(Problem::new(what, path.key("hosts"), "").help("leave `hosts` out"))
}

fn no_copies(provider: &Provider, path: LabPath) -> Option<Problem> {
    let what = format!("provider `{}` makes no copies at all", provider.name);
    let problem = Problem::new(what, path.key("copies"), "empty");
    provider.copies.is_empty().then(|| problem.help("list \"clone\", \"differential\" or both"))
}

fn second_of_file_shares(provider: &Provider, path: LabPath) -> Option<Problem> {
    let what = format!("`{}` cannot be a file share provider: there is one already", provider.name);
    let problem = Problem::new(what, path.key("kind"), "");
    let help = "make its `kind` \"hardware\" or \"software\"";
    (provider.kind == ProviderKind::FileShare).then(|| problem.help(help))
}

fn hardware_disables(provider: &Provider, path: LabPath) -> Option<Problem> {
    let what = format!("`{}` is a hardware provider, which is not asked what it disables", provider.name);
    let problem = Problem::new(what, path.key("disables"), "");
    let help = "make its `kind` \"software\", or leave `disables` out";
    (provider.kind == ProviderKind::Hardware && !provider.disables.is_empty()).then(|| problem.help(help))
}

fn only_hardware_is_com(provider: &Provider, path: LabPath) -> Option<Problem> {
    provider.com.as_ref().filter(|_| provider.kind != ProviderKind::Hardware)?;
    let what = format!("`{}` is no hardware provider, and only those are COM classes", provider.name);
    let help = "make its `kind` \"hardware\", or leave `com` out";
    Some(Problem::new(what, path.key("com"), "").help(help))
}

fn library_unnamed(provider: &Provider, path: LabPath) -> Option<Problem> {
    provider.com.as_ref()?.dll.as_deref().filter(|dll| dll.trim().is_empty())?;
    let problem = Problem::new("this library has no name", path.key("com").key("dll"), "empty");
    Some(problem.help("name the DLL, or leave `dll` out where Windows knows the class"))
}

fn class_null(provider: &Provider, path: LabPath) -> Option<Problem> {
    provider.com.as_ref().filter(|class| class.clsid.is_nil())?;
    let problem = Problem::new("GUID_NULL identifies no class", path.key("com").key("clsid"), "null");
    Some(problem.help("name the CLSID of the provider"))
}
