/// Brings a Deployment from one Pod template to the next, by growing one ReplicaSet and shrinking
/// the others.
///
/// A [dev.tiphys.controllers.deployment.Rollout] is one look at one Deployment. What it decides is
/// computed by pure parts: [dev.tiphys.controllers.deployment.RollingUpdate] and
/// [dev.tiphys.controllers.deployment.ProportionalScaling] say how large each ReplicaSet is to be,
/// [dev.tiphys.controllers.deployment.Progress] what the status says.
package dev.tiphys.controllers.deployment;
