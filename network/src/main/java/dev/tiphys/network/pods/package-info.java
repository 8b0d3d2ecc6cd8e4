/// The network of Pods over several nodes: each node knows by which of the others a Pod is reached.
///
/// [dev.tiphys.network.pods.PodRoutes] follows Nodes and keeps a route to the range of each:
/// straight to a node on the same link, through a VXLAN to any other.
package dev.tiphys.network.pods;
