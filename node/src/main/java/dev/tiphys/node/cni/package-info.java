/// The network of Pods on one node, by the standard plugins of the container network interface: a
/// cable to each Pod, addresses from the node's range.
package dev.tiphys.node.cni;
