package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.client.placement.NodeTerm;
import dev.tiphys.object.Struct;
import java.util.List;

/// The nodes that reach a device.
///
/// @param node the only one; empty if that is not what decides
/// @param selector a NodeSelector; empty if that is not what decides
/// @param everywhere whether all do
record Reach(String node, Struct selector, List<NodeTerm> terms, boolean everywhere) {

  /// @param holder a ResourceSlice's `spec`, or one of its devices
  static Reach of(Struct holder) {
    Struct selector = holder.struct("nodeSelector");
    return new Reach(
        holder.string("nodeName"),
        selector,
        selector.structs("nodeSelectorTerms").stream().map(NodeTerm::of).toList(),
        holder.bool("allNodes"));
  }

  boolean includes(Site site) {
    if (!node.isEmpty()) {
      return node.equals(site.name());
    }
    return everywhere || terms.stream().anyMatch(term -> term.matches(site.name(), site.labels()));
  }
}
