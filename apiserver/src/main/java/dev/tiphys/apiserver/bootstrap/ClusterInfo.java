package dev.tiphys.apiserver.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Yaml;
import java.util.Base64;
import java.util.List;

/// What nodes that join may know of the cluster before they know it: where it is, and its
/// authority. It stands in the ConfigMap `kube-public/cluster-info`, which may be read without
/// proof of an identity, and which is signed with the tokens to join with.
///
/// @param server the API server's URL
/// @param authority the certificates of its authority, as PEM
public record ClusterInfo(String server, String authority) {

  private static final String NAMESPACE = "kube-public";
  private static final String NAME = "cluster-info";
  private static final String CONTENT = "kubeconfig";

  /// Puts it there. Its signatures stay: replacing them is the signer's work.
  void ensure(Api api) {
    Struct present = api.find(ApiResource.CONFIG_MAPS, NAMESPACE, NAME);
    String kubeconfig = kubeconfig();
    if (present == null) {
      create(api, kubeconfig);
    } else if (!present.string("data", CONTENT).equals(kubeconfig)) {
      api.update(
          ApiResource.CONFIG_MAPS,
          present.with("data", present.struct("data").with(CONTENT, kubeconfig)));
    }
  }

  private static void create(Api api, String kubeconfig) {
    Struct metadata = Struct.of("name", NAME, "namespace", NAMESPACE);
    try {
      api.create(
          ApiResource.CONFIG_MAPS,
          Struct.of("metadata", metadata, "data", Struct.of(CONTENT, kubeconfig)));
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  private String kubeconfig() {
    Struct cluster =
        Struct.of(
            "certificate-authority-data",
            Base64.getEncoder().encodeToString(authority.getBytes(UTF_8)),
            "server",
            server);
    return Yaml.text(
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("clusters", List.of(Struct.of("cluster", cluster, "name", "")))
            .add("contexts", Null.NULL)
            .add("current-context", "")
            .add("kind", "Config")
            .add("users", Null.NULL)
            .build());
  }
}
