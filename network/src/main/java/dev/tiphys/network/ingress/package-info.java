/// Ingresses, as ingress-nginx understands them, made into a table of the HTTP engine.
///
/// [Locations] merges the Ingresses of a host, [HostRoutes] makes its routes of that: both without
/// side effects. [IngressController] follows the cluster and has the engine serve what comes out.
package dev.tiphys.network.ingress;
