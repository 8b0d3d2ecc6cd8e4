/// Pods that run to an end, as often as is wanted.
///
/// Each Pod carries a finalizer until it has been counted. It is counted in three steps: its uid is
/// written to `status.uncountedTerminatedPods`, its finalizer is taken off, and the count grows as
/// the uid is dropped. So no Pod is counted twice or not at all, wherever the controller is
/// stopped.
package dev.tiphys.controllers.job;
