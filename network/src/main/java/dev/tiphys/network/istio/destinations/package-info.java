/// What the destinations of routes are: the hosts that they name, the DestinationRules and
/// ServiceEntries that count for a client, and the Secrets by which endpoints are spoken to.
///
/// [Destinations] gives a backend for each, as it is seen from a [Place].
package dev.tiphys.network.istio.destinations;
