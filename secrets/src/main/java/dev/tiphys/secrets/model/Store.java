package dev.tiphys.secrets.model;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;

/// A SecretStore or a ClusterSecretStore.
public record Store(Struct object) {

  public StoreKey key() {
    Meta meta = Meta.of(object);
    return new StoreKey(isCluster(), meta.namespace(), meta.name());
  }

  public boolean isCluster() {
    return object.string("kind").equals(SecretsResources.CLUSTER_SECRET_STORES.kind());
  }

  public ApiResource resource() {
    return key().resource();
  }

  public String name() {
    return Meta.of(object).name();
  }

  public Struct spec() {
    return object.struct("spec");
  }

  /// Whether it is for this class of controllers.
  public boolean isOurs() {
    return ControllerClass.isOurs(spec().string("controller"));
  }

  /// What it is a store of: `vault`; empty if that is not one thing.
  public String provider() {
    List<String> names = spec().struct("provider").names();
    return names.size() == 1 ? names.getFirst() : "";
  }

  /// What it says of where and how.
  public Struct settings() {
    return spec().struct("provider").struct(provider());
  }

  public boolean isReady() {
    return Meta.isTrue(object, "Ready");
  }

  /// Whether objects of a namespace may name it.
  ///
  /// @param namespace the object itself
  public boolean allows(Struct namespace) {
    List<Struct> conditions = spec().structs("conditions");
    return !isCluster()
        || conditions.isEmpty()
        || conditions.stream().anyMatch(condition -> allows(condition, Meta.of(namespace)));
  }

  private static boolean allows(Struct condition, Meta namespace) {
    return condition.strings("namespaces").contains(namespace.name())
        || condition.has("namespaceSelector")
            && LabelSelector.from(condition.struct("namespaceSelector")).matches(namespace.labels())
        || condition.strings("namespaceRegexes").stream()
            .anyMatch(expression -> matches(expression, namespace.name()));
  }

  private static boolean matches(String expression, String name) {
    try {
      return Pattern.compile(expression).matcher(name).find();
    } catch (PatternSyntaxException e) {
      return false; // admission refuses it
    }
  }
}
