/// What of volumes is on a node, and for which Pods: written down before it is done, so that the
/// next agent knows.
package dev.tiphys.node.volumes.ledger;
