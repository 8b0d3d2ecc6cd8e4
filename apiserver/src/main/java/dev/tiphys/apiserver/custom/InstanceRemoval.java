package dev.tiphys.apiserver.custom;

import dev.tiphys.apiserver.registry.DeleteRequest;
import dev.tiphys.apiserver.registry.ListQuery;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.Resource;
import dev.tiphys.store.Cursor;
import dev.tiphys.store.StoreException;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Removes the objects of a definition that is being removed. Finalizers may keep them as long as
/// they like.
///
/// Threads: one.
final class InstanceRemoval implements AutoCloseable {

  /// How long objects may be kept before the definition says so.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String TERMINATING = "Terminating";

  /// How many changes of objects are passed over at a time.
  private static final int SLICE = 100;

  private final Registry instances;
  private final World world;
  private final Instant begun;
  private final Gate news;
  private Cursor changes;

  private InstanceRemoval(Registry instances, World world, Gate news) {
    this.instances = instances;
    this.world = world;
    this.begun = world.now();
    this.news = news;
    this.changes = changesFromNow();
  }

  private Cursor changesFromNow() {
    return instances
        .selection("", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING)
        .cursor(instances.storage().newest().revision(), news);
  }

  /// @param registryOf the objects of a resource
  /// @param news opened whenever objects change, so that another step is worthwhile
  /// @return null if the definition never had objects
  static @Nullable InstanceRemoval of(
      Definition definition, Function<Resource, Registry> registryOf, World world, Gate news) {
    Resource stored = DefinedResources.stored(definition);
    return stored != null && definition.is("Established")
        ? new InstanceRemoval(registryOf.apply(stored), world, news)
        : null;
  }

  /// The definition, marked as one whose objects are being removed.
  static Struct begun(Struct definition, Instant now) {
    return DefinitionConditions.with(
        definition,
        TERMINATING,
        true,
        "InstanceDeletionInProgress",
        "CustomResource deletion is in progress",
        now);
  }

  /// The definition without what kept it, since it never had objects.
  static Struct needless(Struct definition, Instant now) {
    return released(
        DefinitionConditions.with(
            definition,
            TERMINATING,
            false,
            "NeverEstablished",
            "resource was never established",
            now));
  }

  /// Deletes what there is. Returns the definition after that: released once nothing is left, and
  /// otherwise itself, or with a condition that tells what is in the way.
  Struct step(Struct definition, Call call) {
    Instant now = world.now();
    passChanges();
    try {
      instances.deleteCollection(
          call.admitted(), ListQuery.everything(), new DeleteRequest(null, "", "", ""));
    } catch (ApiException e) {
      return DefinitionConditions.with(
          definition,
          TERMINATING,
          true,
          "InstanceDeletionFailed",
          "could not issue all deletes: " + e.message(),
          now);
    }
    if (instances.list(ListQuery.everything()).items().isEmpty()) {
      return released(
          DefinitionConditions.with(
              definition,
              TERMINATING,
              false,
              "InstanceDeletionCompleted",
              "removed all instances",
              now));
    }
    return begun.plus(PATIENCE).isBefore(now)
        ? DefinitionConditions.with(
            definition,
            TERMINATING,
            true,
            "InstanceDeletionCheck",
            "could not confirm zero CustomResources remaining: timed out waiting for the condition",
            now)
        : definition;
  }

  private void passChanges() {
    try {
      while (!changes.poll(SLICE).isEmpty()) {
        // what there is now is looked at
      }
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.COMPACTED) {
        throw e;
      }
      changes.close(); // so much happened that the history does not reach back that far
      changes = changesFromNow();
    }
  }

  @Override
  public void close() {
    changes.close();
  }

  private static Struct released(Struct definition) {
    List<String> left =
        definition.struct("metadata").strings("finalizers").stream()
            .filter(finalizer -> !finalizer.equals(Definition.FINALIZER))
            .toList();
    return left.isEmpty()
        ? definition.withoutAt("metadata", "finalizers")
        : definition.withAt(left, "metadata", "finalizers");
  }
}
