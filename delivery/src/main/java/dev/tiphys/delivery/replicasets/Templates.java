package dev.tiphys.delivery.replicasets;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import dev.tiphys.schema.defaults.Defaults;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Pod templates as a ReplicaSet holds them: a Rollout's own lacks the defaults, and a ReplicaSet's
/// has what was added to it.
public final class Templates {

  private static final Resource RESOURCE =
      ResourceTable.builtIn().stream()
          .filter(
              resource ->
                  resource.plural().equals(ApiResource.REPLICA_SETS.plural())
                      && resource.kind().equals(ApiResource.REPLICA_SETS.kind())
                      && resource.groupVersion().equals(ApiResource.REPLICA_SETS.groupVersion()))
          .findFirst()
          .orElseThrow();

  /// What a hash is a label of; Deployments' may come with a workload's template.
  private static final List<String> HASHES = List.of(Labels.HASH, "pod-template-hash");

  private Templates() {}

  public static Resource replicaSets() {
    return RESOURCE;
  }

  /// A template with its defaults, and without the labels that tell templates apart.
  ///
  /// @throws dev.tiphys.schema.DecodingException if a field has a type that it can't have
  public static Struct complete(Struct template) {
    Struct wrapped =
        new StructBuilder()
            .add("apiVersion", ApiResource.REPLICA_SETS.apiVersion())
            .add("kind", ApiResource.REPLICA_SETS.kind())
            .add("spec", Struct.of("template", template))
            .build();
    Struct whole = Defaults.apply(RESOURCE, RESOURCE.schema().normalize(wrapped));
    return withoutHashes(whole.struct("spec", "template"));
  }

  /// The template that a ReplicaSet was made of, with its defaults.
  public static Struct original(ReplicaSet set) {
    Struct template = AntiAffinity.removed(withoutHashes(set.template()));
    Struct ephemeral = ephemeral(set);
    return cleaned(cleaned(template, "labels", ephemeral), "annotations", ephemeral);
  }

  /// The labels and annotations that a ReplicaSet's Pods have for the part they play.
  public static Struct ephemeral(ReplicaSet set) {
    String noted = Meta.of(set.object()).annotation(Labels.EPHEMERAL);
    try {
      return !noted.isEmpty()
              && Json.parse(noted.getBytes(StandardCharsets.UTF_8)) instanceof Struct struct
          ? struct
          : Struct.EMPTY;
    } catch (EncodingException e) {
      return Struct.EMPTY; // not ours, so nothing of it was added
    }
  }

  private static Struct cleaned(Struct template, String field, Struct ephemeral) {
    return without(template, field, ephemeral.struct(field).names());
  }

  private static Struct withoutHashes(Struct template) {
    return without(template, "labels", HASHES);
  }

  static Struct without(Struct template, String field, List<String> keys) {
    Struct left = template.struct("metadata", field);
    for (String key : keys) {
      left = left.without(key);
    }
    if (left.equals(template.struct("metadata", field))) {
      return template;
    }
    return left.isEmpty()
        ? template.withoutAt("metadata", field)
        : template.withAt(left, "metadata", field);
  }
}
