package dev.tiphys.node.devices;

import dev.tiphys.csi.DeviceService;
import dev.tiphys.csi.PluginRegistration.PluginInfo;
import dev.tiphys.node.volumes.csi.PluginEndpoint;
import dev.tiphys.node.volumes.csi.PluginKind;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The drivers of devices that are registered on this node.
///
/// Threads: any.
public final class DeviceDrivers implements PluginKind {
  private final Map<String, Driver> drivers = new ConcurrentHashMap<>();
  private volatile Runnable onChange = () -> {};

  /// @param service the version of it that the driver speaks
  record Driver(PluginEndpoint endpoint, DeviceService service) {}

  /// @param change run when a driver came or went
  void listen(Runnable change) {
    onChange = change;
  }

  @Override
  public String type() {
    return "DRAPlugin";
  }

  @Override
  public void add(PluginInfo info, PluginEndpoint endpoint) {
    DeviceService service =
        DeviceService.of(info.getSupportedVersionsList())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "none of the versions of DRA driver %s is supported: %s"
                            .formatted(info.getName(), info.getSupportedVersionsList())));
    Driver before = drivers.put(info.getName(), new Driver(endpoint, service));
    if (before != null) {
      before.endpoint.close();
    }
    onChange.run();
  }

  @Override
  public void remove(String name) {
    Driver driver = drivers.remove(name);
    if (driver != null) {
      driver.endpoint.close();
      onChange.run();
    }
  }

  /// @throws DeviceFailure if it is not here
  Driver require(String name) throws DeviceFailure {
    Driver driver = drivers.get(name);
    if (driver == null) {
      throw new DeviceFailure("DRA driver %s is not registered".formatted(name));
    }
    return driver;
  }

  Set<String> names() {
    return Set.copyOf(drivers.keySet());
  }

  /// Lets go of all of them.
  public void close() {
    drivers.values().forEach(driver -> driver.endpoint.close());
    drivers.clear();
  }
}
