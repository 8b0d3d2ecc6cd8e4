/// What parts count, and how it is told: in Prometheus' text format.
package dev.tiphys.metrics;
