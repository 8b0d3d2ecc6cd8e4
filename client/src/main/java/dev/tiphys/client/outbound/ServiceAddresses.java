package dev.tiphys.client.outbound;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import java.net.URI;
import java.net.URISyntaxException;

/// Where the Services of the cluster are, for programs outside of its network.
///
/// @param services all Services
public record ServiceAddresses(Informer services) {

  /// The same, with the Service's own address in the place of its name; unchanged if the host is no
  /// Service that has one.
  ///
  /// Names are as Pods know them: `NAME.NAMESPACE`, with `.svc` or the cluster's domain behind it.
  public URI of(URI uri) {
    String host = uri.getHost();
    if (host == null) {
      return uri;
    }
    String[] parts = host.replaceAll("\\.svc(\\.cluster\\.local)?\\.?$", "").split("\\.", -1);
    Struct service = parts.length == 2 ? services.find(parts[1], parts[0]) : null;
    String address = service == null ? "" : service.string("spec", "clusterIP");
    if (address.isEmpty() || address.equals("None")) {
      return uri;
    }
    try {
      return new URI(
          uri.getScheme(),
          uri.getUserInfo(),
          address.contains(":") ? "[" + address + "]" : address,
          uri.getPort(),
          uri.getPath(),
          uri.getQuery(),
          uri.getFragment());
    } catch (URISyntaxException e) {
      return uri;
    }
  }
}
