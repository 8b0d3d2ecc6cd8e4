/// Where a request goes: an immutable table of hosts and their routes.
///
/// A [RouteTable] holds a [VirtualHost] for each name, and a host holds a list of [Route]s: a
/// [PathMatch] and [Condition]s, and the [Action] to take. Whatever feeds the table decides the
/// order of the list, and the first route that matches wins; the index behind a host only finds it
/// without walking through the list. So the rules of precedence of Ingress (the longest prefix), of
/// the Gateway API (the most specific match) and of a VirtualService (as listed) need one engine.
package dev.tiphys.network.router.table;
