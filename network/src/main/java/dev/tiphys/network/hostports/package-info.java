/// The ports of a node that lead to its Pods.
package dev.tiphys.network.hostports;
