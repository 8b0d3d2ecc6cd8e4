/// VirtualServices, DestinationRules, Gateways and ServiceEntries (`networking.istio.io`), made
/// into tables of the HTTP engine.
///
/// [HttpRoutes] and [StreamRoutes] make what comes of one VirtualService at one `Place`,
/// `Destinations` knows what their destinations are, and [Gateways] which hosts are served at which
/// ports: none of them has side effects but for the backends that are kept. [MeshPlanner] and
/// [EdgePlanner] put together what is served where. [VirtualServices] follows the cluster, and has
/// the edge and the mesh serve what comes out.
package dev.tiphys.network.istio;
