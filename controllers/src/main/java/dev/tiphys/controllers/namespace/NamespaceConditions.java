package dev.tiphys.controllers.namespace;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How a namespace that is being deleted tells how far that has come.
///
/// @param now when it is told
record NamespaceConditions(Instant now) {

  /// `namespace` with its conditions brought up to date; the same if they are.
  Struct applied(Struct namespace, Remainder remainder) {
    Struct next = namespace;
    for (Struct condition : of(remainder)) {
      next = with(next, condition);
    }
    return next;
  }

  private List<Struct> of(Remainder remainder) {
    String error = remainder.discoveryError();
    String failures =
        "Failed to delete all resource types, "
            + remainder.errors().size()
            + " remaining: "
            + remainder.errors().stream().sorted().collect(Collectors.joining(", "));
    return List.of(
        error.isEmpty()
            ? fine(
                "NamespaceDeletionDiscoveryFailure",
                "ResourcesDiscovered",
                "All resources successfully discovered")
            : bad("NamespaceDeletionDiscoveryFailure", "DiscoveryFailed", error),
        fine(
            "NamespaceDeletionGroupVersionParsingFailure",
            "ParsedGroupVersions",
            "All legacy kube types successfully parsed"),
        remainder.errors().isEmpty()
            ? fine(
                "NamespaceDeletionContentFailure",
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization")
            : bad("NamespaceDeletionContentFailure", "ContentDeletionFailed", failures),
        remainder.resources().isEmpty()
            ? fine(
                "NamespaceContentRemaining", "ContentRemoved", "All content successfully removed")
            : bad(
                "NamespaceContentRemaining",
                "SomeResourcesRemain",
                "Some resources are remaining: "
                    + listed(remainder.resources(), " has ", " resource instances")),
        remainder.finalizers().isEmpty()
            ? fine(
                "NamespaceFinalizersRemaining",
                "ContentHasNoFinalizers",
                "All content-preserving finalizers finished")
            : bad(
                "NamespaceFinalizersRemaining",
                "SomeFinalizersRemain",
                "Some content in the namespace has finalizers remaining: "
                    + listed(remainder.finalizers(), " in ", " resource instances")));
  }

  private static String listed(Map<String, Integer> counts, String before, String after) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + before + entry.getValue() + after)
        .collect(Collectors.joining(", "));
  }

  private Struct fine(String type, String reason, String message) {
    return condition(type, "False", reason, message);
  }

  private Struct bad(String type, String reason, String message) {
    return condition(type, "True", reason, message);
  }

  private Struct condition(String type, String status, String reason, String message) {
    return new StructBuilder()
        .add("type", type)
        .add("status", status)
        .add("reason", reason)
        .add("message", message)
        .add("lastTransitionTime", Timestamps.seconds(now))
        .build();
  }

  private static Struct with(Struct namespace, Struct condition) {
    List<Struct> conditions = new ArrayList<>(namespace.structs("status", "conditions"));
    for (int i = 0; i < conditions.size(); i++) {
      Struct present = conditions.get(i);
      if (present.string("type").equals(condition.string("type"))) {
        if (present.without("lastTransitionTime").equals(condition.without("lastTransitionTime"))) {
          return namespace;
        }
        boolean lasts = present.string("status").equals(condition.string("status"));
        Object since = present.get("lastTransitionTime");
        conditions.set(
            i, lasts && since != null ? condition.with("lastTransitionTime", since) : condition);
        return namespace.withAt(List.copyOf(conditions), "status", "conditions");
      }
    }
    conditions.add(condition);
    return namespace.withAt(List.copyOf(conditions), "status", "conditions");
  }
}
