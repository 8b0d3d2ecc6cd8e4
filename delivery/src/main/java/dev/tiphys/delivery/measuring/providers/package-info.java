/// Where measurements come from: Jobs, answers of programs, Prometheus.
package dev.tiphys.delivery.measuring.providers;
