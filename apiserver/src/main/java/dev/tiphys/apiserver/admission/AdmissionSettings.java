package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which plugins are on, and what is set for them.
///
/// @param on the names of those that are on though they usually are not
/// @param off the names of those that are off though they usually are not
/// @param configurations what is set for plugins, by their names
public record AdmissionSettings(
    Set<String> on, Set<String> off, Map<String, Struct> configurations) {

  /// What a server does that is told nothing else.
  public static final AdmissionSettings DEFAULT =
      new AdmissionSettings(Set.of(), Set.of(), Map.of());

  /// @throws IllegalArgumentException in upstream's words, if they do not go together
  public AdmissionSettings {
    on = Set.copyOf(on);
    off = Set.copyOf(off);
    configurations = Map.copyOf(configurations);
    check("enable-admission-plugins", on);
    check("disable-admission-plugins", off);
    Set<String> both = new TreeSet<>(on);
    both.retainAll(off);
    if (!both.isEmpty()) {
      throw new IllegalArgumentException(
          "["
              + String.join(" ", both)
              + "] in enable-admission-plugins and disable-admission-plugins overlapped");
    }
  }

  private static void check(String option, Set<String> names) {
    for (String name : new TreeSet<>(names)) {
      if (!Plugins.names().contains(name)) {
        throw new IllegalArgumentException(option + " plugin \"" + name + "\" is unknown");
      }
    }
  }

  /// The same with other plugins off.
  public AdmissionSettings without(String... names) {
    return new AdmissionSettings(on, Set.of(names), configurations);
  }

  /// The same with other plugins on.
  public AdmissionSettings with(String... names) {
    return new AdmissionSettings(Set.of(names), off, configurations);
  }

  /// The same with something set for a plugin.
  public AdmissionSettings configured(String name, Struct configuration) {
    return new AdmissionSettings(on, off, Map.of(name, configuration));
  }

  /// What is set for a plugin; empty if nothing is.
  Struct of(String name) {
    return configurations.getOrDefault(name, Struct.EMPTY);
  }
}
