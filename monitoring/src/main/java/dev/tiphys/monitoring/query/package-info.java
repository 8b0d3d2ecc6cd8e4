/// Queries of Prometheus.
package dev.tiphys.monitoring.query;
