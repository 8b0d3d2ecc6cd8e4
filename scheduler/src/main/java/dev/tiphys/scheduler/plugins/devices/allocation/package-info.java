/// Which devices claims are given on a node. Knows neither Pods nor the API.
package dev.tiphys.scheduler.plugins.devices.allocation;
