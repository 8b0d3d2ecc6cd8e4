package dev.tiphys.node.volumes;

import dev.tiphys.client.ApiResource;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.spec.DownwardFields;
import dev.tiphys.node.spec.References;
import dev.tiphys.node.spec.StartFailure;
import dev.tiphys.node.volumes.Payload.Content;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What belongs into the volumes that come from objects of the API.
final class Payloads {
  private static final int USUAL_MODE = 0644;

  /// The group is given its part when the file is given to it.
  private static final int OWNED_BY_GROUP = 0600;

  private final References references;
  private final ServiceAccountTokens tokens;
  private final TrustBundles bundles;

  Payloads(References references, ServiceAccountTokens tokens, TrustBundles bundles) {
    this.references = references;
    this.tokens = tokens;
    this.bundles = bundles;
  }

  Payload secret(Struct source, Pod pod) throws VolumeFailure {
    return new Payload(
        object(
            ApiResource.SECRETS,
            source,
            source.string("secretName"),
            pod.namespace(),
            mode(source, USUAL_MODE)));
  }

  Payload configMap(Struct source, Pod pod) throws VolumeFailure {
    return new Payload(
        object(
            ApiResource.CONFIG_MAPS,
            source,
            source.string("name"),
            pod.namespace(),
            mode(source, USUAL_MODE)));
  }

  Payload downward(Struct source, DownwardFields fields) throws VolumeFailure {
    return new Payload(downward(source.structs("items"), fields, mode(source, USUAL_MODE)));
  }

  Payload projected(Struct source, DownwardFields fields) throws VolumeFailure {
    int mode = mode(source, USUAL_MODE);
    String namespace = fields.pod().namespace();
    Map<String, Content> files = new HashMap<>();
    for (Struct part : source.structs("sources")) {
      if (part.has("secret")) {
        Struct secret = part.struct("secret");
        files.putAll(object(ApiResource.SECRETS, secret, secret.string("name"), namespace, mode));
      } else if (part.has("configMap")) {
        Struct map = part.struct("configMap");
        files.putAll(object(ApiResource.CONFIG_MAPS, map, map.string("name"), namespace, mode));
      } else if (part.has("downwardAPI")) {
        files.putAll(downward(part.structs("downwardAPI", "items"), fields, mode));
      } else if (part.has("serviceAccountToken")) {
        Struct token = part.struct("serviceAccountToken");
        files.put(token.string("path"), credential(tokens.of(token, fields.pod()), fields, mode));
      } else if (part.has("clusterTrustBundle")) {
        Struct bundle = part.struct("clusterTrustBundle");
        files.put(bundle.string("path"), credential(bundles.of(bundle), fields, mode));
      }
    }
    return new Payload(files);
  }

  private static Content credential(String value, DownwardFields fields, int mode) {
    return new Content(value, group(fields.pod()) == null ? mode : OWNED_BY_GROUP);
  }

  private Map<String, Content> object(
      ApiResource resource, Struct source, String name, String namespace, int mode)
      throws VolumeFailure {
    boolean optional = source.bool("optional");
    Map<String, byte[]> data;
    try {
      data = references.data(resource, namespace, name, optional);
    } catch (StartFailure e) {
      throw new VolumeFailure(e.message());
    }
    Map<String, Content> files = new HashMap<>();
    if (data == null) {
      return files;
    }
    List<Struct> items = source.structs("items");
    if (items.isEmpty()) {
      data.forEach((key, value) -> files.put(key, new Content(value, mode)));
    }
    for (Struct item : items) {
      byte[] value = data.get(item.string("key"));
      if (value != null) {
        files.put(item.string("path"), new Content(value, mode(item, mode)));
      } else if (!optional) {
        String kind = resource.equals(ApiResource.SECRETS) ? "secret" : "config";
        throw new VolumeFailure(
            "references non-existent %s key: %s".formatted(kind, item.string("key")));
      }
    }
    return files;
  }

  private static Map<String, Content> downward(List<Struct> items, DownwardFields fields, int mode)
      throws VolumeFailure {
    Map<String, Content> files = new HashMap<>();
    for (Struct item : items) {
      try {
        String value =
            item.has("fieldRef")
                ? fields.field(item.string("fieldRef", "fieldPath"))
                : fields.resource(item.struct("resourceFieldRef"), null);
        files.put(item.string("path"), new Content(value, mode(item, mode)));
      } catch (StartFailure e) {
        throw new VolumeFailure(e.message());
      }
    }
    return files;
  }

  private static int mode(Struct source, int otherwise) {
    for (String field : List.of("defaultMode", "mode")) {
      Object mode = source.get(field);
      if (mode instanceof Long number) {
        return Math.toIntExact(number);
      }
    }
    return otherwise;
  }

  /// The group that a Pod's files belong to; null if it names none.
  static @Nullable Long group(Pod pod) {
    return pod.security().get("fsGroup") instanceof Long group ? group : null;
  }
}
