package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;
import java.util.Comparator;

/// The name of a pool of devices in the whole cluster.
record PoolId(String driver, String name) {

  static final Comparator<PoolId> ORDER =
      Comparator.comparing(PoolId::driver).thenComparing(PoolId::name);

  /// @param spec of a ResourceSlice
  static PoolId of(Struct spec) {
    return new PoolId(spec.string("driver"), spec.string("pool", "name"));
  }

  @Override
  public String toString() {
    return driver + "/" + name;
  }
}
