package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;

/// The name of a device in the whole cluster.
public record DeviceId(String driver, String pool, String device) {

  /// The device of a result of an allocation.
  public static DeviceId of(Struct result) {
    return new DeviceId(result.string("driver"), result.string("pool"), result.string("device"));
  }

  @Override
  public String toString() {
    return driver + "/" + pool + "/" + device;
  }
}
