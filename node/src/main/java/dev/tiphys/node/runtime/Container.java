package dev.tiphys.node.runtime;

import dev.tiphys.node.runtime.spec.ContainerName;
import java.time.Instant;
import java.util.Map;

/// A container, as a list shows it.
///
/// @param imageId the id of the image it was made from
public record Container(
    String id,
    String sandboxId,
    ContainerName name,
    String imageId,
    ContainerState state,
    Instant created,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public Container {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
