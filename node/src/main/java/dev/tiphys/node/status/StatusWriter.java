package dev.tiphys.node.status;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import org.jspecify.annotations.Nullable;

/// Writes the status of one Pod, when it has changed.
///
/// Threads: the Pod's worker; [#isEcho] any.
public final class StatusWriter {
  private final Api api;

  /// The newest status known to be written; null if that is what the Pod itself says.
  private @Nullable Struct written;

  private volatile long revision;

  public StatusWriter(Api api) {
    this.api = api;
  }

  /// The Pod with the newest status that is known, be it the API's news or what was written here.
  public Pod newest(Pod pod) {
    if (written == null || pod.meta().revision() >= revision) {
      written = null;
      return pod;
    }
    return new Pod(pod.object().with("status", written));
  }

  /// Whether a state of the Pod is just what was written here last: no news.
  public boolean isEcho(Pod pod) {
    return pod.meta().revision() == revision;
  }

  /// Writes a status, unless the Pod has it already. A Pod that is gone needs none.
  ///
  /// @param pod as [#newest] has it
  /// @throws ApiException if it can't be written
  public void write(Pod pod, Struct status) {
    Struct patch = StatusPatch.of(pod.uid(), pod.status(), status);
    if (patch == null) {
      return;
    }
    try {
      Pod now =
          new Pod(
              api.patch(
                  ApiResource.PODS,
                  pod.namespace(),
                  pod.name(),
                  "status",
                  PatchType.STRATEGIC,
                  patch));
      written = now.status();
      revision = now.meta().revision();
    } catch (ApiException e) {
      // Another Pod of the same name is a conflict of uids.
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }
}
