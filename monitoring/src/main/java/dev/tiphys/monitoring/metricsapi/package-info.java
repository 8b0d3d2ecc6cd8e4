/// The API `metrics.k8s.io`: what nodes and Pods use now.
package dev.tiphys.monitoring.metricsapi;
