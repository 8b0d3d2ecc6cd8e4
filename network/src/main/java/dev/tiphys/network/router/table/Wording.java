package dev.tiphys.network.router.table;

/// In whose words the proxy answers when a request could not be passed on: clients and their
/// scripts know those of the proxy that they were written for.
public enum Wording {
  /// Pages of HTML that name the status.
  NGINX,
  /// A line of text; what can't be reached is 503, never 502.
  ENVOY
}
