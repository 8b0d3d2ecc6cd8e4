package dev.tiphys.delivery.pass;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.Comparator;
import java.util.List;

/// How many of the AnalysisRuns and Experiments of a Rollout stay after they have ended: the
/// youngest, of those that went well and of the others, as its `spec.analysis` says.
public final class History {

  private static final long DEFAULT = 5;

  private final Pass pass;
  private final ApiResource resource;

  /// @param resource what is kept
  public History(Pass pass, ApiResource resource) {
    this.pass = pass;
    this.resource = resource;
  }

  /// Deletes what is too much.
  ///
  /// @param ended all that have ended and are not needed any more
  public void trim(List<Struct> ended) {
    List<Struct> inOrder =
        ended.stream()
            .sorted(Comparator.comparing(each -> each.string("metadata", "creationTimestamp")))
            .toList();
    trim(inOrder, true, "successfulRunHistoryLimit");
    trim(inOrder, false, "unsuccessfulRunHistoryLimit");
  }

  private void trim(List<Struct> ended, boolean successful, String limit) {
    Struct limits = pass.rollout().spec().struct("analysis");
    long kept = limits.has(limit) ? limits.integer(limit) : DEFAULT;
    List<Struct> group =
        ended.stream()
            .filter(each -> each.string("status", "phase").equals("Successful") == successful)
            .toList();
    group.subList(0, (int) Math.max(0, group.size() - kept)).forEach(this::delete);
  }

  private void delete(Struct object) {
    Meta meta = Meta.of(object);
    try {
      pass.tools()
          .api()
          .delete(resource, meta.namespace(), meta.name(), DeleteOptions.withUid(meta.uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
