/// The ReplicaSets of Rollouts: which template is whose, how they are made, named, numbered and
/// given up.
package dev.tiphys.delivery.replicasets;
