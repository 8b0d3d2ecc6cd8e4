package dev.tiphys.controllers.reload;

import dev.tiphys.object.Struct;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A ConfigMap or Secret, by its name in a workload's namespace.
record Source(Kind kind, String name) {

  /// What can be named.
  enum Kind {
    CONFIG_MAP("configMap", "configMap", "name"),
    SECRET("secret", "secret", "secretName");

    private final String prefix;
    private final String volume;
    private final String volumeName;

    Kind(String prefix, String volume, String volumeName) {
      this.prefix = prefix;
      this.volume = volume;
      this.volumeName = volumeName;
    }
  }

  /// How a workload's memory of it is kept.
  @Override
  public String toString() {
    return kind.prefix + "/" + name;
  }

  /// What a Pod template names: in variables of all its containers, and in its volumes.
  static Set<Source> namedBy(Struct template) {
    Set<Source> named = new LinkedHashSet<>();
    Struct spec = template.struct("spec");
    for (String containers : List.of("initContainers", "containers")) {
      for (Struct container : spec.structs(containers)) {
        for (Kind kind : Kind.values()) {
          for (Struct variable : container.structs("env")) {
            add(named, kind, variable.string("valueFrom", kind.prefix + "KeyRef", "name"));
          }
          for (Struct all : container.structs("envFrom")) {
            add(named, kind, all.string(kind.prefix + "Ref", "name"));
          }
        }
      }
    }
    for (Struct volume : spec.structs("volumes")) {
      for (Kind kind : Kind.values()) {
        add(named, kind, volume.string(kind.volume, kind.volumeName));
        for (Struct part : volume.structs("projected", "sources")) {
          add(named, kind, part.string(kind.volume, "name"));
        }
      }
    }
    return named;
  }

  private static void add(Set<Source> named, Kind kind, String name) {
    if (!name.isEmpty()) {
      named.add(new Source(kind, name));
    }
  }
}
