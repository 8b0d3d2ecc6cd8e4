package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.merge.Comparison;
import dev.tiphys.object.merge.FieldSet;
import dev.tiphys.object.merge.FieldSets;
import dev.tiphys.object.merge.MergeException;
import java.nio.charset.StandardCharsets;

/// The annotation in which kubectl keeps what it applied last when it works out changes by itself.
/// Server-side apply by kubectl goes on from it, and keeps it up to date.
final class LastApplied {

  /// The manager whose annotation it is.
  static final String MANAGER = "kubectl";

  private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
  private static final int LARGEST = 256 << 10; // of all annotations together

  private LastApplied() {}

  /// What the manager applied last and is still so: that it may change, whichever manager owns it.
  static FieldSet unchanged(Struct live, FieldForm form) {
    String text = live.string("metadata", "annotations", ANNOTATION);
    try {
      Struct last = text.isEmpty() ? Struct.EMPTY : Json.struct(text);
      if (!last.string("apiVersion").equals(form.apiVersion())) {
        return FieldSet.EMPTY;
      }
      Comparison since = Comparison.of(last, live, form.shape());
      return FieldSets.of(last, form.shape())
          .difference(since.changed())
          .difference(since.removed());
    } catch (EncodingException | MergeException e) {
      return FieldSet.EMPTY; // written by another program, so it does not count
    }
  }

  /// The object with the annotation telling of `wanted`, if it has the annotation.
  static Struct renewed(Struct object, Struct wanted) {
    Struct annotations = object.struct("metadata", "annotations");
    if (annotations.string(ANNOTATION).isEmpty()) {
      return object;
    }
    Struct bare = wanted.withoutAt("metadata", "annotations", ANNOTATION);
    Struct renewed = annotations.with(ANNOTATION, Json.text(bare) + "\n");
    Struct kept = size(renewed) > LARGEST ? annotations.without(ANNOTATION) : renewed;
    return object.withAt(kept, "metadata", "annotations");
  }

  private static long size(Struct annotations) {
    long size = 0;
    for (int i = 0; i < annotations.size(); i++) {
      size += annotations.name(i).getBytes(StandardCharsets.UTF_8).length;
      size +=
          annotations.value(i) instanceof String text
              ? text.getBytes(StandardCharsets.UTF_8).length
              : 0;
    }
    return size;
  }
}
