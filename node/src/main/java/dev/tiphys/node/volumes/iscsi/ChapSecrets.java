package dev.tiphys.node.volumes.iscsi;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.node.volumes.VolumeFailure;
import dev.tiphys.node.volumes.VolumeRequest;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// Reads the Secrets that volumes name for their targets.
///
/// Threads: any.
record ChapSecrets(Api api) {

  Chap of(VolumeRequest request) throws VolumeFailure {
    Struct source = request.source().struct("iscsi");
    boolean discovery = source.bool("chapAuthDiscovery");
    boolean session = source.bool("chapAuthSession");
    Struct reference = source.struct("secretRef");
    return new Chap(
        discovery,
        session,
        (discovery || session) && reference.has("name") ? read(request, reference) : Map.of());
  }

  private Map<String, String> read(VolumeRequest request, Struct reference) throws VolumeFailure {
    String named = reference.string("namespace");
    String namespace = named.isEmpty() ? request.pod().namespace() : named;
    String name = reference.string("name");
    try {
      Map<String, String> values = new HashMap<>();
      api.get(ApiResource.SECRETS, namespace, name)
          .struct("data")
          .forEach((key, value) -> values.put(key, decoded(String.valueOf(value))));
      return values;
    } catch (ApiException e) {
      throw new VolumeFailure(
          "couldn't get secret %s/%s error: %s".formatted(namespace, name, e.message()));
    }
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
