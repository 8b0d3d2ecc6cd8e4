/// What a Prometheus scrapes of the cluster itself.
package dev.tiphys.monitoring.jobs;
