/// Monitoring, in the manner of the Prometheus Operator.
package dev.tiphys.monitoring;
