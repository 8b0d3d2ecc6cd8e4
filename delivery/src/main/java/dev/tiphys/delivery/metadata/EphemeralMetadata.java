package dev.tiphys.delivery.metadata;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.replicasets.Templates;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.patch.MergePatch;

/// Keeps the labels and annotations of Pods as the part wants that their revision plays.
///
/// @param pass the look
public record EphemeralMetadata(Pass pass) {

  /// @param promoted whether the newest revision is the stable one
  /// @param stable what Pods of the stable revision have
  /// @param canary what Pods of a new one have
  public void keep(boolean promoted, Struct stable, Struct canary) {
    boolean first = pass.status().stable().isEmpty();
    apply(pass.newest(), promoted || first ? stable : canary);
    ReplicaSet old = pass.stable();
    if (!promoted && old != null) {
      apply(old, stable);
    }
    pass.others().forEach(set -> apply(set, Struct.EMPTY));
  }

  private void apply(ReplicaSet set, Struct wanted) {
    Struct present = Templates.ephemeral(set);
    if (present.equals(wanted)) {
      return;
    }
    Struct metadata = changes(present, wanted);
    Struct template = MergePatch.apply(set.template(), Struct.of("metadata", metadata));
    Struct noted =
        wanted.isEmpty()
            ? set.object().withoutAt("metadata", "annotations", Labels.EPHEMERAL)
            : Meta.withAnnotation(set.object(), Labels.EPHEMERAL, wanted.toString());
    patchPods(set, metadata); // first: the note is what tells that it is done
    pass.write(set, noted.withAt(template, "spec", "template"));
  }

  private static Struct changes(Struct from, Struct to) {
    return new StructBuilder()
        .add("labels", changes(from, to, "labels"))
        .add("annotations", changes(from, to, "annotations"))
        .build();
  }

  private static Struct changes(Struct from, Struct to, String field) {
    StructBuilder patch = new StructBuilder();
    from.struct(field).names().forEach(name -> patch.add(name, Null.NULL));
    to.struct(field).forEach(patch::add);
    return patch.build();
  }

  private void patchPods(ReplicaSet set, Struct metadata) {
    String selector = Labels.HASH + "=" + set.hash();
    for (Struct pod :
        pass.tools()
            .api()
            .list(ApiResource.PODS, pass.rollout().namespace(), ListOptions.withLabels(selector))
            .items()) {
      Meta meta = Meta.of(pod);
      if (!meta.isControlledBy(set.meta().uid())) {
        continue;
      }
      try {
        pass.tools()
            .api()
            .patch(
                ApiResource.PODS,
                meta.namespace(),
                meta.name(),
                "",
                PatchType.MERGE,
                Struct.of("metadata", metadata));
      } catch (ApiException e) {
        if (!e.is(Reason.NOT_FOUND)) {
          throw e;
        }
      }
    }
  }
}
