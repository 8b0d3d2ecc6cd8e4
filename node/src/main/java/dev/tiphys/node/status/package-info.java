/// What the agent writes into a Pod's status, and when.
///
/// [dev.tiphys.node.status.PodStatuses] computes it, from what was observed and what the API has;
/// [dev.tiphys.node.status.StatusWriter] writes what changed.
package dev.tiphys.node.status;
