/// The network of Pods on one node, by the standard plugins of the container network interface: a
/// bridge, addresses from the node's range, ports of the node on request.
package dev.tiphys.node.cni;
