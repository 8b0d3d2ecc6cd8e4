package dev.tiphys.controllers.attachdetach;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.stream.Collectors;

/// What Pods are told about their volumes.
///
/// Threads: any.
final class AttachEvents {

  private static final String FAILED = "FailedAttachVolume";

  private final EventRecorder events;

  AttachEvents(EventRecorder events) {
    this.events = events;
  }

  void attached(String volume, List<Struct> pods) {
    // Upstream's text ends with this space.
    String message = "AttachVolume.Attach succeeded for volume \"%s\" ".formatted(volume);
    pods.forEach(pod -> events.normal(pod, "SuccessfulAttachVolume", message));
  }

  void failed(String volume, List<Struct> pods, String error) {
    String message = "AttachVolume.Attach failed for volume \"%s\" : %s".formatted(volume, error);
    pods.forEach(pod -> events.warning(pod, FAILED, message));
  }

  /// A volume may be attached to one node only, and is to another one.
  ///
  /// @param pods those that need it here
  /// @param users those that use it elsewhere
  void taken(String volume, List<Struct> pods, List<Struct> users) {
    for (Struct pod : pods) {
      events.warning(
          pod,
          FAILED,
          "Multi-Attach error for volume \"%s\" %s".formatted(volume, reason(pod, users)));
    }
  }

  /// Names of other namespaces' Pods are not given away.
  static String reason(Struct pod, List<Struct> users) {
    if (users.isEmpty()) {
      return "Volume is already exclusively attached to one node and can't be attached to another";
    }
    List<Struct> near =
        users.stream()
            .filter(each -> Meta.of(each).namespace().equals(Meta.of(pod).namespace()))
            .toList();
    int far = users.size() - near.size();
    String others = "%d pod(s) in different namespaces".formatted(far);
    if (near.isEmpty()) {
      return "Volume is already used by " + others;
    }
    String names =
        near.stream().map(each -> Meta.of(each).name()).sorted().collect(Collectors.joining(", "));
    return "Volume is already used by pod(s) " + names + (far > 0 ? " and " + others : "");
  }
}
