/// The volumes of Pods, as directories of the node.
///
/// [dev.tiphys.node.volumes.PodVolumes] makes, refreshes and removes them. What comes from objects
/// of the API is a [dev.tiphys.node.volumes.Payload], which [dev.tiphys.node.volumes.AtomicWriter]
/// puts into a directory so that no reader ever sees half of it.
package dev.tiphys.node.volumes;
