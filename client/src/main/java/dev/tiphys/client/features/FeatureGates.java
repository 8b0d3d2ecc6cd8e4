package dev.tiphys.client.features;

import dev.tiphys.client.features.Feature.Choice;
import dev.tiphys.client.features.Feature.Stage;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.PackagedFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which features are on. The table `features.table` has the gates that there are: a line for each,
/// with its name, its stage, whether it is on, `switch` or `locked`, and what it needs.
///
/// Threads: any; immutable.
public final class FeatureGates {

  /// Pods are scheduled in groups, which Workloads have templates for.
  public static final String GENERIC_WORKLOAD = "GenericWorkload";

  /// Of some groups all Pods are scheduled or none.
  public static final String GANG_SCHEDULING = "GangScheduling";

  /// Administrators taint devices.
  public static final String DEVICE_TAINT_RULES = "DRADeviceTaintRules";

  /// What is stored is written anew on demand.
  public static final String STORAGE_VERSION_MIGRATOR = "StorageVersionMigrator";

  /// What signers are verified with is published.
  public static final String CLUSTER_TRUST_BUNDLE = "ClusterTrustBundle";

  /// Volumes show what is published so.
  public static final String CLUSTER_TRUST_BUNDLE_PROJECTION = "ClusterTrustBundleProjection";

  /// What drivers say of the condition of volumes is told to Pods.
  public static final String CSI_VOLUME_HEALTH = "CSIVolumeHealth";

  /// Pods are given certificates of their own.
  public static final String POD_CERTIFICATE_REQUEST = "PodCertificateRequest";

  private static final List<String> GROUPS = List.of("AllAlpha", "AllBeta");
  private static final Map<String, Feature> KNOWN = read();

  /// All gates as they are if nothing is said.
  public static final FeatureGates DEFAULT = new FeatureGates(Map.of());

  private final Map<String, Boolean> given;

  private FeatureGates(Map<String, Boolean> given) {
    this.given = Map.copyOf(given);
  }

  private static Map<String, Feature> read() {
    Map<String, Feature> features = new LinkedHashMap<>();
    new PackagedFile(FeatureGates.class, "features.table")
        .text()
        .lines()
        .map(FeatureGates::feature)
        .forEach(feature -> features.put(feature.name(), feature));
    return features;
  }

  private static Feature feature(String line) {
    List<String> words = List.of(line.split(" "));
    String last = words.getLast();
    return new Feature(
        words.get(0),
        Stage.valueOf(words.get(1)),
        words.get(2).equals("on"),
        words.contains("switch")
            ? Choice.SWITCHED
            : words.contains("locked") ? Choice.LOCKED : Choice.FIXED,
        last.startsWith("needs=") ? List.of(last.substring("needs=".length())) : List.of());
  }

  /// What `--feature-gates` says: `A=true,B=false`.
  ///
  /// @throws IllegalArgumentException if there is no such gate, or it can't be set so; the message
  ///   says why, as upstream does
  public static FeatureGates parse(String text) {
    Map<String, Boolean> given = new LinkedHashMap<>();
    for (String part : text.split(",")) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        if (equals < 0) {
          throw new IllegalArgumentException("missing bool value for " + part.strip());
        }
        String name = part.substring(0, equals).strip();
        String value = part.substring(equals + 1).strip();
        given.put(name, bool(name, value));
      }
    }
    List<String> problems = problems(given);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]");
    }
    return new FeatureGates(given);
  }

  private static boolean bool(String name, String value) {
    return switch (value) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default ->
          throw new IllegalArgumentException(
              "invalid value of %s=%s, err: strconv.ParseBool: parsing \"%s\": invalid syntax"
                  .formatted(name, value, value));
    };
  }

  private static List<String> problems(Map<String, Boolean> given) {
    List<String> problems = new ArrayList<>();
    given.forEach(
        (name, value) -> {
          Feature feature = KNOWN.get(name);
          if (feature != null) {
            String refusal = feature.refusalOf(value);
            if (!refusal.isEmpty()) {
              problems.add(refusal);
            }
          } else if (!GROUPS.contains(name)) {
            problems.add("unrecognized feature gate: " + name);
          } else if (value || name.equals("AllBeta")) {
            problems.add(
                "cannot set feature gate "
                    + name
                    + " to "
                    + value
                    + ", not all of its features can be switched in Tiphys");
          }
        });
    FeatureGates gates = new FeatureGates(given);
    KNOWN
        .values()
        .forEach(
            feature -> {
              List<String> off =
                  feature.needs().stream().filter(needed -> !gates.isOn(needed)).toList();
              if (gates.isOn(feature.name()) && !off.isEmpty()) {
                problems.add(
                    feature.name()
                        + " is enabled, but depends on features that are disabled: ["
                        + String.join(" ", off)
                        + "]");
              }
            });
    return problems;
  }

  /// Whether a feature is on.
  ///
  /// @throws IllegalArgumentException if there is no such feature
  public boolean isOn(String name) {
    Feature feature = KNOWN.get(name);
    if (feature == null) {
      throw new IllegalArgumentException("no such feature: " + name);
    }
    return given.getOrDefault(name, feature.byDefault());
  }

  /// Tells of each gate whether it is on.
  public void write(Exposition out) {
    out.family(
        "kubernetes_feature_enabled",
        "gauge",
        "[BETA] This metric records the data about the stage and enablement of a k8s feature.");
    KNOWN
        .values()
        .forEach(
            feature ->
                out.sample(
                    "kubernetes_feature_enabled",
                    "name=\"" + feature.name() + "\",stage=\"" + feature.stage().label() + "\"",
                    isOn(feature.name()) ? 1 : 0));
  }
}
