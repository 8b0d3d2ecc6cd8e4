/// Prometheus servers as programs of this machine, and what keeps them as their objects say.
package dev.tiphys.monitoring.prometheus;
