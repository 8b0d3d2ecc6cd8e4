package dev.tiphys.delivery.model;

import dev.tiphys.client.ApiResource;
import dev.tiphys.schema.GroupVersion;

/// The resources of the group `argoproj.io`.
public final class DeliveryResources {

  private static final GroupVersion VERSION = GroupVersion.parse("argoproj.io/v1alpha1");

  public static final ApiResource ROLLOUTS = namespaced("rollouts", "Rollout");
  public static final ApiResource ANALYSIS_RUNS = namespaced("analysisruns", "AnalysisRun");
  public static final ApiResource ANALYSIS_TEMPLATES =
      namespaced("analysistemplates", "AnalysisTemplate");
  public static final ApiResource CLUSTER_ANALYSIS_TEMPLATES =
      new ApiResource(VERSION, "clusteranalysistemplates", "ClusterAnalysisTemplate", false);
  public static final ApiResource EXPERIMENTS = namespaced("experiments", "Experiment");

  private DeliveryResources() {}

  private static ApiResource namespaced(String plural, String kind) {
    return new ApiResource(VERSION, plural, kind, true);
  }
}
