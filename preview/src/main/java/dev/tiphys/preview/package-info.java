/// What would happen to a cluster if something were applied: its objects are copied into an API
/// server in memory, and the real controllers and the real scheduler go on from there under virtual
/// time. Nothing is written to the cluster.
///
/// A preview goes through four steps, a class for each: [dev.tiphys.preview.ClusterCopy] reads,
/// [dev.tiphys.preview.Fork] goes on, [dev.tiphys.preview.Changes] applies, and
/// [dev.tiphys.preview.Observations] notes what follows. How long containers take and which of them
/// fail is guessed from what the cluster has lived through: [dev.tiphys.preview.Experience].
package dev.tiphys.preview;
