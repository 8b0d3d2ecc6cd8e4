package dev.tiphys.apiserver.proxy;

import dev.tiphys.object.api.ApiException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Which addresses requests may be passed on to: not this machine's own, nor those of a link or
/// group, behind which there may be what no client is meant to reach.
final class Addresses {

  private Addresses() {}

  /// @throws ApiException `BAD_REQUEST` if requests must not go there
  static void check(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (address.isLoopbackAddress()
            || address.isLinkLocalAddress()
            || address.isAnyLocalAddress()
            || address.isMulticastAddress()
            || address.getHostAddress().equals("255.255.255.255")) {
          throw notAllowed();
        }
      }
    } catch (UnknownHostException e) {
      throw ApiException.badRequest("lookup " + host + ": no such host");
    }
  }

  static ApiException notAllowed() {
    return ApiException.badRequest("address not allowed");
  }
}
