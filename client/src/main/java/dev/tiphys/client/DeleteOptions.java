package dev.tiphys.client;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;

/// How to delete.
///
/// @param gracePeriodSeconds how long the object may take to end; negative for its own default
/// @param propagation what becomes of its dependents: `Foreground`, `Background`, `Orphan`; empty
///   for the default
/// @param uid the uid the object must have; empty for any
/// @param resourceVersion the resourceVersion it must have; empty for any
public record DeleteOptions(
    long gracePeriodSeconds, String propagation, String uid, String resourceVersion) {

  public static final DeleteOptions DEFAULT = new DeleteOptions(-1, "", "", "");

  public static DeleteOptions withPropagation(String propagation) {
    return new DeleteOptions(-1, propagation, "", "");
  }

  /// Only the object with this uid.
  public static DeleteOptions withUid(String uid) {
    return new DeleteOptions(-1, "", uid, "");
  }

  public static DeleteOptions withGrace(long seconds) {
    return new DeleteOptions(seconds, "", "", "");
  }

  public DeleteOptions ofUid(String wanted) {
    return new DeleteOptions(gracePeriodSeconds, propagation, wanted, resourceVersion);
  }

  /// The options as the body of a request.
  public Struct toStruct() {
    Struct preconditions =
        new StructBuilder()
            .addUnlessEmpty("uid", uid)
            .addUnlessEmpty("resourceVersion", resourceVersion)
            .build();
    StructBuilder options =
        new StructBuilder()
            .add("kind", "DeleteOptions")
            .add("apiVersion", "v1")
            .addUnlessEmpty("propagationPolicy", propagation)
            .addUnlessEmpty("preconditions", preconditions);
    if (gracePeriodSeconds >= 0) {
      options.add("gracePeriodSeconds", gracePeriodSeconds);
    }
    return options.build();
  }
}
