package dev.tiphys.controllers;

import dev.tiphys.client.features.FeatureGates;
import java.time.Duration;

/// What can be set for the controllers of a cluster.
///
/// @param rootCertificates what Pods verify the API server with, as PEM text; empty to publish none
/// @param workers how many objects each workload controller looks at at once
/// @param nodeMonitorPeriod how often the nodes are looked at
/// @param nodeGracePeriod after how long without a heartbeat a node counts as lost
/// @param nodeStartupGrace how long a node that has never been heard of may take
/// @param terminatedPods how many Pods that have ended are kept
/// @param podRanges what nodes get the addresses of their Pods from
/// @param signing what certificates and tokens are signed with
/// @param hostPaths deletes the directories of hostPath volumes that were given back
/// @param gates which features are on
public record ControllerSettings(
    String rootCertificates,
    int workers,
    Duration nodeMonitorPeriod,
    Duration nodeGracePeriod,
    Duration nodeStartupGrace,
    int terminatedPods,
    PodRanges podRanges,
    SigningSettings signing,
    HostPathDeleter hostPaths,
    FeatureGates gates) {

  /// Upstream's settings, without certificates.
  public static final ControllerSettings DEFAULT =
      new ControllerSettings(
          "",
          5,
          Duration.ofSeconds(5),
          Duration.ofSeconds(50),
          Duration.ofSeconds(60),
          12_500,
          PodRanges.DEFAULT,
          SigningSettings.NONE,
          HostPathDeleter.NOTHING,
          FeatureGates.DEFAULT);

  public ControllerSettings withRootCertificates(String pem) {
    return new ControllerSettings(
        pem,
        workers,
        nodeMonitorPeriod,
        nodeGracePeriod,
        nodeStartupGrace,
        terminatedPods,
        podRanges,
        signing,
        hostPaths,
        gates);
  }

  public ControllerSettings withTerminatedPods(int kept) {
    return new ControllerSettings(
        rootCertificates,
        workers,
        nodeMonitorPeriod,
        nodeGracePeriod,
        nodeStartupGrace,
        kept,
        podRanges,
        signing,
        hostPaths,
        gates);
  }

  public ControllerSettings withPodRanges(PodRanges ranges) {
    return new ControllerSettings(
        rootCertificates,
        workers,
        nodeMonitorPeriod,
        nodeGracePeriod,
        nodeStartupGrace,
        terminatedPods,
        ranges,
        signing,
        hostPaths,
        gates);
  }

  public ControllerSettings withSigning(SigningSettings other) {
    return new ControllerSettings(
        rootCertificates,
        workers,
        nodeMonitorPeriod,
        nodeGracePeriod,
        nodeStartupGrace,
        terminatedPods,
        podRanges,
        other,
        hostPaths,
        gates);
  }

  public ControllerSettings withFeatures(FeatureGates on) {
    return new ControllerSettings(
        rootCertificates,
        workers,
        nodeMonitorPeriod,
        nodeGracePeriod,
        nodeStartupGrace,
        terminatedPods,
        podRanges,
        signing,
        hostPaths,
        on);
  }

  public ControllerSettings withHostPaths(HostPathDeleter deleter) {
    return new ControllerSettings(
        rootCertificates,
        workers,
        nodeMonitorPeriod,
        nodeGracePeriod,
        nodeStartupGrace,
        terminatedPods,
        podRanges,
        signing,
        deleter,
        gates);
  }
}
