package dev.tiphys.scheduler.config;

import dev.tiphys.scheduler.config.fields.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The plugins that are on and off at an extension point, or at all of them.
///
/// @param disabled names; `*` for all
public record PluginSet(List<Enabled> enabled, Set<String> disabled) {

  public static final PluginSet EMPTY = new PluginSet(List.of(), Set.of());

  /// @param weight what its scores count for; 0 if that is not said
  public record Enabled(String name, long weight) {}

  public PluginSet {
    enabled = List.copyOf(enabled);
    disabled = Set.copyOf(disabled);
  }

  static PluginSet of(Fields set) {
    List<Enabled> enabled = new ArrayList<>();
    for (Fields plugin : set.objects("enabled", "Plugin")) {
      enabled.add(new Enabled(plugin.string("name", ""), plugin.integer("weight", 0, "int32")));
      plugin.end();
    }
    Set<String> disabled = new HashSet<>();
    for (Fields plugin : set.objects("disabled", "Plugin")) {
      disabled.add(plugin.string("name", ""));
      plugin.ignoring("weight").end();
    }
    set.end();
    return new PluginSet(enabled, disabled);
  }

  public boolean disables(String name) {
    return disabled.contains(name);
  }

  boolean disablesAll() {
    return disabled.contains("*");
  }

  /// These plugins, changed by what a configuration says: what is disabled is left out, what is
  /// enabled anew stays in its place, what is new comes last.
  PluginSet changedBy(PluginSet custom) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (int i = 0; i < custom.enabled.size(); i++) {
      places.put(custom.enabled.get(i).name, i);
    }
    List<Enabled> all = new ArrayList<>();
    Set<Integer> replaced = new HashSet<>();
    for (Enabled plugin : custom.disablesAll() ? List.<Enabled>of() : enabled) {
      if (!custom.disables(plugin.name)) {
        Integer place = places.get(plugin.name);
        if (place != null) {
          replaced.add(place);
        }
        all.add(place == null ? plugin : custom.enabled.get(place));
      }
    }
    for (int i = 0; i < custom.enabled.size(); i++) {
      if (!replaced.contains(i)) {
        all.add(custom.enabled.get(i));
      }
    }
    return new PluginSet(all, custom.disabled);
  }
}
