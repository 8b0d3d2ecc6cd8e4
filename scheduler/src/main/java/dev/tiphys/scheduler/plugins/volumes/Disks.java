package dev.tiphys.scheduler.plugins.volumes;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.List;

/// Disks that Pods name themselves, without a claim, and that can't be used twice on a node.
final class Disks {

  private static final List<String> TYPES =
      List.of("gcePersistentDisk", "awsElasticBlockStore", "iscsi", "rbd");

  private Disks() {}

  static boolean isDisk(Struct volume) {
    return TYPES.stream().anyMatch(volume::has);
  }

  /// Whether Pods of a node use any of the disks in a way that excludes another use.
  static boolean conflict(List<Struct> disks, NodeInfo node) {
    for (PodInfo pod : node.pods()) {
      for (Struct taken : pod.object().structs("spec", "volumes")) {
        for (Struct disk : disks) {
          if (conflict(disk, taken)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean conflict(Struct one, Struct other) {
    for (String type : TYPES) {
      if (one.has(type) && other.has(type)) {
        return isSame(type, one.struct(type), other.struct(type));
      }
    }
    return false;
  }

  private static boolean isSame(String type, Struct one, Struct other) {
    boolean reading = one.bool("readOnly") && other.bool("readOnly");
    return switch (type) {
      case "gcePersistentDisk" -> same(one, other, "pdName") && !reading;
      case "awsElasticBlockStore" -> same(one, other, "volumeID");
      case "iscsi" -> same(one, other, "iqn") && !reading;
      default ->
          one.strings("monitors").stream().anyMatch(other.strings("monitors")::contains)
              && same(one, other, "pool")
              && same(one, other, "image")
              && !reading;
    };
  }

  private static boolean same(Struct one, Struct other, String field) {
    return one.string(field).equals(other.string(field));
  }
}
