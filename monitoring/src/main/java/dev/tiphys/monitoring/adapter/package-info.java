/// Metrics of Prometheus as APIs of metrics, for autoscalers, by the rules of the Prometheus
/// Adapter.
package dev.tiphys.monitoring.adapter;
