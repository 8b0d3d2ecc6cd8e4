package dev.tiphys.network.loadbalancer;

import java.io.Serial;

/// Why a Service can have no address now.
final class LoadBalancerException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  LoadBalancerException(String message) {
    super(message);
  }
}
