package dev.tiphys.apiserver.table;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the columns of volumes, claims and storage classes show.
final class VolumeCells {

  private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
  private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
  private static final String BETA_DEFAULT = "storageclass.beta.kubernetes.io/is-default-class";

  /// Access modes and their short forms, in the order they are shown.
  private static final List<Map.Entry<String, String>> MODES =
      List.of(
          Map.entry("ReadWriteOnce", "RWO"),
          Map.entry("ReadOnlyMany", "ROX"),
          Map.entry("ReadWriteMany", "RWX"),
          Map.entry("ReadWriteOncePod", "RWOP"));

  private VolumeCells() {}

  static String status(Struct volume) {
    return Meta.of(volume).isBeingDeleted() ? "Terminating" : volume.string("status", "phase");
  }

  static String claim(Struct volume) {
    Struct claim = volume.struct("spec", "claimRef");
    return claim.isEmpty() ? "" : claim.string("namespace") + "/" + claim.string("name");
  }

  static String modes(Struct holder) {
    List<String> present = holder.strings("accessModes");
    List<String> shown = new ArrayList<>();
    MODES.forEach(
        mode -> {
          if (present.contains(mode.getKey())) {
            shown.add(mode.getValue());
          }
        });
    return String.join(",", shown);
  }

  private static boolean isBound(Struct claim) {
    return !claim.string("spec", "volumeName").isEmpty();
  }

  static String claimModes(Struct claim) {
    return isBound(claim) ? modes(claim.struct("status")) : "";
  }

  static String claimCapacity(Struct claim) {
    return isBound(claim) ? claim.string("status", "capacity", "storage") : "";
  }

  static String storageClass(Struct volume) {
    String annotation = Meta.of(volume).annotation(BETA_CLASS);
    return annotation.isEmpty() ? volume.string("spec", "storageClassName") : annotation;
  }

  static String className(Struct type) {
    Meta meta = Meta.of(type);
    boolean isDefault =
        meta.annotation(DEFAULT_CLASS).equals("true")
            || meta.annotation(BETA_DEFAULT).equals("true");
    return isDefault ? meta.name() + " (default)" : meta.name();
  }
}
