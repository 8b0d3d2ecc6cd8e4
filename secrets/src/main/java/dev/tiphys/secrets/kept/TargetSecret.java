package dev.tiphys.secrets.kept;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.model.CreationPolicy;
import dev.tiphys.secrets.model.ExternalSecret;
import dev.tiphys.secrets.model.Hashes;
import dev.tiphys.secrets.model.SecretsResources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The Secret that an ExternalSecret keeps. Pure.
public final class TargetSecret {

  /// Marks Secrets that are kept.
  public static final String MANAGED = "reconcile.external-secrets.io/managed";

  /// Says which ExternalSecret owns a Secret.
  public static final String CREATED_BY = "reconcile.external-secrets.io/created-by";

  /// Stands for a Secret's values as they were written.
  public static final String DATA_HASH = "reconcile.external-secrets.io/data-hash";

  private TargetSecret() {}

  /// Whether a Secret is as it was written.
  ///
  /// @param secret null if it is not there
  public static boolean isValid(@Nullable Struct secret, ExternalSecret by) {
    if (by.creation() == CreationPolicy.NONE || by.creation() == CreationPolicy.ORPHAN) {
      return true; // it is whatever others make of it
    }
    if (secret == null) {
      return by.creation() == CreationPolicy.MERGE;
    }
    Meta meta = Meta.of(secret);
    return meta.label(MANAGED).equals("true")
        && meta.annotation(DATA_HASH).equals(Hashes.sha3(SecretData.of(secret)));
  }

  /// The values in a Secret that an ExternalSecret did not write, and that stay in it.
  ///
  /// @param secret null if it is not there
  public static Map<String, byte[]> staying(@Nullable Struct secret, ExternalSecret by) {
    if (secret == null || !by.creation().adds()) {
      return Map.of();
    }
    Map<String, byte[]> values = new LinkedHashMap<>(SecretData.of(secret));
    values.keySet().removeAll(owned(secret, by.manager(), "f:data"));
    return values;
  }

  private static TreeSet<String> owned(Struct secret, String manager, String... path) {
    TreeSet<String> names = new TreeSet<>();
    for (Struct entry : secret.structs("metadata", "managedFields")) {
      if (entry.string("manager").equals(manager)) {
        for (String field : entry.struct("fieldsV1").struct(path).names()) {
          names.add(field.startsWith("f:") ? field.substring(2) : field);
        }
      }
    }
    return names;
  }

  /// What a Secret is to be.
  ///
  /// @param before null if it is not there
  /// @throws TargetException if it is another's
  public static Struct wanted(@Nullable Struct before, ExternalSecret by, Rendered rendered) {
    Struct secret = before == null ? fresh(by) : before;
    StructBuilder object = StructBuilder.from(secret);
    object.put("metadata", metadata(secret, by, rendered));
    object.put("data", SecretData.encoded(rendered.data()));
    if (!rendered.type().isEmpty()) {
      object.put("type", rendered.type());
    }
    Struct made = object.build();
    return by.isImmutable() ? made.with("immutable", true) : made;
  }

  private static Struct fresh(ExternalSecret by) {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", ApiResource.SECRETS.kind())
        .add("metadata", Struct.of("name", by.targetName(), "namespace", by.namespace()))
        .add("type", "Opaque")
        .build();
  }

  private static Struct metadata(Struct secret, ExternalSecret by, Rendered rendered) {
    boolean owns = by.creation() == CreationPolicy.OWNER;
    Map<String, String> labels = new LinkedHashMap<>(rendered.labels());
    labels.put(MANAGED, "true");
    Map<String, String> annotations = new LinkedHashMap<>(rendered.annotations());
    annotations.put(DATA_HASH, Hashes.sha3(rendered.data()));
    if (owns) {
      labels.put(CREATED_BY, by.ownerLabel());
    }
    StructBuilder metadata = StructBuilder.from(secret.struct("metadata"));
    metadata.put("labels", with(secret, by.manager(), "labels", labels));
    metadata.put("annotations", with(secret, by.manager(), "annotations", annotations));
    if (!rendered.finalizers().isEmpty()) {
      TreeSet<String> finalizers = new TreeSet<>(Meta.of(secret).finalizers());
      finalizers.addAll(rendered.finalizers());
      metadata.put("finalizers", List.copyOf(finalizers));
    }
    List<Struct> owners = owners(secret, by, owns);
    Struct made = metadata.build();
    made =
        owners.isEmpty() ? made.without("ownerReferences") : made.with("ownerReferences", owners);
    return owns ? made : made.withoutAt("labels", CREATED_BY);
  }

  /// What was there from elsewhere, and what is written now.
  private static Struct with(
      Struct secret, String manager, String field, Map<String, String> written) {
    StructBuilder all = new StructBuilder();
    Struct before = secret.struct("metadata", field);
    TreeSet<String> ours = owned(secret, manager, "f:metadata", "f:" + field);
    before.forEach(
        (key, value) -> {
          if (!ours.contains(key)) {
            all.put(key, value);
          }
        });
    written.forEach(all::put);
    return all.build();
  }

  private static List<Struct> owners(Struct secret, ExternalSecret by, boolean owns) {
    List<Struct> owners = new ArrayList<>();
    for (Struct owner : Meta.of(secret).owners()) {
      boolean isOfKind =
          owner.string("kind").equals(SecretsResources.EXTERNAL_SECRETS.kind())
              && owner.string("apiVersion").startsWith(SecretsResources.GROUP + "/");
      if (isOfKind && owner.string("name").equals(by.name())) {
        continue; // itself, or the one of the same name before it
      }
      if (owner.bool("controller") && isOfKind) {
        throw new TargetException(
            "target is owned by another ExternalSecret",
            "secret is owned by another ExternalSecret: " + owner.string("name"));
      }
      if (owner.bool("controller") && owns) {
        throw new TargetException(
            "failed to take ownership of target secret",
            "could not set controller reference on secret: Object %s/%s is already owned by another %s controller %s"
                .formatted(
                    by.namespace(), by.targetName(), owner.string("kind"), owner.string("name")));
      }
      owners.add(owner);
    }
    if (owns) {
      owners.add(by.meta().asController());
    }
    return owners;
  }
}
