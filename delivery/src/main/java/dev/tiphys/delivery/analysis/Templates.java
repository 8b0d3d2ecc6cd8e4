package dev.tiphys.delivery.analysis;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The AnalysisTemplates that an analysis names, and those that they name, as one.
///
/// @param metrics of all of them, in order
/// @param arguments their parameters, with the values that some have
/// @param dryRuns which metrics do not count
/// @param retentions how many measurements are kept
public record Templates(
    List<Struct> metrics, List<Struct> arguments, List<Struct> dryRuns, List<Struct> retentions) {

  /// Reads them.
  ///
  /// @param analysis what holds the list `templates`
  /// @throws ApiException if one is missing
  public static Templates of(Api api, String namespace, Struct analysis) {
    Templates all =
        new Templates(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    all.add(api, namespace, analysis, new HashSet<>());
    return all;
  }

  private void add(Api api, String namespace, Struct holder, Set<String> seen) {
    for (Struct reference : holder.structs("templates")) {
      boolean cluster = reference.bool("clusterScope");
      String name = reference.string("templateName");
      if (!seen.add(cluster + "/" + name)) {
        continue; // also ends a circle
      }
      ApiResource resource =
          cluster
              ? DeliveryResources.CLUSTER_ANALYSIS_TEMPLATES
              : DeliveryResources.ANALYSIS_TEMPLATES;
      Struct spec = api.get(resource, cluster ? "" : namespace, name).struct("spec");
      metrics.addAll(spec.structs("metrics"));
      dryRuns.addAll(spec.structs("dryRun"));
      retentions.addAll(spec.structs("measurementRetention"));
      for (Struct argument : spec.structs("args")) {
        merge(argument);
      }
      add(api, namespace, spec, seen);
    }
  }

  private void merge(Struct argument) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).string("name").equals(argument.string("name"))) {
        if (!isGiven(arguments.get(i))) {
          arguments.set(i, argument);
        }
        return;
      }
    }
    arguments.add(argument);
  }

  static boolean isGiven(Struct argument) {
    return argument.has("value") || argument.has("valueFrom");
  }
}
