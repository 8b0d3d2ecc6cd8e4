package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.Fields;
import java.time.Duration;

/// How long it may take to find devices on one node.
final class DynamicResourcesArguments {

  private DynamicResourcesArguments() {}

  static Struct read(Fields fields) {
    Duration timeout = fields.duration("filterTimeout", Duration.ofSeconds(10));
    if (timeout.isNegative()) {
      fields
          .problems()
          .invalid(
              fields.at("filterTimeout"), GoDuration.text(timeout), "must be zero or positive");
    }
    return Struct.of("filterTimeout", GoDuration.text(timeout));
  }
}
