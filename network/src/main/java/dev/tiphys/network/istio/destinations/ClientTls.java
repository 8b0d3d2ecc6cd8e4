package dev.tiphys.network.istio.destinations;

import dev.tiphys.http.Authorities;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads the `tls` of a DestinationRule: how connections to endpoints are secured.
///
/// With `ISTIO_MUTUAL` it is the sidecars that speak TLS: there are none here, and none is needed.
///
/// @param credentials where keys and certificates are
record ClientTls(Credentials credentials) {

  /// The authorities that the machine knows, in the place of a file.
  private static final String OF_MACHINE = "system";

  /// @param namespace of the DestinationRule
  /// @param host that endpoints are asked for if nothing else is said
  /// @return null for no TLS
  /// @throws IllegalArgumentException says why it can't be kept
  @Nullable EndpointTls read(Struct tls, String namespace, String host) {
    String mode = tls.string("mode");
    if (!mode.equals("SIMPLE") && !mode.equals("MUTUAL")) {
      return null;
    }
    String credential = tls.string("credentialName");
    EndpointTls.Identity identity = null;
    if (mode.equals("MUTUAL")) {
      if (credential.isEmpty()) {
        throw new IllegalArgumentException(
            "tls mode MUTUAL is not served with certificates in files: name a Secret in"
                + " credentialName");
      }
      Credentials.Pair pair = credentials.pair(namespace, credential);
      identity = new EndpointTls.Identity(pair.key(), pair.chain());
    }
    if (tls.has("caCrl")) {
      throw new IllegalArgumentException(
          "tls.caCrl is a file, which is not read here: put ca.crl into the Secret of"
              + " credentialName");
    }
    String name = tls.string("sni").isEmpty() ? host : tls.string("sni");
    return new EndpointTls(
        name, tls.bool("insecureSkipVerify") ? null : trust(tls, namespace), identity);
  }

  private EndpointTls.Trust trust(Struct tls, String namespace) {
    List<String> hosts = new ArrayList<>();
    List<String> uris = new ArrayList<>();
    for (String name : tls.strings("subjectAltNames")) {
      if (name.contains("://")) {
        uris.add(name);
      } else {
        hosts.add(name.toLowerCase(Locale.ROOT));
      }
    }
    return new EndpointTls.Trust(authorities(tls, namespace), hosts, uris);
  }

  /// Null stands for the authorities that the machine knows.
  private @Nullable Authorities authorities(Struct tls, String namespace) {
    if (tls.has("credentialName")) {
      return credentials.authorities(namespace, tls.string("credentialName"));
    }
    String file = tls.string("caCertificates");
    if (!file.isEmpty() && !file.equals(OF_MACHINE)) {
      throw new IllegalArgumentException(
          "tls.caCertificates is a file, which is not read here: name a Secret in credentialName");
    }
    return null;
  }
}
