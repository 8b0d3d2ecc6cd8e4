package dev.tiphys.node.runtime;

import dev.tiphys.node.runtime.spec.ContainerName;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container, and what became of it.
///
/// @param image a name of the image it was made from
/// @param imageRef the image's digest reference if it was pulled
///   (`docker.io/library/nginx@sha256:…`), its id if not
/// @param started null if it was not started
/// @param finished null if it has not ended
/// @param exitCode 0 to 255; 128 and the signal's number if a signal ended it; 0 if it has not
///   ended
/// @param reason one word, when it has ended: `Completed`, `Error`, `OOMKilled`, `StartError`, …
/// @param message a sentence to that, or empty
/// @param logPath the whole path of the file with its output, or empty
public record ContainerStatus(
    String id,
    ContainerName name,
    ContainerState state,
    Instant created,
    @Nullable Instant started,
    @Nullable Instant finished,
    int exitCode,
    String image,
    String imageRef,
    String reason,
    String message,
    Map<String, String> labels,
    Map<String, String> annotations,
    String logPath) {

  public ContainerStatus {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
