//! The parent's side.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use vss_sim::api::Target;

use super::message::{Calling, News, Order};
use crate::bench::{Record, Step};
use crate::case::{Case, Stop};
use crate::run::{Ran, RunsCases};
use crate::spec::Outcome;

/// Runs cases in child processes.
pub struct Isolated {
    command: Box<dyn Fn() -> Command>,
    /// How long a call on the provider may take.
    limit: Duration,
    target: Target,
    child: Option<Running>,
    /// Methods that did not return once already.
    hung: BTreeSet<String>,
}

/// How long a method is given that did not return before.
const ONCE_HUNG: Duration = Duration::from_secs(1);

/// A child that takes orders.
struct Running {
    process: Child,
    orders: ChildStdin,
    news: Receiver<News>,
}

impl Isolated {
    /// With children that `command` starts, each of which serves ([`super::serve`]).
    ///
    /// # Errors
    /// Why none can be had: the program does not start, or the provider cannot be made.
    pub fn new(command: impl Fn() -> Command + 'static, limit: Duration) -> Result<Self, String> {
        let target = Target { backend: String::new(), os: String::new() };
        let mut isolated =
            Self { command: Box::new(command), limit, target, child: None, hung: BTreeSet::new() };
        let (child, target) = isolated.start()?;
        (isolated.child, isolated.target) = (Some(child), target);
        Ok(isolated)
    }

    fn start(&self) -> Result<(Running, Target), String> {
        let cannot = |error: io::Error| format!("cannot start a process for the provider: {error}");
        let mut process =
            (self.command)().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(cannot)?;
        let (Some(orders), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the provider's process has no input or output".to_owned());
        };
        let (send, news) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            // What is no news was printed by the provider.
            for item in lines.filter_map(|line| serde_json::from_str::<News>(&line).ok()) {
                if send.send(item).is_err() {
                    return;
                }
            }
        });
        let mut running = Running { process, orders, news };
        match running.news.recv_timeout(self.limit) {
            Ok(News::Ready(target)) => Ok((running, target)),
            Ok(News::Failed(why)) => {
                running.end();
                Err(why)
            }
            _ => Err(format!("the provider's process does not come up: {}", running.end())),
        }
    }

    /// A provider that hangs in every case must not hold the run up for hours.
    fn limit_of(&self, calling: Option<&Calling>) -> Duration {
        let hung = calling.is_some_and(|calling| self.hung.contains(&calling.method));
        if hung { self.limit.min(ONCE_HUNG) } else { self.limit }
    }

    /// Lets the child run a case; `Err`: the calls that it made, the last of which did not return, and why that is.
    fn order(&mut self, case: &Case) -> Result<Ran, (Vec<Calling>, String)> {
        let mut child = match self.child.take() {
            Some(child) => child,
            None => self.start().map_err(|why| (Vec::new(), why))?.0,
        };
        let order = Order { case: case.name.to_owned(), outcome: case.outcome.to_owned() };
        let told = serde_json::to_string(&order).map_err(io::Error::from);
        let told = told.and_then(|line| writeln!(child.orders, "{line}").and_then(|()| child.orders.flush()));
        if told.is_err() {
            return Err((Vec::new(), child.end()));
        }
        let mut calls = Vec::new();
        loop {
            let limit = self.limit_of(calls.last());
            match child.news.recv_timeout(limit) {
                Ok(News::Calling(call)) => calls.push(call),
                Ok(News::Ran(ran)) => {
                    self.child = Some(child);
                    return Ok(*ran);
                }
                Ok(News::Failed(why)) => return Err((calls, why)),
                Ok(News::Ready(_)) => {}
                Err(RecvTimeoutError::Timeout) => {
                    drop(child.process.kill());
                    drop(child.process.wait());
                    self.hung.extend(calls.last().map(|calling: &Calling| calling.method.clone()));
                    return Err((calls, format!("did not return within {} s", limit.as_secs())));
                }
                Err(RecvTimeoutError::Disconnected) => return Err((calls, child.end())),
            }
        }
    }
}

impl Running {
    /// Ends the process, if it has not ended already, and says how it did.
    fn end(&mut self) -> String {
        let by_itself = matches!(self.process.try_wait(), Ok(Some(_))) || self.ends_soon();
        if !by_itself {
            drop(self.process.kill());
        }
        match self.process.wait() {
            Ok(status) if by_itself => format!("ended its process: {status}"),
            Ok(_) => "had to be ended".to_owned(),
            Err(error) => format!("is in a state that nobody knows: {error}"),
        }
    }

    /// A process that has closed its output needs a moment to be gone.
    fn ends_soon(&mut self) -> bool {
        (0..50).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            matches!(self.process.try_wait(), Ok(Some(_)))
        })
    }
}

impl Drop for Isolated {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            let Running { mut process, orders, .. } = child;
            // Without orders it ends by itself, and the provider is unloaded in order.
            drop(orders);
            let mut rounds = 0..200;
            while rounds.next().is_some() && matches!(process.try_wait(), Ok(None)) {
                std::thread::sleep(Duration::from_millis(10));
            }
            drop(process.kill());
            drop(process.wait());
        }
    }
}

impl RunsCases for Isolated {
    fn target(&self) -> Target {
        self.target.clone()
    }

    fn run(&mut self, case: &Case, _: &'static Outcome) -> Ran {
        self.order(case).unwrap_or_else(|(calls, how)| {
            let message = match calls.last() {
                Some(Calling { method, after: Some(after) }) => {
                    format!("in {method}, called after {after}, the provider {how}")
                }
                Some(Calling { method, after: None }) => format!("in {method} the provider {how}"),
                None => format!("before its first call the provider {how}"),
            };
            // What the calls said is lost with the process.
            let log = calls.into_iter().map(|calling| Step::Note(format!("{} was called", calling.method)));
            let record = Record { log: log.collect(), ..Record::default() };
            Ran { checked: Err(Stop::failed(message)), record, target: self.target() }
        })
    }
}
