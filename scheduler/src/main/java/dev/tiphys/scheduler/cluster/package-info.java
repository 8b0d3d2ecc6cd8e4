/// The cluster as the scheduler sees it: nodes with what they have and what is taken, and Pods by
/// what they ask of a node.
///
/// A [dev.tiphys.scheduler.cluster.NodeInfo] has a generation, which grows with each change that a
/// plugin could see: what was worked out about a node holds as long as its generation does. A
/// [dev.tiphys.scheduler.cluster.PodTemplate] is read once for all Pods that ask the same.
///
/// Threads: objects are parsed on the informers' tasks into immutable values; everything that
/// changes belongs to the scheduling task.
package dev.tiphys.scheduler.cluster;
