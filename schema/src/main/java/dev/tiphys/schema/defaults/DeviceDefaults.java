package dev.tiphys.schema.defaults;

import dev.tiphys.object.Struct;

/// Defaults of the kinds that ask for devices.
final class DeviceDefaults {

  private DeviceDefaults() {}

  static Struct claimTemplate(Struct template) {
    return Edits.in(template, "spec", DeviceDefaults::claim);
  }

  static Struct claim(Struct claim) {
    return Edits.in(
        claim,
        "spec",
        spec ->
            Edits.in(
                spec,
                "devices",
                devices -> Edits.inEach(devices, "requests", DeviceDefaults::request)));
  }

  private static Struct request(Struct request) {
    return Edits.inEach(
        Edits.in(request, "exactly", DeviceDefaults::oneDevice),
        "firstAvailable",
        DeviceDefaults::oneDevice);
  }

  private static Struct oneDevice(Struct request) {
    return request.string("allocationMode").equals("ExactCount") && request.integer("count") == 0
        ? request.with("count", 1L)
        : request;
  }
}
