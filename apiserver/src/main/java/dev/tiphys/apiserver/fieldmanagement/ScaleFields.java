package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.apiserver.fieldmanagement.Owners.UnreadableException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.merge.FieldSet;
import dev.tiphys.object.merge.PathElement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The owners of the number of replicas: of the workload, and of the Scale that shows it.
///
/// @param apiVersion the version of the workload in the request
/// @param paths where the replicas stand in a version of the workload: empty if nowhere, null if it
///   is not served
public record ScaleFields(String apiVersion, Function<String, @Nullable List<String>> paths) {

  private static final String SCALE_VERSION = "autoscaling/v1";
  private static final FieldSet REPLICAS = FieldSet.ofFields("spec", "replicas");

  /// The Scale with those as owners of its replicas that own the workload's.
  public Struct shown(Struct scale, Struct workload) {
    Map<Manager, Ownership> shown = new LinkedHashMap<>();
    owners(workload)
        .forEach(
            (manager, ownership) -> {
              if (hasReplicas(ownership)) {
                shown.put(
                    scaled(manager), new Ownership(SCALE_VERSION, ownership.time(), REPLICAS));
              }
            });
    return Owners.write(scale, shown);
  }

  /// The workload with those as owners of its replicas that own the Scale's.
  ///
  /// @param workload as it was when the Scale was shown
  public Struct taken(Struct workload, Struct scale) {
    Map<Manager, Ownership> scaled = owners(scale);
    Map<Manager, Ownership> taken = new LinkedHashMap<>();
    owners(workload)
        .forEach(
            (manager, ownership) -> {
              List<String> path = paths.apply(ownership.apiVersion());
              if (path == null) {
                return; // of a version that is not served any longer
              }
              boolean kept = scaled.remove(scaled(manager)) != null;
              FieldSet left =
                  kept || !hasReplicas(ownership)
                      ? ownership.fields()
                      : ownership.fields().difference(set(path));
              if (!left.isEmpty()) {
                taken.put(manager, ownership.with(left));
              }
            });
    List<String> path = paths.apply(apiVersion);
    scaled.forEach(
        (manager, ownership) -> {
          if (path != null && REPLICAS.isSubsetOf(ownership.fields())) {
            Manager of =
                manager.applies()
                    ? manager
                    : Manager.updating(manager.name(), apiVersion, manager.subresource());
            taken.put(of, new Ownership(apiVersion, "", set(path)));
          }
        });
    return Owners.write(workload, taken);
  }

  /// A manager of the workload, as one of the Scale.
  private static Manager scaled(Manager manager) {
    return manager.applies()
        ? manager
        : Manager.updating(manager.name(), SCALE_VERSION, manager.subresource());
  }

  private boolean hasReplicas(Ownership ownership) {
    List<String> path = paths.apply(ownership.apiVersion());
    return path != null && ownership.fields().contains(steps(path));
  }

  private static FieldSet set(List<String> path) {
    return FieldSet.of(steps(path).toArray(PathElement[]::new));
  }

  private static List<PathElement> steps(List<String> path) {
    return path.stream().<PathElement>map(PathElement.Field::new).toList();
  }

  private static Map<Manager, Ownership> owners(Struct object) {
    try {
      return Owners.read(object.struct("metadata"));
    } catch (UnreadableException e) {
      return new LinkedHashMap<>();
    }
  }
}
