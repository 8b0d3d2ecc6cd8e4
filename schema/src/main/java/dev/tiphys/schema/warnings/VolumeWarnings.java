package dev.tiphys.schema.warnings;

import java.util.Map;

/// Warnings about volumes, and about what they are claimed and filled by.
final class VolumeWarnings {

  private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
  private static final String CLASS_TEXT =
      "deprecated since v1.8; use \"storageClassName\" attribute instead";

  private static final Map<String, String> SOURCES =
      Map.of(
          "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
          "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
          "flocker", "deprecated in v1.22, non-functional in v1.25+",
          "storageos", "deprecated in v1.22, non-functional in v1.25+",
          "quobyte", "deprecated in v1.22, non-functional in v1.25+",
          "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
          "cephfs", "deprecated in v1.28, non-functional in v1.31+",
          "rbd", "deprecated in v1.28, non-functional in v1.31+");

  private VolumeWarnings() {}

  /// A volume of a Pod.
  static void podVolume(Subject volume) {
    if (volume.object().has("gitRepo")) {
      volume.warn("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+");
    }
    source(volume);
    Subject template = volume.at("ephemeral", "volumeClaimTemplate");
    claimSpec(template.at("spec"));
  }

  private static void source(Subject volume) {
    for (String field : volume.object().names()) {
      String text = SOURCES.get(field);
      if (text != null) {
        volume.warn(shown(field), text);
      }
    }
  }

  /// Upstream spells one of them otherwise than the field's name.
  private static String shown(String field) {
    return field.equals("storageos") ? "storageOS" : field;
  }

  static void volume(Subject volume) {
    classAnnotation(volume);
    Subject spec = volume.at("spec");
    spec.items("nodeAffinity", "required", "nodeSelectorTerms").forEach(NodeLabels::term);
    source(spec);
    if (spec.object().string("persistentVolumeReclaimPolicy").equals("Recycle")) {
      spec.warn(
          "persistentVolumeReclaimPolicy",
          "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use"
              + " dynamic provisioning.");
    }
  }

  static void claim(Subject claim) {
    classAnnotation(claim);
    claimSpec(claim.at("spec"));
  }

  static void claimSpec(Subject spec) {
    PodWarnings.inBytes(spec.at("resources", "requests"), "storage");
    PodWarnings.inBytes(spec.at("resources", "limits"), "storage");
  }

  private static void classAnnotation(Subject object) {
    if (object.object().has("metadata", "annotations", CLASS_ANNOTATION)) {
      object.warn("metadata.annotations[" + CLASS_ANNOTATION + "]", CLASS_TEXT);
    }
  }
}
