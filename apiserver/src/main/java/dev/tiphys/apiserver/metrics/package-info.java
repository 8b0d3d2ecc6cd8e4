/// What `/metrics` tells, under upstream's names, in Prometheus' text format.
package dev.tiphys.apiserver.metrics;
