package dev.tiphys.node.pod;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;

/// Tells of what happens to Pods and their containers.
///
/// Threads: any.
public final class PodEvents {
  private final EventRecorder recorder;

  public PodEvents(EventRecorder recorder) {
    this.recorder = recorder;
  }

  public void normal(Pod pod, String reason, String message) {
    recorder.normal(pod.object(), reason, message);
  }

  public void warning(Pod pod, String reason, String message) {
    recorder.warning(pod.object(), reason, message);
  }

  public void normal(Pod pod, PodContainer container, String reason, String message) {
    record(pod, container, "Normal", reason, message);
  }

  public void warning(Pod pod, PodContainer container, String reason, String message) {
    record(pod, container, "Warning", reason, message);
  }

  /// Tells of what happens to something that Pods use.
  ///
  /// @param type `Normal` or `Warning`
  public void about(Struct object, String type, String reason, String message) {
    recorder.record(Meta.of(object).reference(), type, reason, message);
  }

  private void record(Pod pod, PodContainer container, String type, String reason, String message) {
    recorder.record(
        pod.meta().reference().with("fieldPath", container.fieldPath()), type, reason, message);
  }
}
