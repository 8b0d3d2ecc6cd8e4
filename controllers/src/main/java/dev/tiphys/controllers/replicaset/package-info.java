/// Keeps as many Pods of a template as are wanted: ReplicaSets and ReplicationControllers.
package dev.tiphys.controllers.replicaset;
