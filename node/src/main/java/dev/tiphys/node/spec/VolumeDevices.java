package dev.tiphys.node.spec;

import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.runtime.spec.ContainerSpec.Device;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The block volumes of its Pod that a container has as devices.
final class VolumeDevices {
  private VolumeDevices() {}

  /// @param volumes where the volumes are on the node, by name
  static List<Device> of(PodContainer container, Map<String, Path> volumes) throws StartFailure {
    List<Device> devices = new ArrayList<>();
    for (Struct device : container.spec().structs("volumeDevices")) {
      String name = device.string("name");
      Path volume = volumes.get(name);
      if (volume == null) {
        throw StartFailure.config(
            "cannot find volume \"%s\" to pass into container \"%s\""
                .formatted(name, container.name()));
      }
      devices.add(new Device(device.string("devicePath"), real(volume), "rwm"));
    }
    return devices;
  }

  /// Devices are often named by links, which the runtime does not follow.
  private static String real(Path device) throws StartFailure {
    try {
      return device.toRealPath().toString();
    } catch (IOException e) {
      throw StartFailure.config("no such device: " + device);
    }
  }
}
