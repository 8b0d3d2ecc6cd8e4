package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.Fields;
import java.time.Duration;

/// How long it may take to find devices on one node, and to make them ready for it.
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
    Duration binding = fields.duration("bindingTimeout", Duration.ofMinutes(10));
    if (binding.compareTo(Duration.ofSeconds(1)) < 0) {
      fields
          .problems()
          .invalid(
              fields.at("bindingTimeout"), GoDuration.text(binding), "must be at least 1 second");
    }
    return Struct.of(
        "filterTimeout", GoDuration.text(timeout), "bindingTimeout", GoDuration.text(binding));
  }
}
