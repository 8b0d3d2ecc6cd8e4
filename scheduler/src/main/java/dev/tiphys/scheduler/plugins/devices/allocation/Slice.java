package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// A ResourceSlice: a part of a driver's pool of devices.
///
/// @param reach of all its devices, unless each has one of its own
/// @param count how many slices the pool has, by this one's account
record Slice(
    String name,
    PoolId pool,
    long generation,
    long count,
    Reach reach,
    boolean perDevice,
    List<Device> devices,
    List<Struct> counterSets) {

  static Slice of(Struct slice) {
    Struct spec = slice.struct("spec");
    PoolId pool = PoolId.of(spec);
    boolean perDevice = spec.bool("perDeviceNodeSelection");
    Reach reach = Reach.of(spec);
    List<Device> devices = new ArrayList<>();
    for (Struct device : spec.structs("devices")) {
      devices.add(
          new Device(
              new DeviceId(pool.driver(), pool.name(), device.string("name")),
              device,
              perDevice ? Reach.of(device) : reach));
    }
    return new Slice(
        Meta.of(slice).name(),
        pool,
        spec.integer("pool", "generation"),
        spec.integer("pool", "resourceSliceCount"),
        reach,
        perDevice,
        List.copyOf(devices),
        List.copyOf(spec.structs("sharedCounters")));
  }

  /// Whether it is for one node only.
  boolean isLocal() {
    return !perDevice && !reach.node().isEmpty();
  }

  boolean reaches(Site site) {
    return perDevice
        ? devices.stream().anyMatch(device -> device.reach().includes(site))
        : reach.includes(site);
  }
}
