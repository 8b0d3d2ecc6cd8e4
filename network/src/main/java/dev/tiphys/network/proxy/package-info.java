/// The service proxy: connections to the addresses of Services reach their endpoints.
///
/// [dev.tiphys.network.proxy.Proxy] follows Services and EndpointSlices, plans for each Service
/// which rules it needs, and lets the kernel make what has changed, all at once.
package dev.tiphys.network.proxy;
