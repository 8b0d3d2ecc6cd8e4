package dev.tiphys.node.spec;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The ConfigMaps and Secrets that Pods refer to, as the API has them at the moment.
///
/// Threads: any.
public final class References {
  private final Api api;

  public References(Api api) {
    this.api = api;
  }

  /// What a ConfigMap or Secret holds, by key. Null if it does not exist and may be missing.
  ///
  /// @throws StartFailure with upstream's message, if it does not exist and must
  public @Nullable Map<String, byte[]> data(
      ApiResource resource, String namespace, String name, boolean optional) throws StartFailure {
    try {
      Struct object = api.get(resource, namespace, name);
      return resource.equals(ApiResource.SECRETS) ? secret(object) : configMap(object);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw StartFailure.config(e.message());
      }
      if (optional) {
        return null;
      }
      String kind = resource.equals(ApiResource.SECRETS) ? "secret" : "configmap";
      throw StartFailure.config(kind + " \"" + name + "\" not found");
    }
  }

  private static Map<String, byte[]> secret(Struct object) {
    Map<String, byte[]> data = new TreeMap<>();
    object.struct("data").forEach((key, value) -> data.put(key, decoded(value)));
    return data;
  }

  private static Map<String, byte[]> configMap(Struct object) {
    Map<String, byte[]> data = new TreeMap<>();
    object
        .struct("data")
        .forEach(
            (key, value) -> data.put(key, String.valueOf(value).getBytes(StandardCharsets.UTF_8)));
    object.struct("binaryData").forEach((key, value) -> data.put(key, decoded(value)));
    return data;
  }

  private static byte[] decoded(Object value) {
    return value instanceof String text ? Base64.getDecoder().decode(text) : new byte[0];
  }
}
