/// The names of the cluster: Services, their endpoints and Pods, as the specification of DNS in
/// Kubernetes (1.1.0) has them.
package dev.tiphys.network.dns.records;
