package dev.tiphys.scheduler.cluster;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.client.placement.Taint;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a Node says about itself. Two that are equal are the same to the scheduler, however often
/// the node reports.
///
/// @param unschedulable whether it takes no new Pods
/// @param allocatable what Pods may take together
/// @param pods how many there may be
/// @param conditions the status of each of its conditions
/// @param features what it declares that it can do
/// @param images the sizes of the images it has, by each of their names
public record NodeFacts(
    String name,
    Struct labels,
    Struct annotations,
    Map<String, String> conditions,
    List<Taint> taints,
    boolean unschedulable,
    ResourceList allocatable,
    long pods,
    Set<String> features,
    Map<String, Long> images) {

  public static NodeFacts of(Struct node) {
    Struct allocatable = node.struct("status", "allocatable");
    Object pods = allocatable.get("pods");
    return new NodeFacts(
        Meta.of(node).name(),
        Meta.of(node).labels(),
        Meta.of(node).annotations(),
        conditions(node),
        Taint.of(node),
        node.bool("spec", "unschedulable"),
        ResourceList.of(allocatable),
        pods == null ? 0 : ResourceList.quantity(pods).units(),
        Set.copyOf(node.strings("status", "declaredFeatures")),
        images(node));
  }

  private static Map<String, String> conditions(Struct node) {
    Map<String, String> conditions = new HashMap<>();
    for (Struct condition : node.structs("status", "conditions")) {
      conditions.put(condition.string("type"), condition.string("status"));
    }
    return Map.copyOf(conditions);
  }

  private static Map<String, Long> images(Struct node) {
    Map<String, Long> sizes = new HashMap<>();
    for (Struct image : node.structs("status", "images")) {
      for (String name : image.strings("names")) {
        sizes.put(name, image.integer("sizeBytes"));
      }
    }
    return Map.copyOf(sizes);
  }
}
