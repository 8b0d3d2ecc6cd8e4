package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which plugins are on, and what is set for them.
///
/// @param on the names of those that are on though they usually are not
/// @param off the names of those that are off though they usually are not
/// @param configurations what is set for plugins, by their names
/// @param skippedWebhooks the names of webhooks that are never asked
public record AdmissionSettings(
    Set<String> on,
    Set<String> off,
    Map<String, Struct> configurations,
    Set<String> skippedWebhooks) {

  /// What a server does that is told nothing else.
  public static final AdmissionSettings DEFAULT =
      new AdmissionSettings(Set.of(), Set.of(), Map.of(), Set.of());

  /// @throws IllegalArgumentException in upstream's words, if they do not go together
  public AdmissionSettings {
    on = Set.copyOf(on);
    off = Set.copyOf(off);
    configurations = Map.copyOf(configurations);
    skippedWebhooks = Set.copyOf(skippedWebhooks);
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
    return new AdmissionSettings(on, Set.of(names), configurations, skippedWebhooks);
  }

  /// The same with other plugins on.
  public AdmissionSettings with(String... names) {
    return new AdmissionSettings(Set.of(names), off, configurations, skippedWebhooks);
  }

  /// The same with something set for a plugin.
  public AdmissionSettings configured(String name, Struct configuration) {
    return new AdmissionSettings(on, off, Map.of(name, configuration), skippedWebhooks);
  }

  /// The same, by which some webhooks are never asked.
  public AdmissionSettings skippingWebhooks(Collection<String> names) {
    return new AdmissionSettings(on, off, configurations, Set.copyOf(names));
  }

  /// What is set for a plugin; empty if nothing is.
  Struct of(String name) {
    return configurations.getOrDefault(name, Struct.EMPTY);
  }
}
