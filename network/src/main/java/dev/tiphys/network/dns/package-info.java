/// The cluster's DNS: answers for names of Services and Pods, and asks other servers about the
/// rest.
package dev.tiphys.network.dns;
