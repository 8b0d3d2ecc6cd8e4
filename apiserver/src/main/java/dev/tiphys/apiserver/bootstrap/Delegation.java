package dev.tiphys.apiserver.bootstrap;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.Pem;
import java.security.cert.X509Certificate;
import java.util.List;

/// How servers of other groups of the API learn what to believe: the authorities of clients, and
/// those of the front proxy, which names users in headers.
///
/// @param clients vouch for clients
/// @param frontProxy vouch for the front proxy
/// @param name that the front proxy's certificate has
public record Delegation(
    List<X509Certificate> clients, List<X509Certificate> frontProxy, String name) {

  public Delegation {
    clients = List.copyOf(clients);
    frontProxy = List.copyOf(frontProxy);
  }

  /// The ConfigMap `kube-system/extension-apiserver-authentication`.
  Struct configMap() {
    Struct data =
        new StructBuilder()
            .add("client-ca-file", Pem.of(clients))
            .add("requestheader-allowed-names", Json.text(List.of(name)))
            .add("requestheader-client-ca-file", Pem.of(frontProxy))
            .add("requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]")
            .add("requestheader-group-headers", "[\"X-Remote-Group\"]")
            .add("requestheader-uid-headers", "[\"X-Remote-Uid\"]")
            .add("requestheader-username-headers", "[\"X-Remote-User\"]")
            .build();
    return Struct.of(
        "metadata",
        Struct.of("name", "extension-apiserver-authentication", "namespace", "kube-system"),
        "data",
        data);
  }
}
