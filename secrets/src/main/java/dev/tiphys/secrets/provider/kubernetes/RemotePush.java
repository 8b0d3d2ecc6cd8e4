package dev.tiphys.secrets.provider.kubernetes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.secrets.provider.PushMetadata;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.StoreException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What is to be in a Secret elsewhere.
record RemotePush(Pushed pushed, PushMetadata metadata, String namespace) {

  private static final Set<String> FIELDS =
      Set.of("targetMergePolicy", "sourceMergePolicy", "labels", "annotations", "remoteNamespace");

  /// @param namespace of the store
  /// @param cluster whether the store is a ClusterSecretStore, whose pushes may go to other
  ///   namespaces
  static RemotePush of(Pushed pushed, String namespace, boolean cluster) {
    if (pushed.place().property().isEmpty() && !pushed.key().isEmpty()) {
      throw new StoreException(
          "requires property in RemoteRef to push secret value if secret key is defined");
    }
    PushMetadata metadata = PushMetadata.of(pushed.metadata(), FIELDS);
    String named = metadata.spec().string("remoteNamespace");
    if (!named.isEmpty() && !cluster) {
      throw new StoreException(
          "remoteNamespace override is only supported with ClusterSecretStore");
    }
    String source = metadata.text("sourceMergePolicy", "Merge");
    if (!Set.of("Merge", "Replace").contains(source)) {
      throw new StoreException("unexpected source merge policy \"%s\"".formatted(source));
    }
    return new RemotePush(pushed, metadata, named.isEmpty() ? namespace : named);
  }

  /// Makes or changes it, unless it is so already.
  Struct apply(Api api) {
    String name = pushed.place().key();
    Struct there = api.find(ApiResource.SECRETS, namespace, name);
    if (there == null) {
      Struct empty =
          Struct.of("apiVersion", "v1", "kind", "Secret")
              .with("metadata", Struct.of("name", name, "namespace", namespace))
              .with("type", "Opaque");
      return api.create(ApiResource.SECRETS, changed(empty));
    }
    Struct wanted = changed(there);
    return wanted.equals(there) ? there : api.update(ApiResource.SECRETS, wanted);
  }

  private Struct changed(Struct secret) {
    Struct changed = secret;
    for (String part : new String[] {"labels", "annotations"}) {
      Struct merged = merged(secret.struct("metadata", part), metadata.spec().struct(part));
      changed =
          merged.isEmpty()
              ? changed.withoutAt("metadata", part)
              : changed.withAt(merged, "metadata", part);
    }
    return changed.with("data", SecretData.encoded(data(SecretData.of(secret))));
  }

  private Struct merged(Struct there, Struct given) {
    String policy = metadata.text("targetMergePolicy", "Merge");
    return switch (policy) {
      case "Merge" -> StructBuilder.from(there).addAll(given).build();
      case "Replace" -> given;
      case "Ignore" -> there;
      default ->
          throw new StoreException("unexpected target merge policy \"%s\"".formatted(policy));
    };
  }

  private Map<String, byte[]> data(Map<String, byte[]> there) {
    String property = pushed.place().property();
    if (property.isEmpty()) {
      return pushed.values();
    }
    Map<String, byte[]> data = new TreeMap<>(there);
    data.put(property, pushed.value());
    return data;
  }
}
