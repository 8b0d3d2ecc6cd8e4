package dev.tiphys.client.placement;

import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// How much a Pod needs: enough for its containers together, and for each step of its start.
public final class PodRequests {

  /// What a container that asks for nothing is taken to use when nodes are scored; else any number
  /// of them would seem to fit a node equally well.
  private static final long ASSUMED_CPU = 100;

  private static final long ASSUMED_MEMORY = 200L * 1024 * 1024;

  private PodRequests() {}

  /// What a node must have free.
  public static ResourceList of(Struct spec) {
    return total(spec, request -> request);
  }

  /// What the Pod counts for when nodes are scored.
  public static ResourceList scored(Struct spec) {
    return total(
        spec,
        request ->
            new ResourceList(
                request.cpu() == 0 ? ASSUMED_CPU : request.cpu(),
                request.memory() == 0 ? ASSUMED_MEMORY : request.memory(),
                request.ephemeralStorage(),
                request.others()));
  }

  private static ResourceList total(Struct spec, UnaryOperator<ResourceList> each) {
    ResourceList running = ResourceList.NONE;
    for (Struct container : spec.structs("containers")) {
      running = running.plus(each.apply(request(container)));
    }
    ResourceList sidecars = ResourceList.NONE;
    ResourceList starting = ResourceList.NONE;
    for (Struct container : spec.structs("initContainers")) {
      ResourceList own = each.apply(request(container));
      if (container.string("restartPolicy").equals("Always")) {
        sidecars = sidecars.plus(own);
        starting = starting.max(sidecars);
      } else {
        starting = starting.max(sidecars.plus(own));
      }
    }
    ResourceList sum = running.plus(sidecars).max(starting);
    return replaced(sum, spec.struct("resources", "requests"))
        .plus(ResourceList.of(spec.struct("overhead")));
  }

  private static ResourceList request(Struct container) {
    return ResourceList.of(container.struct("resources", "requests"));
  }

  /// What is asked for the whole Pod counts instead of the containers' sum.
  private static ResourceList replaced(ResourceList sum, Struct ofPod) {
    if (ofPod.isEmpty()) {
      return sum;
    }
    ResourceList whole = ResourceList.of(ofPod);
    Map<String, Long> others = new HashMap<>(sum.others());
    others.putAll(whole.others());
    return new ResourceList(
        ofPod.has("cpu") ? whole.cpu() : sum.cpu(),
        ofPod.has("memory") ? whole.memory() : sum.memory(),
        sum.ephemeralStorage(),
        others);
  }
}
