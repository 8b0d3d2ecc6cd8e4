package dev.tiphys.secrets.model;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A ClusterExternalSecret.
public record ClusterExternalSecret(Struct object) {

  /// Has the store asked at once when it changes.
  private static final String FORCE_SYNC = "external-secrets.io/force-sync";

  private static final Duration INTERVAL = Duration.ofHours(1);

  public Meta meta() {
    return Meta.of(object);
  }

  public String name() {
    return meta().name();
  }

  public Struct spec() {
    return object.struct("spec");
  }

  public Struct status() {
    return object.struct("status");
  }

  /// What its ExternalSecrets are called.
  public String externalName() {
    String name = spec().string("externalSecretName");
    return name.isEmpty() ? name() : name;
  }

  /// How often it is looked at without a change.
  public Duration interval() {
    String text = spec().string("refreshTime");
    return text.isEmpty() ? INTERVAL : GoDuration.parse(text);
  }

  /// The namespaces that have its ExternalSecret.
  public List<String> provisioned() {
    return status().strings("provisionedNamespaces");
  }

  /// What keeps a namespace from going before its ExternalSecret.
  public String namespaceFinalizer() {
    return "externalsecrets.external-secrets.io/ces-" + name();
  }

  /// Whether a namespace is to have its ExternalSecret.
  ///
  /// @throws IllegalArgumentException if a selector is none
  public boolean selects(Struct namespace) {
    List<Struct> selectors = new ArrayList<>(spec().structs("namespaceSelectors"));
    if (spec().has("namespaceSelector")) {
      selectors.add(spec().struct("namespaceSelector"));
    }
    Meta meta = Meta.of(namespace);
    boolean selected = spec().strings("namespaces").contains(meta.name());
    for (Struct selector : selectors) {
      selected |= LabelSelector.from(selector).matches(meta.labels());
    }
    return selected;
  }

  /// Its ExternalSecret in a namespace.
  ///
  /// @param before null if it is not there
  public Struct external(String namespace, @Nullable Struct before) {
    Struct given = spec().struct("externalSecretMetadata");
    StructBuilder annotations = StructBuilder.from(given.struct("annotations"));
    String force = meta().annotation(FORCE_SYNC);
    if (!force.isEmpty()) {
      annotations.put(FORCE_SYNC, force);
    }
    Struct metadata =
        before == null
            ? Struct.of("name", externalName(), "namespace", namespace)
            : before.struct("metadata");
    return new StructBuilder()
        .add("apiVersion", SecretsResources.EXTERNAL_SECRETS.groupVersion().toString())
        .add("kind", SecretsResources.EXTERNAL_SECRETS.kind())
        .add(
            "metadata",
            withOrWithout(
                    withOrWithout(metadata, "labels", given.struct("labels")),
                    "annotations",
                    annotations.build())
                .with("ownerReferences", List.of(meta().asController())))
        .add("spec", spec().struct("externalSecretSpec"))
        .build();
  }

  private static Struct withOrWithout(Struct metadata, String field, Struct value) {
    return value.isEmpty() ? metadata.without(field) : metadata.with(field, value);
  }

  /// Whether an ExternalSecret is one of its own.
  public boolean owns(Struct external) {
    Struct owner = Meta.of(external).controller();
    return owner != null
        && owner.string("kind").equals(SecretsResources.CLUSTER_EXTERNAL_SECRETS.kind())
        && owner.string("apiVersion").startsWith(SecretsResources.GROUP + "/")
        && owner.string("name").equals(name());
  }
}
