/// Which node a Pod runs on.
///
/// [dev.tiphys.scheduler.Scheduler] is the part; it owns one task on which everything is decided.
/// What the informers see and what became of writes reaches that task through its `Inbox`; `Cycle`
/// finds a node for one Pod; `BindingCycle` has it bound there, while the next Pod is dealt with.
package dev.tiphys.scheduler;
