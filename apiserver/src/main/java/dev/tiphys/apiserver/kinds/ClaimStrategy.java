package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Claims for volumes: what a volume is filled from may be said in an old field and in a new one,
/// which are kept the same.
final class ClaimStrategy implements Strategy {

  private static final String SOURCE = "dataSource";
  private static final String REFERENCE = "dataSourceRef";

  @Override
  public Struct prepareForCreate(Call call, Struct claim) {
    return withEqualSources(withKnownSource(withinNamespace(claim, null), null));
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct claim, Struct old) {
    return withEqualSources(withKnownSource(withinNamespace(claim, old), old));
  }

  /// Sources in other namespaces are a feature that is off: what names none yet can't name one.
  private static Struct withinNamespace(Struct claim, @Nullable Struct old) {
    boolean inUse = old != null && old.has("spec", REFERENCE, "namespace");
    return inUse || !claim.has("spec", REFERENCE, "namespace")
        ? claim
        : claim.withoutAt("spec", REFERENCE, "namespace");
  }

  /// The old field holds two kinds only; anything else in it counts for nothing, unless the writer
  /// knows the new field too.
  private static Struct withKnownSource(Struct claim, @Nullable Struct old) {
    Struct source = claim.struct("spec", SOURCE);
    boolean inUse = old != null && (old.has("spec", SOURCE) || old.has("spec", REFERENCE));
    boolean known =
        switch (source.string("kind")) {
          case "PersistentVolumeClaim" -> source.string("apiGroup").isEmpty();
          case "VolumeSnapshot" -> source.string("apiGroup").equals("snapshot.storage.k8s.io");
          default -> false;
        };
    boolean newClient = claim.has("spec", REFERENCE);
    return inUse || newClient || known || !claim.has("spec", SOURCE)
        ? claim
        : claim.withoutAt("spec", SOURCE);
  }

  private static Struct withEqualSources(Struct claim) {
    boolean source = claim.has("spec", SOURCE);
    boolean reference = claim.has("spec", REFERENCE);
    if (source == reference) {
      return claim;
    }
    Struct given = claim.struct("spec", source ? SOURCE : REFERENCE);
    if (!given.string("namespace").isEmpty()) {
      return claim; // the old field can't say it
    }
    StructBuilder copy = new StructBuilder();
    for (String field : List.of("apiGroup", "kind", "name")) {
      Object value = given.get(field);
      if (value != null) {
        copy.add(field, value);
      }
    }
    return claim.withAt(copy.build(), "spec", source ? REFERENCE : SOURCE);
  }
}
