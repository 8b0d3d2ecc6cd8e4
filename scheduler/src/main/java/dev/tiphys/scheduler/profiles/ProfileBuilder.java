package dev.tiphys.scheduler.profiles;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.ExtensionPoint;
import dev.tiphys.scheduler.config.PluginSet;
import dev.tiphys.scheduler.config.ProfileConfiguration;
import dev.tiphys.scheduler.config.fields.ConfigurationException;
import dev.tiphys.scheduler.framework.BindPlugin;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PermitPlugin;
import dev.tiphys.scheduler.framework.Plugin;
import dev.tiphys.scheduler.framework.PluginFactory;
import dev.tiphys.scheduler.framework.PostBindPlugin;
import dev.tiphys.scheduler.framework.PostFilterPlugin;
import dev.tiphys.scheduler.framework.PreBindPlugin;
import dev.tiphys.scheduler.framework.PreEnqueuePlugin;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.framework.QueueSortPlugin;
import dev.tiphys.scheduler.framework.ReservePlugin;
import dev.tiphys.scheduler.framework.TemplateRefiner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes the plugins of a profile and puts them in their places.
public final class ProfileBuilder {

  private final ProfileConfiguration configuration;
  private final Map<String, Plugin> plugins = new LinkedHashMap<>();

  /// @param factories what makes plugins, by their names
  private ProfileBuilder(
      ProfileConfiguration configuration, Map<String, PluginFactory> factories, Handle handle) {
    this.configuration = configuration;
    Set<String> needed = new LinkedHashSet<>();
    configuration.multiPoint().enabled().forEach(plugin -> needed.add(plugin.name()));
    for (PluginSet set : configuration.plugins().values()) {
      set.enabled().forEach(plugin -> needed.add(plugin.name()));
    }
    factories.forEach(
        (name, factory) -> {
          if (needed.contains(name)) {
            Struct arguments = configuration.arguments().getOrDefault(name, Struct.EMPTY);
            plugins.put(name, factory.make(handle, arguments));
          }
        });
  }

  /// @param nodesToScore what holds if the profile does not say it itself
  /// @throws ConfigurationException if plugins are named that there are not, or that do not belong
  ///   where they are
  public static Profile build(
      ProfileConfiguration configuration,
      Map<String, PluginFactory> factories,
      Handle handle,
      long nodesToScore) {
    try {
      return new ProfileBuilder(configuration, factories, handle).profile(nodesToScore);
    } catch (ConfigurationException e) {
      throw new ConfigurationException(
          "initializing profiles: creating profile for scheduler name "
              + configuration.scheduler()
              + ": "
              + e.getMessage());
    }
  }

  private Profile profile(long nodesToScore) {
    // In upstream's order, so that of several faults the same is told.
    for (ExtensionPoint point : ExtensionPoint.values()) {
      at(point);
    }
    List<QueueSortPlugin> queueSort = at(QueueSortPlugin.class, ExtensionPoint.QUEUE_SORT);
    if (queueSort.size() != 1) {
      throw new ConfigurationException(
          "only one queue sort plugin required for profile with scheduler name \""
              + configuration.scheduler()
              + "\", but got "
              + queueSort.size());
    }
    List<BindPlugin> bind = at(BindPlugin.class, ExtensionPoint.BIND);
    if (bind.isEmpty()) {
      throw new ConfigurationException(
          "at least one bind plugin is needed for profile with scheduler name \""
              + configuration.scheduler()
              + "\"");
    }
    long share = configuration.nodesToScore() < 0 ? nodesToScore : configuration.nodesToScore();
    List<Plugin> all = List.copyOf(plugins.values());
    return new Profile(
        configuration.scheduler(),
        (int) share,
        at(PreEnqueuePlugin.class, ExtensionPoint.PRE_ENQUEUE),
        queueSort.getFirst(),
        at(Plugin.class, ExtensionPoint.PRE_FILTER),
        at(FilterPlugin.class, ExtensionPoint.FILTER),
        at(PostFilterPlugin.class, ExtensionPoint.POST_FILTER),
        weighted(at(Plugin.class, ExtensionPoint.SCORE)),
        at(ReservePlugin.class, ExtensionPoint.RESERVE),
        at(PermitPlugin.class, ExtensionPoint.PERMIT),
        at(PreBindPlugin.class, ExtensionPoint.PRE_BIND),
        bind,
        at(PostBindPlugin.class, ExtensionPoint.POST_BIND),
        all.stream()
            .filter(TemplateRefiner.class::isInstance)
            .map(TemplateRefiner.class::cast)
            .toList(),
        all);
  }

