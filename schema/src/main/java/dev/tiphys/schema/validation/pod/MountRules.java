package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.PathRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rules for where containers see the volumes of their Pod: as directories or as block devices.
final class MountRules {

  private static final List<String> PROPAGATIONS =
      List.of("Bidirectional", "HostToContainer", "None");
  private static final List<String> RECURSIVE_READ_ONLY =
      List.of("Disabled", "Enabled", "IfPossible");

  private MountRules() {}

  /// @param devices the paths of the container's block devices, by volume
  static void mounts(FieldValue container, Map<String, String> devices, PodContext pod) {
    FieldValue mounts = container.at("volumeMounts");
    if (mounts.isEmpty()) {
      return;
    }
    Set<String> paths = new HashSet<>();
    for (FieldValue mount : mounts.items()) {
      FieldValue name = mount.at("name");
      name.mustBeSet();
      if (!pod.volumes().containsKey(name.string())) {
        name.holding(name.string()).notFound();
      }
      FieldValue path = mount.at("mountPath");
      path.mustBeSet();
      if (!paths.add(path.string())) {
        path.invalid("must be unique");
      }
      if (devices.containsKey(name.string())) {
        name.invalid("must not already exist in volumeDevices");
      }
      if (devices.containsValue(path.string())) {
        path.invalid("must not already exist as a path in volumeDevices");
      }
      subPaths(mounts, mount);
      propagation(mounts, mount, container.struct().bool("securityContext", "privileged"));
      recursion(mounts, mount);
    }
  }

  /// Upstream's paths leave out which of the mounts is meant, here and below.
  private static void subPaths(FieldValue mounts, FieldValue mount) {
    FieldValue path = mount.at("subPath");
    FieldValue expression = mount.at("subPathExpr");
    if (!path.isEmpty()) {
      PathRules.relative(mounts.at("subPath").holding(path.value()));
    }
    if (!expression.isEmpty()) {
      if (!path.isEmpty()) {
        expression.invalid("subPathExpr and subPath are mutually exclusive");
      }
      PathRules.relative(mounts.at("subPathExpr").holding(expression.value()));
    }
  }

  private static void propagation(FieldValue mounts, FieldValue mount, boolean privileged) {
    FieldValue propagation =
        mounts.at("mountPropagation").holding(mount.at("mountPropagation").value());
    propagation.mayBeOneOf(PROPAGATIONS);
    if (propagation.is("Bidirectional") && !privileged) {
      propagation.forbidden(
          "Bidirectional mount propagation is available only to privileged containers");
    }
  }

  private static void recursion(FieldValue mounts, FieldValue mount) {
    FieldValue recursion =
        mounts.at("recursiveReadOnly").holding(mount.at("recursiveReadOnly").value());
    if (!recursion.mayBeOneOf(RECURSIVE_READ_ONLY)
        || !recursion.isSet()
        || recursion.is("Disabled")) {
      return;
    }
    if (!mount.at("readOnly").bool()) {
      recursion.forbidden("may only be specified when readOnly is true");
    }
    FieldValue propagation = mount.at("mountPropagation");
    if (propagation.isSet() && !propagation.is("None")) {
      recursion.forbidden("may only be specified when mountPropagation is None or not specified");
    }
  }

  /// @param mounts the paths of the container's mounts, by volume
  static void devices(FieldValue devices, Map<String, String> mounts, PodContext pod) {
    Set<String> paths = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (FieldValue device : devices.items()) {
      FieldValue name = device.at("name");
      Struct volume = pod.volumes().get(name.string());
      name.mustBeSet();
      if (names.contains(name.string())) {
        name.invalid("must be unique");
      }
      if (volume == null) {
        name.holding(name.string()).notFound();
      } else if (!volume.has("persistentVolumeClaim") && !volume.has("ephemeral")) {
        name.invalid(
            "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
      }
      devicePath(device.at("devicePath"), paths);
      if (mounts.containsKey(name.string())) {
        name.invalid("must not already exist in volumeMounts");
      }
      if (mounts.containsValue(device.at("devicePath").string())) {
        device.at("devicePath").invalid("must not already exist as a path in volumeMounts");
      }
      if (!name.isEmpty()) {
        names.add(name.string());
      }
    }
  }

  private static void devicePath(FieldValue path, Set<String> paths) {
    path.mustBeSet();
    if (paths.contains(path.string())) {
      path.invalid("must be unique");
    }
    if (PathRules.hasBacksteps(path.string())) {
      path.invalid("can not contain backsteps ('..')");
    } else {
      paths.add(path.string());
    }
  }
}
