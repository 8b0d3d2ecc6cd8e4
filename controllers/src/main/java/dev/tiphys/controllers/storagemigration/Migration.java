package dev.tiphys.controllers.storagemigration;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What is asked with a StorageVersionMigration, and how far it has come.
///
/// @param object the StorageVersionMigration
record Migration(Struct object) {

  private static final String RUNNING = "Running";

  String group() {
    return object.string("spec", "resource", "group");
  }

  String resource() {
    return object.string("spec", "resource", "resource");
  }

  /// The revision that all objects are to be written after; empty if it is not known yet.
  String since() {
    return object.string("status", "resourceVersion");
  }

  Migration withSince(String revision) {
    return new Migration(object.withAt(revision, "status", "resourceVersion"));
  }

  boolean isOver() {
    return isTrue("Succeeded") || isTrue("Failed");
  }

  boolean isRunning() {
    return isTrue(RUNNING);
  }

  private boolean isTrue(String type) {
    Struct condition = Meta.condition(object, type);
    return condition != null && condition.string("status").equals("True");
  }

  Migration running(Instant now) {
    return with(condition(RUNNING, "StorageVersionMigrationInProgress", "", now));
  }

  Migration succeeded(Instant now) {
    return ended(condition("Succeeded", "StorageVersionMigrationSucceeded", "", now), now);
  }

  Migration failed(String why, Instant now) {
    String message = "migration encountered unhandled error: " + why;
    return ended(condition("Failed", "StorageVersionMigrationFailed", message, now), now);
  }

  private Migration ended(Struct condition, Instant now) {
    List<Object> conditions = new ArrayList<>();
    for (Struct each : object.structs("status", "conditions")) {
      conditions.add(
          each.string("type").equals(RUNNING)
              ? each.with("status", "False").with("lastTransitionTime", Timestamps.seconds(now))
              : each);
    }
    return new Migration(object.withAt(List.copyOf(conditions), "status", "conditions"))
        .with(condition);
  }

  private Migration with(Struct condition) {
    List<Object> conditions = new ArrayList<>(object.structs("status", "conditions"));
    conditions.add(condition);
    return new Migration(object.withAt(List.copyOf(conditions), "status", "conditions"));
  }

  private static Struct condition(String type, String reason, String message, Instant now) {
    return new StructBuilder()
        .add("type", type)
        .add("status", "True")
        .add("lastTransitionTime", Timestamps.seconds(now))
        .add("reason", reason)
        .add("message", message)
        .build();
  }
}
