package dev.tiphys.node.pod;

import dev.tiphys.object.Fnv;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;

/// Tells whether a container is still what the Pod asks for. Only its name and image count: all
/// else cannot change, or can be changed while it runs.
public final class ContainerHash {

  private ContainerHash() {}

  /// The hash as a container's annotation has it.
  public static String of(PodContainer container) {
    byte[] json = Json.bytes(Struct.of("name", container.name(), "image", container.image()));
    return Integer.toHexString(Fnv.mixed(Fnv.EMPTY, json));
  }
}
