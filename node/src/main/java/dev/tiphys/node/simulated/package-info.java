/// Nodes that do everything but start containers: thousands of them in one process, for tests and
/// for scale.
///
/// To the API they are nodes like others: they register, renew their leases, report their status,
/// and bring the Pods that are bound to them to life and to an end. What containers would do is
/// told by annotations of the Pod, see `Script`, or by a `Behaviours` of the caller's where the
/// nodes of a copied cluster are played, see `SimulatedPods`.
package dev.tiphys.node.simulated;
