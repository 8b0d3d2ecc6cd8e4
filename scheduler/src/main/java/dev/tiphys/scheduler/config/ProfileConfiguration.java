package dev.tiphys.scheduler.config;

import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.arguments.PluginArguments;
import dev.tiphys.scheduler.config.fields.Fields;
import dev.tiphys.scheduler.config.fields.Problems;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the Pods of one scheduler name are scheduled.
///
/// @param scheduler the name
/// @param nodesToScore in percent; -1 if that is not said here
/// @param multiPoint the plugins that take part wherever they can
/// @param plugins what is said of single extension points
/// @param arguments of plugins, by name, with the defaults filled in
public record ProfileConfiguration(
    String scheduler,
    long nodesToScore,
    PluginSet multiPoint,
    Map<ExtensionPoint, PluginSet> plugins,
    Map<String, Struct> arguments) {

  /// Upstream's default plugins and what their scores count for.
  private static final PluginSet DEFAULTS =
      new PluginSet(
          List.of(
              plugin("SchedulingGates", 0),
              plugin("PrioritySort", 0),
              plugin("NodeUnschedulable", 0),
              plugin("NodeName", 0),
              plugin("TaintToleration", 3),
              plugin("NodeAffinity", 2),
              plugin("NodePorts", 0),
              plugin("NodeResourcesFit", 1),
              plugin("VolumeRestrictions", 0),
              plugin("NodeVolumeLimits", 0),
              plugin("VolumeBinding", 0),
              plugin("VolumeZone", 0),
              plugin("PodTopologySpread", 2),
              plugin("InterPodAffinity", 2),
              plugin("DynamicResources", 2),
              plugin("DefaultPreemption", 0),
              plugin("NodeResourcesBalancedAllocation", 1),
              plugin("ImageLocality", 1),
              plugin("DefaultBinder", 0),
              plugin("NodeDeclaredFeatures", 0)),
          Set.of());

  private static PluginSet.Enabled plugin(String name, long weight) {
    return new PluginSet.Enabled(name, weight);
  }

  /// The default plugins, and those of features that are on.
  private static PluginSet defaults(FeatureGates gates) {
    if (!gates.isOn(FeatureGates.GANG_SCHEDULING)) {
      return DEFAULTS;
    }
    List<PluginSet.Enabled> all = new ArrayList<>(DEFAULTS.enabled());
    all.add(plugin("GangScheduling", 0));
    return new PluginSet(all, Set.of());
  }

  /// @param named the name if none is given
  /// @param gates which features are on
  static ProfileConfiguration of(Fields profile, String named, FeatureGates gates) {
    String scheduler = profile.string("schedulerName", named);
    long nodesToScore = profile.integer("percentageOfNodesToScore", -1, "int32");
    Fields sets = profile.object("plugins", "Plugins");
    PluginSet multiPoint =
        defaults(gates).changedBy(PluginSet.of(sets.object("multiPoint", "PluginSet")));
    Map<ExtensionPoint, PluginSet> plugins = new EnumMap<>(ExtensionPoint.class);
    for (ExtensionPoint point : ExtensionPoint.values()) {
      plugins.put(point, PluginSet.of(sets.object(point.field(), "PluginSet")));
    }
    sets.end();
    Map<String, Struct> arguments = arguments(profile);
    profile.end();
    Problems problems = profile.problems();
    if (scheduler.isEmpty()) {
      problems.required(profile.at("schedulerName"), "");
    }
    if (nodesToScore != -1 && (nodesToScore < 0 || nodesToScore > 100)) {
      problems.invalid(
          profile.at("percentageOfNodesToScore"), nodesToScore, "not in valid range [0-100]");
    }
    return new ProfileConfiguration(scheduler, nodesToScore, multiPoint, plugins, arguments);
  }

  /// This configuration, with resources that no plugin counts: others see to them.
  public ProfileConfiguration ignoring(List<String> resources) {
    if (resources.isEmpty()) {
      return this;
    }
    Map<String, Struct> changed = new LinkedHashMap<>(arguments);
    changed.computeIfPresent(
        "NodeResourcesFit",
        (_, fit) -> {
          List<String> all = new ArrayList<>(fit.strings("ignoredResources"));
          all.addAll(resources);
          return fit.with("ignoredResources", all);
        });
    return new ProfileConfiguration(scheduler, nodesToScore, multiPoint, plugins, changed);
  }

  private static Map<String, Struct> arguments(Fields profile) {
    Map<String, Struct> arguments = new LinkedHashMap<>();
    for (Fields each : profile.objects("pluginConfig", "PluginConfig")) {
      String name = each.string("name", "");
      Struct full =
          PluginArguments.isKnown(name)
              ? PluginArguments.read(name, each.object("args", name + "Args"))
              : each.ignoring("args").struct().struct("args");
      if (arguments.put(name, full) != null) {
        String path = each.at("name");
        profile.problems().duplicate(path.substring(0, path.lastIndexOf('.')), name);
      }
      each.end();
    }
    for (String name : PluginArguments.names()) {
      arguments.computeIfAbsent(name, PluginArguments::defaults);
    }
    return arguments;
  }
}
