package dev.tiphys.apiserver.bootstrap;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.Pem;
import java.security.cert.X509Certificate;
import java.util.List;

/// How servers of other groups of the API learn what to believe: the authority of clients, and that
/// of the front proxy, which names users in headers.
///
/// @param clients vouches for clients
/// @param frontProxy vouches for the front proxy
/// @param name that the front proxy's certificate has
public record Delegation(X509Certificate clients, X509Certificate frontProxy, String name) {

  /// The ConfigMap `kube-system/extension-apiserver-authentication`.
  Struct configMap() {
    Struct data =
        new StructBuilder()
            .add("client-ca-file", Pem.of(List.of(clients)))
            .add("requestheader-allowed-names", Json.text(List.of(name)))
            .add("requestheader-client-ca-file", Pem.of(List.of(frontProxy)))
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
