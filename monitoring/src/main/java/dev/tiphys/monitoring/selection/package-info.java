/// Which objects a Prometheus takes, and which of them are rejected, as the Prometheus Operator
/// says it.
package dev.tiphys.monitoring.selection;
