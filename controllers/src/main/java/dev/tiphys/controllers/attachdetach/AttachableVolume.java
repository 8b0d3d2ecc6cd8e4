package dev.tiphys.controllers.attachdetach;

import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// A volume of a CSI driver. Two PersistentVolumes with the same driver and handle are the same.
///
/// @param driver the driver's name
/// @param handle what the driver knows the volume by
record AttachableVolume(String driver, String handle) {

  private static final String PLUGIN = "kubernetes.io/csi/";
  private static final Pattern ATTACHMENT = Pattern.compile("csi-[0-9a-f]{64}");

  /// What a PersistentVolume is to its driver; empty if it is of another type.
  static Optional<AttachableVolume> of(Struct volume) {
    Struct source = volume.struct("spec", "csi");
    return source.isEmpty()
        ? Optional.empty()
        : Optional.of(new AttachableVolume(source.string("driver"), source.string("volumeHandle")));
  }

  /// What a node's status calls a volume; empty if it is of another type.
  static Optional<AttachableVolume> parse(String uniqueName) {
    int separator = uniqueName.indexOf('^');
    return uniqueName.startsWith(PLUGIN) && separator > 0
        ? Optional.of(
            new AttachableVolume(
                uniqueName.substring(PLUGIN.length(), separator),
                uniqueName.substring(separator + 1)))
        : Optional.empty();
  }

  /// What the status of nodes calls it.
  String uniqueName() {
    return PLUGIN + driver + "^" + handle;
  }

  /// The name of its VolumeAttachment to a node. Node agents know it by the same rule.
  String attachmentName(String node) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((handle + driver + node).getBytes(StandardCharsets.UTF_8));
      return "csi-" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /// Whether an attachment's name was made by that rule, so that nothing else looks after it.
  static boolean isAttachmentName(String name) {
    return ATTACHMENT.matcher(name).matches();
  }
}
