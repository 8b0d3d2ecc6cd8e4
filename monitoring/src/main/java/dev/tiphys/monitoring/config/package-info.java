/// The configuration of Prometheus, made from objects: pure, and the same for the same objects.
package dev.tiphys.monitoring.config;
