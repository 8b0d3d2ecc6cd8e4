package dev.tiphys.object.api;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The metadata of an object, with names and types.
///
/// @param object the whole object
public record Meta(Struct object) {

  public static Meta of(Struct object) {
    return new Meta(object);
  }

  private Struct metadata() {
    return object.struct("metadata");
  }

  public String name() {
    return metadata().string("name");
  }

  public String namespace() {
    return metadata().string("namespace");
  }

  public ObjectKey key() {
    return ObjectKey.of(object);
  }

  public String uid() {
    return metadata().string("uid");
  }

  public String resourceVersion() {
    return metadata().string("resourceVersion");
  }

  /// The resourceVersion as a number; 0 if it is none.
  public long revision() {
    String version = resourceVersion();
    if (version.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  public long generation() {
    return metadata().integer("generation");
  }

  public Struct labels() {
    return metadata().struct("labels");
  }

  public String label(String key) {
    return labels().string(key);
  }

  public Struct annotations() {
    return metadata().struct("annotations");
  }

  public String annotation(String key) {
    return annotations().string(key);
  }

  public List<String> finalizers() {
    return metadata().strings("finalizers");
  }

  public @Nullable Instant created() {
    return Timestamps.of(metadata().get("creationTimestamp"));
  }

  /// When the object is to be gone; null if it is not being deleted.
  public @Nullable Instant deleted() {
    return Timestamps.of(metadata().get("deletionTimestamp"));
  }

  public boolean isBeingDeleted() {
    return metadata().has("deletionTimestamp");
  }

  public List<Struct> owners() {
    return metadata().structs("ownerReferences");
  }

  /// The reference to the owner that manages the object, or null if none does.
  public @Nullable Struct controller() {
    for (Struct owner : owners()) {
      if (owner.bool("controller")) {
        return owner;
      }
    }
    return null;
  }

  /// Whether the object with this uid manages this one.
  public boolean isControlledBy(String uid) {
    Struct controller = controller();
    return controller != null && controller.string("uid").equals(uid);
  }

  /// A reference to this object as the owner that manages another one.
  public Struct asController() {
    return new StructBuilder()
        .add("apiVersion", object.string("apiVersion"))
        .add("kind", object.string("kind"))
        .add("name", name())
        .add("uid", uid())
        .add("controller", true)
        .add("blockOwnerDeletion", true)
        .build();
  }

  /// A reference to this object, as events and other objects hold one.
  public Struct reference() {
    return new StructBuilder()
        .addUnlessEmpty("kind", object.string("kind"))
        .addUnlessEmpty("apiVersion", object.string("apiVersion"))
        .addUnlessEmpty("namespace", namespace())
        .addUnlessEmpty("name", name())
        .addUnlessEmpty("uid", uid())
        .addUnlessEmpty("resourceVersion", resourceVersion())
        .build();
  }

  /// `object` with an annotation set.
  public static Struct withAnnotation(Struct object, String key, String value) {
    return object.withAt(value, "metadata", "annotations", key);
  }

  /// The condition of a type among those in an object's status, or null.
  public static @Nullable Struct condition(Struct object, String type) {
    for (Struct condition : object.structs("status", "conditions")) {
      if (condition.string("type").equals(type)) {
        return condition;
      }
    }
    return null;
  }

  /// Whether a condition in the object's status is True.
  public static boolean isTrue(Struct object, String type) {
    Struct condition = condition(object, type);
    return condition != null && condition.string("status").equals("True");
  }

  /// Whether two trees say the same, apart from what no reader can tell: null and absence.
  public static boolean same(@Nullable Object one, @Nullable Object other) {
    return java.util.Objects.equals(
        one == Null.NULL ? null : one, other == Null.NULL ? null : other);
  }
}
