package dev.tiphys.node.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;

/// Tells whether a container is still what the Pod asks for. Only its name and image count: all
/// else cannot change, or can be changed while it runs.
public final class ContainerHash {
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private ContainerHash() {}

  /// The hash as a container's annotation has it.
  public static String of(PodContainer container) {
    byte[] json = Json.bytes(Struct.of("name", container.name(), "image", container.image()));
    int hash = FNV_OFFSET;
    for (byte b : json) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return Integer.toHexString(hash);
  }
}
