package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.Fields;
import dev.tiphys.scheduler.config.fields.Problems;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/// The arguments of plugins that take some, by the names of the plugins.
public final class PluginArguments {

  private static final Map<String, Function<Fields, Struct>> READERS =
      Map.of(
          "DefaultPreemption", DefaultPreemptionArguments::read,
          "DynamicResources", DynamicResourcesArguments::read,
          "InterPodAffinity", InterPodAffinityArguments::read,
          "NodeAffinity", NodeAffinityArguments::read,
          "NodeResourcesBalancedAllocation", BalancedAllocationArguments::read,
          "NodeResourcesFit", NodeResourcesFitArguments::read,
          "PodTopologySpread", PodTopologySpreadArguments::read,
          "VolumeBinding", VolumeBindingArguments::read);

  private PluginArguments() {}

  public static Set<String> names() {
    return READERS.keySet();
  }

  public static boolean isKnown(String plugin) {
    return READERS.containsKey(plugin);
  }

  /// Reads the arguments of a known plugin, and reports what is wrong with them.
  ///
  /// @return the arguments with the defaults filled in
  public static Struct read(String plugin, Fields arguments) {
    arguments.ignoring("apiVersion", "kind");
    Struct full = Objects.requireNonNull(READERS.get(plugin)).apply(arguments);
    arguments.end();
    return full;
  }

  /// The arguments of a known plugin that nothing is said of.
  public static Struct defaults(String plugin) {
    return read(plugin, new Fields(Struct.EMPTY, "args", plugin + "Args", new Problems()));
  }
}
