package dev.tiphys.scheduler.config;

import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.scheduler.config.fields.ConfigurationException;
import dev.tiphys.scheduler.config.fields.Fields;
import dev.tiphys.scheduler.config.fields.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How a scheduler is to work.
///
/// @param profiles at least one; their names differ
/// @param firstBackoff how long a Pod waits after the first failure
/// @param longestBackoff how long it waits at most
/// @param gates which features are on
/// @param kubeconfig the file that says where the API is; empty if that is not said
/// @param parallelism how many writes may be on their way at once, in units of two
public record SchedulerConfiguration(
    List<ProfileConfiguration> profiles,
    List<ExtenderConfiguration> extenders,
    long nodesToScore,
    Duration firstBackoff,
    Duration longestBackoff,
    long parallelism,
    LeaderElection leaderElection,
    String kubeconfig,
    FeatureGates gates) {

  private static final String GROUP = "kubescheduler.config.k8s.io/";
  private static final String VERSION = GROUP + "v1";
  private static final String KIND = "KubeSchedulerConfiguration";

  /// The name of the scheduler whose Pods are those that name none.
  public static final String DEFAULT_SCHEDULER = "default-scheduler";

  /// What holds if nothing is said.
  public static final SchedulerConfiguration DEFAULT = with(FeatureGates.DEFAULT);

  /// What holds if nothing is said but of features.
  public static SchedulerConfiguration with(FeatureGates gates) {
    return of(Struct.of("apiVersion", VERSION, "kind", KIND), new Problems(), gates);
  }

  public SchedulerConfiguration {
    profiles = List.copyOf(profiles);
    extenders = List.copyOf(extenders);
  }

  /// The resources that extenders see to alone.
  public List<String> resourcesOfExtenders() {
    return extenders.stream()
        .flatMap(extender -> extender.resources().stream())
        .filter(ExtenderConfiguration.Managed::alone)
        .map(ExtenderConfiguration.Managed::name)
        .toList();
  }

  /// @throws ConfigurationException if the file can't be used; the message says why
  public static SchedulerConfiguration read(Path file, FeatureGates gates) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigurationException("open " + file + ": " + e.getMessage(), e);
    }
    return parse(text, gates);
  }

  /// @param text YAML or JSON
  public static SchedulerConfiguration parse(String text) {
    return parse(text, FeatureGates.DEFAULT);
  }

  /// @param text YAML or JSON
  /// @param gates which features are on
  public static SchedulerConfiguration parse(String text, FeatureGates gates) {
    Problems problems = new Problems();
    try {
      Object tree =
          Yaml.parse(text, key -> problems.unknown("key \"" + key + "\" already set in map"));
      return of(tree instanceof Struct struct ? struct : Struct.EMPTY, problems, gates);
    } catch (EncodingException e) {
      throw new ConfigurationException("yaml: " + e.getMessage(), e);
    }
  }

  private static SchedulerConfiguration of(Struct tree, Problems problems, FeatureGates gates) {
    checkKind(tree.string("apiVersion"), tree.string("kind"));
    Fields root = new Fields(tree, "", KIND, problems);
    root.ignoring(
        "apiVersion",
        "kind",
        "enableProfiling",
        "enableContentionProfiling",
        "delayCacheUntilActive");
    long parallelism = root.integer("parallelism", 16, "int32");
    LeaderElection election =
        LeaderElection.of(root.object("leaderElection", "LeaderElectionConfiguration"));
    if (parallelism <= 0) {
      problems.invalid("parallelism", parallelism, "should be an integer value greater than zero");
    }
    List<ProfileConfiguration> profiles = profiles(root, gates);
    checkProfiles(profiles, problems);
    long nodesToScore = root.integer("percentageOfNodesToScore", 0, "int32");
    if (nodesToScore < 0 || nodesToScore > 100) {
      problems.invalid("percentageOfNodesToScore", nodesToScore, "not in valid range [0-100]");
    }
    long first = root.integer("podInitialBackoffSeconds", 1, "int64");
    long longest = root.integer("podMaxBackoffSeconds", 10, "int64");
    checkBackoff(first, longest, problems);
    List<ExtenderConfiguration> extenders = new ArrayList<>();
    root.objects("extenders", "Extender")
        .forEach(extender -> extenders.add(ExtenderConfiguration.of(extender)));
    ExtenderConfiguration.check(extenders, problems);
    String kubeconfig = kubeconfig(root);
    root.end();
    problems.throwIfUnknown();
    problems.throwIfInvalid();
    return new SchedulerConfiguration(
        profiles,
        extenders,
        nodesToScore,
        Duration.ofSeconds(first),
        Duration.ofSeconds(longest),
        parallelism,
        election,
        kubeconfig,
        gates);
  }

  private static String kubeconfig(Fields root) {
    Fields connection = root.object("clientConnection", "ClientConnectionConfiguration");
    String kubeconfig = connection.string("kubeconfig", "");
    connection.ignoring("acceptContentTypes", "contentType", "qps", "burst").end();
    return kubeconfig;
  }

  private static void checkKind(String version, String kind) {
    if (!version.equals(VERSION) || !kind.equals(KIND)) {
      throw new ConfigurationException(
          "no kind \"" + kind + "\" is registered for version \"" + version + "\"");
    }
  }

  private static void checkBackoff(long first, long longest, Problems problems) {
    if (first <= 0) {
      problems.invalid("podInitialBackoffSeconds", first, "must be greater than 0");
    }
    if (longest < first) {
      problems.invalid(
          "podMaxBackoffSeconds",
          longest,
          "must be greater than or equal to PodInitialBackoffSeconds");
    }
  }

  /// Only a profile that is alone may do without a name.
  private static List<ProfileConfiguration> profiles(Fields root, FeatureGates gates) {
    List<Fields> given = root.objects("profiles", "KubeSchedulerProfile");
    if (given.isEmpty()) {
      Fields none =
          new Fields(Struct.EMPTY, "profiles[0]", "KubeSchedulerProfile", root.problems());
      return List.of(ProfileConfiguration.of(none, DEFAULT_SCHEDULER, gates));
    }
    String named = given.size() == 1 ? DEFAULT_SCHEDULER : "";
    return given.stream().map(profile -> ProfileConfiguration.of(profile, named, gates)).toList();
  }

  private static void checkProfiles(List<ProfileConfiguration> profiles, Problems problems) {
    Map<String, Integer> places = new HashMap<>();
    PluginSet order = queueSort(profiles.getFirst());
    if (order.enabled().size() > 1) {
      problems.invalid(
          "profiles[0].plugins.queueSort.Enabled",
          order.enabled().size(),
          "only one queue sort plugin can be enabled");
    }
    for (int i = 0; i < profiles.size(); i++) {
      String path = "profiles[" + i + "].";
      Integer before = places.put(profiles.get(i).scheduler(), i);
      if (before != null) {
        problems.duplicate(path + "schedulerName", "profiles[" + before + "].schedulerName");
      }
      if (!queueSort(profiles.get(i)).equals(order)) {
        problems.invalid(
            path + "plugins.queueSort",
            queueSort(profiles.get(i)),
            "has to match for all profiles");
      }
    }
  }

  private static PluginSet queueSort(ProfileConfiguration profile) {
    return profile.plugins().getOrDefault(ExtensionPoint.QUEUE_SORT, PluginSet.EMPTY);
  }
}
