/// Finds what is scraped in the cluster, as Prometheus' own discovery of Kubernetes does, and hands
/// it to Prometheus in files: Debian's Prometheus is built without that discovery.
package dev.tiphys.monitoring.discovery;
