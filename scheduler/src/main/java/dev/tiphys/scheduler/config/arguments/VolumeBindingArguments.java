package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.Fields;

/// How long claims may take to be bound.
final class VolumeBindingArguments {

  private static final String TIMEOUT = "bindTimeoutSeconds";

  private VolumeBindingArguments() {}

  static Struct read(Fields fields) {
    long timeout = fields.integer(TIMEOUT, 600, "int64");
    if (timeout < 0) {
      fields
          .problems()
          .invalid(
              fields.at(TIMEOUT),
              timeout,
              "invalid BindTimeoutSeconds, should not be a negative value");
    }
    if (fields.has("shape")) {
      fields
          .problems()
          .invalid(
              fields.at("shape"),
              fields.struct().list("shape"),
              "unexpected field `shape`, remove it or turn on the feature gate"
                  + " StorageCapacityScoring");
    }
    return Struct.of(TIMEOUT, timeout);
  }
}
