/// Brings what runs on the node to what the Pods bound to it ask for.
///
/// Each Pod has a [dev.tiphys.node.sync.PodWorker], which observes what runs of it
/// ([dev.tiphys.node.pod.Observation]), lets the pure [dev.tiphys.node.sync.PodPlanner] say what to
/// do next, and does it.
package dev.tiphys.node.sync;
