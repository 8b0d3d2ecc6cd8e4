package dev.tiphys.node.devices;

import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.ContainerSpec.Device;
import dev.tiphys.node.runtime.spec.ContainerSpec.Mount;
import dev.tiphys.node.runtime.spec.ContainerSpec.Propagation;
import dev.tiphys.node.runtime.spec.ContainerSpec.Variable;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// What devices are to a container, as CRI can say it.
///
/// containerd resolves names of CDI devices by itself only from 1.7 on. What CRI has no words for,
/// hooks above all, is refused: a container without it would not have its device.
final class ContainerEdits {
  private static final List<String> UNKNOWN =
      List.of("hooks", "intelRdt", "netDevices", "additionalGids");

  private ContainerEdits() {}

  /// A container's spec with what the devices bring.
  ///
  /// @throws DeviceFailure if that cannot be said to the runtime
  static ContainerSpec apply(ContainerSpec spec, List<Struct> edits) throws DeviceFailure {
    List<Variable> environment = new ArrayList<>(spec.process().environment());
    List<Mount> mounts = new ArrayList<>(spec.mounts());
    List<Device> devices = new ArrayList<>(spec.devices());
    for (Struct edit : edits) {
      for (String unknown : UNKNOWN) {
        if (!edit.list(unknown).isEmpty() || !edit.struct(unknown).isEmpty()) {
          throw new DeviceFailure(
              "a CDI device needs %s, which cannot be given to containers here".formatted(unknown));
        }
      }
      for (String variable : edit.strings("env")) {
        int end = Math.max(variable.indexOf('='), 0);
        String name = variable.substring(0, end);
        environment.removeIf(each -> each.name().equals(name));
        environment.add(new Variable(name, variable.substring(end + 1)));
      }
      edit.structs("deviceNodes").forEach(node -> devices.add(device(node)));
      edit.structs("mounts").forEach(mount -> mounts.add(mount(mount)));
    }
    return spec.with(environment, mounts, devices);
  }

  private static Device device(Struct node) {
    String path = node.string("path");
    String host = node.string("hostPath");
    String permissions = node.string("permissions");
    return new Device(
        path, host.isEmpty() ? path : host, permissions.isEmpty() ? "rwm" : permissions);
  }

  private static Mount mount(Struct mount) {
    List<String> options = mount.strings("options");
    Propagation propagation = Propagation.PRIVATE;
    if (options.contains("rshared") || options.contains("shared")) {
      propagation = Propagation.BIDIRECTIONAL;
    } else if (options.contains("rslave") || options.contains("slave")) {
      propagation = Propagation.HOST_TO_CONTAINER;
    }
    return new Mount(
        mount.string("containerPath"),
        mount.string("hostPath"),
        options.contains("ro"),
        false,
        propagation,
        false);
  }
}
