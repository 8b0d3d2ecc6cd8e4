package dev.tiphys.node.pod;

import dev.tiphys.object.Struct;
import java.util.List;

/// A container as a Pod has it.
///
/// @param spec its part of the Pod's spec
public record PodContainer(Kind kind, Struct spec) {
  /// In which list of the Pod it stands.
  public enum Kind {
    INIT("initContainers"),
    REGULAR("containers"),
    EPHEMERAL("ephemeralContainers");

    private final String field;

    Kind(String field) {
      this.field = field;
    }
  }

  public String name() {
    return spec.string("name");
  }

  public String image() {
    return spec.string("image");
  }

  /// Where it stands, as events have it: `spec.containers{web}`.
  public String fieldPath() {
    return "spec." + kind.field + "{" + name() + "}";
  }

  /// Whether it is a side car: starts before the regular ones, and runs along with them.
  public boolean isSidecar() {
    return kind == Kind.INIT && spec.string("restartPolicy").equals("Always");
  }

  /// When it is run again after it has ended.
  public RestartPolicy restartPolicy(Pod pod) {
    return switch (kind) {
      case EPHEMERAL -> RestartPolicy.NEVER;
      case REGULAR -> pod.restartPolicy();
      case INIT -> {
        if (isSidecar()) {
          yield RestartPolicy.ALWAYS;
        }
        // One that has done its work is never run again, only one that failed.
        yield pod.restartPolicy() == RestartPolicy.NEVER
            ? RestartPolicy.NEVER
            : RestartPolicy.ON_FAILURE;
      }
    };
  }

  /// A probe: `startupProbe`, `livenessProbe` or `readinessProbe`; empty if it has none.
  public Struct probe(String field) {
    return spec.struct(field);
  }

  public Struct security() {
    return spec.struct("securityContext");
  }

  public List<Struct> volumeMounts() {
    return spec.structs("volumeMounts");
  }

  /// A quantity among its `limits` or `requests`; empty if there is none.
  public String resource(String kindOfBound, String name) {
    return spec.get("resources", kindOfBound, name) instanceof String text ? text : "";
  }
}
