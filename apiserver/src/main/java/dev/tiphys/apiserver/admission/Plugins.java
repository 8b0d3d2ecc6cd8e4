package dev.tiphys.apiserver.admission;

import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The plugins, in their order, by upstream's names for them.
public final class Plugins {

  private Plugins() {}

  private record Named(String name, Admission plugin) {}

  /// All that are on.
  ///
  /// @param off the names of those that are not
  public static Admission all(World world, Lookup lookup, Set<String> off) {
    List<Admission> on = new ArrayList<>();
    for (Named each : known(world, lookup)) {
      if (!off.contains(each.name)) {
        on.add(each.plugin);
      }
    }
    return new Reinvoking(Admission.chain(on));
  }

  private static List<Named> known(World world, Lookup lookup) {
    return List.of(
        new Named("NamespaceLifecycle", new NamespaceLifecycle(lookup)),
        new Named("TaintNodesByCondition", new NotReadyTaint()),
        new Named("ServiceAccount", new PodServiceAccount(world, lookup)),
        new Named("Priority", new PodPriority(lookup)),
        new Named("DefaultTolerationSeconds", new DefaultTolerations()),
        new Named("DefaultClasses", new DefaultClasses(lookup)),
        new Named("PodTopologyLabels", new TopologyLabels(lookup)));
  }
}