  private <T> List<T> at(Class<T> type, ExtensionPoint point) {
    return at(point).stream().filter(type::isInstance).map(type::cast).toList();
  }

  private List<Profile.Weighted> weighted(List<Plugin> scoring) {
    Map<String, Long> weights = new HashMap<>();
    List<PluginSet.Enabled> enabled = new ArrayList<>(set(ExtensionPoint.SCORE).enabled());
    enabled.addAll(configuration.multiPoint().enabled());
    long total = 0;
    for (PluginSet.Enabled each : enabled) {
      Plugin plugin = plugins.get(each.name());
      if (plugin == null
          || !ExtensionPoint.SCORE.takes(plugin)
          || weights.containsKey(each.name())) {
        continue;
      }
      long weight = each.weight() == 0 ? 1 : each.weight();
      if (weight * 100 > Long.MAX_VALUE / 2 - total) {
        throw new ConfigurationException("total score of Score plugins could overflow");
      }
      total += weight * 100;
      weights.put(each.name(), weight);
    }
    return scoring.stream()
        .map(plugin -> new Profile.Weighted(plugin, weights.getOrDefault(plugin.name(), 1L)))
        .toList();
  }

  private PluginSet set(ExtensionPoint point) {
    return configuration.plugins().getOrDefault(point, PluginSet.EMPTY);
  }

  /// The plugins of an extension point. First come those of all points that are named here again,
  /// as they are named here; then the others of all points; then the others that are named here.
  private List<Plugin> at(ExtensionPoint point) {
    PluginSet set = set(point);
    Set<String> here = new LinkedHashSet<>();
    for (PluginSet.Enabled each : set.enabled()) {
      Plugin plugin = known(point, each.name());
      if (!point.takes(plugin)) {
        throw new ConfigurationException(
            "plugin \"" + each.name() + "\" does not extend " + point.type() + " plugin");
      }
      if (!here.add(each.name())) {
        throw registeredTwice(point, each.name());
      }
    }
    Set<String> everywhere = new LinkedHashSet<>();
    Set<String> both = new LinkedHashSet<>();
    for (PluginSet.Enabled each :
        set.disables("*") ? List.<PluginSet.Enabled>of() : configuration.multiPoint().enabled()) {
      Plugin plugin = known(point, each.name());
      if (!point.takes(plugin) || set.disables(each.name())) {
        continue;
      }
      if (here.contains(each.name())) {
        both.add(each.name());
      } else if (!everywhere.add(each.name())) {
        throw registeredTwice(point, each.name());
      }
    }
    List<Plugin> ordered = new ArrayList<>();
    here.stream().filter(both::contains).forEach(name -> ordered.add(known(point, name)));
    everywhere.forEach(name -> ordered.add(known(point, name)));
    here.stream()
        .filter(name -> !both.contains(name))
        .forEach(name -> ordered.add(known(point, name)));
    return ordered;
  }

  private static ConfigurationException registeredTwice(ExtensionPoint point, String name) {
    return new ConfigurationException(
        "plugin \"" + name + "\" already registered as \"" + point.type() + "\"");
  }

  private Plugin known(ExtensionPoint point, String name) {
    Plugin plugin = plugins.get(name);
    if (plugin == null) {
      throw new ConfigurationException(point.type() + " \"" + name + "\" does not exist");
    }
    return plugin;
  }
}
