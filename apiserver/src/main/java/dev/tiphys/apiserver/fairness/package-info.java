/// Priority and fairness: how many requests are served at once, and which wait for which.
///
/// A [dev.tiphys.apiserver.fairness.FlowSchema] says which flow a request belongs to, and which
/// [dev.tiphys.apiserver.fairness.PriorityLevel] serves it. A level has seats; when all are taken,
/// requests wait in its queues, a flow in few of them, so that no flow can hold up all others.
/// Levels lend each other the seats that they do not need. See
/// <https://kubernetes.io/docs/concepts/cluster-administration/flow-control/>.
package dev.tiphys.apiserver.fairness;
