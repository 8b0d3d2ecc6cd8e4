/// Alertmanagers, and where alerts go.
package dev.tiphys.monitoring.alerting;
