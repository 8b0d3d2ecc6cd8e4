/// Shares in an Ingress of the canary's own, beside that of the stable version.
package dev.tiphys.delivery.traffic.nginx;
