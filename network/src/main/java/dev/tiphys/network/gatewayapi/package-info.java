/// The Gateway API (`gateway.networking.k8s.io`), made into tables of the HTTP engine.
///
/// [GatewayListeners] reads Gateways, [Attachments] finds which routes are served at which
/// listeners, [RuleActions] and [HttpMatch] read rules, and [PortTables] makes what is served at
/// each port: none of them has side effects but for the backends that are kept. [GatewayApi]
/// follows the cluster and has the edge serve what comes out, and [GatewayStatus] writes down what
/// was found.
package dev.tiphys.network.gatewayapi;
