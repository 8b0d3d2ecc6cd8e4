package dev.tiphys.monitoring.model;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;

/// An Alertmanager object, with names.
///
/// @param object the whole object
public record Alertmanager(Struct object) {

  /// The one that every cluster has once it has AlertmanagerConfigs.
  public static final ObjectKey DEFAULT = new ObjectKey("monitoring", "alertmanager");

  public ObjectKey key() {
    return ObjectKey.of(object);
  }

  public Struct spec() {
    return object.struct("spec");
  }

  public boolean isPaused() {
    return spec().bool("paused");
  }

  public boolean isDefault() {
    return key().equals(DEFAULT);
  }

  /// The Secret with what the user configures by hand; it need not be there.
  public ObjectKey secret() {
    String named = spec().string("configSecret");
    ObjectKey key = key();
    return new ObjectKey(key.namespace(), named.isEmpty() ? "alertmanager-" + key.name() : named);
  }

  /// The Service that it is reached at.
  public ObjectKey service() {
    ObjectKey key = key();
    return isDefault() ? key : new ObjectKey(key.namespace(), "alertmanager-" + key.name());
  }
}
