/// Servers of the Prometheus family that are kept: one for each object of a kind.
package dev.tiphys.monitoring.server;
