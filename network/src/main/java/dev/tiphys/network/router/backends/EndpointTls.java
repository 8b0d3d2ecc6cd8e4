package dev.tiphys.network.router.backends;

/// How connections to endpoints are secured. The endpoints' certificates are not verified, as nginx
/// does not.
///
/// @param name the one that endpoints are asked for (SNI); empty for none
public record EndpointTls(String name) {}
