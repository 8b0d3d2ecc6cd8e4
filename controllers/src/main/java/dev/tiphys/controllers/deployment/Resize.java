package dev.tiphys.controllers.deployment;

/// A ReplicaSet is to have another number of Pods.
///
/// @param replicaSet which one
/// @param replicas how many
record Resize(ReplicaSet replicaSet, long replicas) {}
