package dev.tiphys.scheduler.verdict;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.List;

/// Why a node is no place for a Pod.
///
/// @param plugin the plugin that says so
/// @param reasons in upstream's words
/// @param curable whether taking Pods off the node could help
public record Rejection(String plugin, List<String> reasons, boolean curable) {

  public Rejection {
    reasons = List.copyOf(reasons);
  }

  /// As JSON has it.
  public Struct tree() {
    return new StructBuilder()
        .add("plugin", plugin)
        .add("passed", false)
        .add("reasons", reasons)
        .add("resolvable", curable)
        .build();
  }

  /// A reason that taking Pods off the node could do away with.
  public static Rejection curable(String plugin, String reason) {
    return new Rejection(plugin, List.of(reason), true);
  }

  /// A reason that stays, whichever Pods are taken off the node.
  public static Rejection lasting(String plugin, String reason) {
    return new Rejection(plugin, List.of(reason), false);
  }
}
