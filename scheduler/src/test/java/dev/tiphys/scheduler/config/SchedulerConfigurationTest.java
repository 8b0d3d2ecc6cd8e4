package dev.tiphys.scheduler.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.ConfigurationException;
import dev.tiphys.scheduler.framework.Plugin;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.testing.Fixture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerConfigurationTest {

  private static final String HEAD =
      "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

  private static SchedulerConfiguration parse(String fields) {
    return SchedulerConfiguration.parse(HEAD + fields);
  }

  @Test
  void whatIsNotSaidHasUpstreamsDefaults() {
    SchedulerConfiguration configuration = SchedulerConfiguration.DEFAULT;

    assertThat(configuration.firstBackoff()).isEqualTo(Duration.ofSeconds(1));
    assertThat(configuration.longestBackoff()).isEqualTo(Duration.ofSeconds(10));
    assertThat(configuration.parallelism()).isEqualTo(16);
    assertThat(configuration.extenders()).isEmpty();
    assertThat(configuration.leaderElection())
        .isEqualTo(
            new LeaderElection(
                true,
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                "kube-scheduler",
                "kube-system"));
    assertThat(configuration.profiles()).hasSize(1);
    ProfileConfiguration profile = configuration.profiles().getFirst();
    assertThat(profile.scheduler()).isEqualTo("default-scheduler");
    assertThat(profile.arguments().get("VolumeBinding").integer("bindTimeoutSeconds"))
        .isEqualTo(600);
    assertThat(profile.arguments().get("InterPodAffinity").integer("hardPodAffinityWeight"))
        .isEqualTo(1);
    assertThat(profile.arguments().get("NodeResourcesFit").structs("scoringStrategy", "resources"))
        .containsExactly(
            Struct.of("name", "cpu", "weight", 1L), Struct.of("name", "memory", "weight", 1L));
  }

  /// Each is refused in upstream's words.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "parallelism: 0 | parallelism: Invalid value: 0: should be an integer value greater than"
            + " zero",
        "paralelism: 4 | strict decoding error: unknown field \"paralelism\"",
        "profiles: [{plugins: {filters: {}}}] | strict decoding error: unknown field"
            + " \"profiles[0].plugins.filters\"",
        "parallelism: \"4\" | json: cannot unmarshal string into Go struct field"
            + " KubeSchedulerConfiguration.parallelism of type int32",
        "profiles: [{percentageOfNodesToScore: much}] | json: cannot unmarshal string into Go struct"
            + " field KubeSchedulerProfile.profiles.percentageOfNodesToScore of type int32",
        "percentageOfNodesToScore: 101 | percentageOfNodesToScore: Invalid value: 101: not in valid"
            + " range [0-100]",
        "profiles: [{percentageOfNodesToScore: 101}] | profiles[0].percentageOfNodesToScore: Invalid"
            + " value: 101: not in valid range [0-100]",
        "podInitialBackoffSeconds: 0 | podInitialBackoffSeconds: Invalid value: 0: must be greater"
            + " than 0",
        "podInitialBackoffSeconds: 20 | podMaxBackoffSeconds: Invalid value: 10: must be greater"
            + " than or equal to PodInitialBackoffSeconds",
        "profiles: [{}, {schedulerName: b}] | profiles[0].schedulerName: Required value",
        "profiles: [{schedulerName: b}, {schedulerName: b}] | profiles[1].schedulerName: Duplicate"
            + " value: \"profiles[0].schedulerName\"",
        "leaderElection: {resourceLock: endpoints} | leaderElection.resourceLock: Invalid value:"
            + " \"endpoints\": resourceLock value must be \"leases\"",
        "extenders: [{urlPrefix: a, prioritizeVerb: b}] | extenders[0].weight: Invalid value: 0: must"
            + " have a positive weight applied to it",
        "extenders: [{bindVerb: a}, {bindVerb: b}] | extenders: Invalid value: \"found 2 extenders"
            + " implementing bind\": only one extender can implement bind",
        "extenders: [{managedResources: [{name: cpu}]}] | extenders[0].managedResources[0].name:"
            + " Invalid value: \"cpu\": is an invalid extended resource name",
      })
  void whatIsWrongIsRefused(String fields, String message) {
    assertThatThrownBy(() -> parse(fields))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "DefaultPreemption | {minCandidateNodesPercentage: 200} |"
            + " .minCandidateNodesPercentage: Invalid value: 200: not in valid range [0, 100]",
        "DefaultPreemption | {minCandidateNodesAbsolute: -1} | .minCandidateNodesAbsolute: Invalid"
            + " value: -1: not in valid range [0, inf)",
        "InterPodAffinity | {hardPodAffinityWeight: 101} | .hardPodAffinityWeight: Invalid value:"
            + " 101: not in valid range [0, 100]",
        "NodeResourcesFit | {ignoredResourceGroups: [a/b]} | .ignoredResourceGroups[0]: Invalid"
            + " value: \"a/b\": resource group name can't contain '/'",
        "NodeResourcesFit | {scoringStrategy: {type: Most}} | .scoringStrategy.type: Unsupported"
            + " value: \"Most\": supported values: \"LeastAllocated\", \"MostAllocated\","
            + " \"RequestedToCapacityRatio\"",
        "NodeResourcesFit | {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight:"
            + " 101}]}} | .scoringStrategy.resources[0].weight: Invalid value: 101: resource weight"
            + " of cpu not in valid range (0, 100]",
        "NodeResourcesFit | {scoringStrategy: {type: RequestedToCapacityRatio,"
            + " requestedToCapacityRatio: {shape: [{utilization: 50}, {utilization: 10}]}}} |"
            + " .scoringStrategy.shape[1].utilization: Invalid value: 10: utilization values must be"
            + " sorted in increasing order",
        "NodeResourcesFit | {scoringStrategy: {type: RequestedToCapacityRatio,"
            + " requestedToCapacityRatio: {}}} | .scoringStrategy.shape: Required value: at least one"
            + " point must be specified",
        "NodeResourcesBalancedAllocation | {resources: [{name: cpu, weight: 2}]} |"
            + " .resources[0].weight: Invalid value: 2: must be 1",
        "NodeResourcesBalancedAllocation | {resources: [{name: cpu}, {name: cpu}]} |"
            + " .resources[1].name: Duplicate value: \"cpu\"",
        "PodTopologySpread | {defaultingType: Some} | .defaultingType: Unsupported value: \"Some\":"
            + " supported values: \"System\", \"List\"",
        "PodTopologySpread | {defaultConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable:"
            + " DoNotSchedule}]} | .defaultingType: Invalid value: \"System\": when"
            + " .defaultConstraints are not empty",
        "PodTopologySpread | {defaultingType: List, defaultConstraints: [{maxSkew: 0, topologyKey: a,"
            + " whenUnsatisfiable: DoNotSchedule}]} | .defaultConstraints[0].maxSkew: Invalid value:"
            + " 0: not in valid range (0, inf)",
        "PodTopologySpread | {defaultingType: List, defaultConstraints: [{maxSkew: 1, topologyKey: a,"
            + " whenUnsatisfiable: DoNotSchedule, labelSelector: {}}]} |"
            + " .defaultConstraints[0].labelSelector: Forbidden: constraint must not define a"
            + " selector, as they deduced for each pod",
        "VolumeBinding | {bindTimeoutSeconds: -1} | .bindTimeoutSeconds: Invalid value: -1: invalid"
            + " BindTimeoutSeconds, should not be a negative value",
        "NodeAffinity | {addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
            + " {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Is}]}]}}} |"
            + " .addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
            + ".matchExpressions[0].operator: Unsupported value: \"Is\": supported values:"
            + " \"DoesNotExist\", \"Exists\", \"Gt\", \"In\", \"Lt\", \"NotIn\"",
      })
  void argumentsThatAreWrongAreRefused(String plugin, String arguments, String message) {
    assertThatThrownBy(
            () ->
                parse(
                    "profiles: [{pluginConfig: [{name: "
                        + plugin
                        + ", args: "
                        + arguments
                        + "}]}]"))
        .hasMessage("profiles[0].pluginConfig[0].args" + message);
  }

  @Test
  void anotherKindIsRefused() {
    assertThatThrownBy(() -> SchedulerConfiguration.parse("apiVersion: v1\nkind: Pod"))
        .hasMessage("no kind \"Pod\" is registered for version \"v1\"");
  }

  @Test
  void severalFaultsAreToldTogether() {
    assertThatThrownBy(() -> parse("parallelism: 0\npodInitialBackoffSeconds: 0"))
        .hasMessage(
            "[parallelism: Invalid value: 0: should be an integer value greater than zero,"
                + " podInitialBackoffSeconds: Invalid value: 0: must be greater than 0]");
  }

  private static Profile profile(String plugins) {
    return new Fixture().profile("plugins: {" + plugins + "}");
  }

  private static List<String> scoring(Profile profile) {
    return profile.score().stream()
        .map(each -> each.plugin().name() + " " + each.weight())
        .toList();
  }

  private static List<String> names(List<? extends Plugin> plugins) {
    return plugins.stream().map(Plugin::name).toList();
  }

  @Test
  void theDefaultPluginsHaveUpstreamsOrderAndWeights() {
    Profile profile = profile("");

    assertThat(names(profile.filter()))
        .containsExactly(
            "NodeUnschedulable",
            "NodeName",
            "TaintToleration",
            "NodeAffinity",
            "NodePorts",
            "NodeResourcesFit",
            "VolumeRestrictions",
            "NodeVolumeLimits",
            "VolumeBinding",
            "VolumeZone",
            "PodTopologySpread",
            "InterPodAffinity",
            "DynamicResources",
            "NodeDeclaredFeatures");
    assertThat(scoring(profile))
        .containsExactly(
            "TaintToleration 3",
            "NodeAffinity 2",
            "NodeResourcesFit 1",
            "PodTopologySpread 2",
            "InterPodAffinity 2",
            "DynamicResources 2",
            "NodeResourcesBalancedAllocation 1",
            "ImageLocality 1");
    assertThat(names(profile.preEnqueue()))
        .containsExactly("SchedulingGates", "DynamicResources", "DefaultPreemption");
    assertThat(names(profile.postFilter()))
        .containsExactly("DynamicResources", "DefaultPreemption");
    assertThat(names(profile.reserve())).containsExactly("VolumeBinding", "DynamicResources");
    assertThat(names(profile.preBind())).containsExactly("VolumeBinding", "DynamicResources");
    assertThat(names(profile.bind())).containsExactly("DefaultBinder");
  }

  @Test
  void aPluginCanBeSwitchedOffAtOnePointOrAtAll() {
    assertThat(names(profile("filter: {disabled: [{name: TaintToleration}]}").filter()))
        .doesNotContain("TaintToleration");
    assertThat(scoring(profile("filter: {disabled: [{name: TaintToleration}]}")))
        .contains("TaintToleration 3");
    Profile without = profile("multiPoint: {disabled: [{name: TaintToleration}]}");
    assertThat(names(without.plugins())).doesNotContain("TaintToleration");
  }

  @Test
  void weightsAreThoseOfThePointFirst() {
    assertThat(
            scoring(
                profile(
                    "multiPoint: {enabled: [{name: NodeAffinity, weight: 7}]},"
                        + " score: {enabled: [{name: TaintToleration, weight: 9}]}")))
        .containsExactly(
            "TaintToleration 9",
            "NodeAffinity 7",
            "NodeResourcesFit 1",
            "PodTopologySpread 2",
            "InterPodAffinity 2",
            "DynamicResources 2",
            "NodeResourcesBalancedAllocation 1",
            "ImageLocality 1");
  }

  @Test
  void whatIsNamedAtAPointComesInTheOrderOfThatPoint() {
    Profile profile = profile("filter: {enabled: [{name: InterPodAffinity}, {name: NodePorts}]}");

    assertThat(names(profile.filter()))
        .startsWith("InterPodAffinity", "NodePorts", "NodeUnschedulable")
        .hasSize(14);
  }

  @Test
  void onlyWhatIsNamedIsLeftWhenAllAreSwitchedOff() {
    Profile profile =
        profile("score: {disabled: [{name: '*'}], enabled: [{name: ImageLocality, weight: 4}]}");

    assertThat(scoring(profile)).containsExactly("ImageLocality 4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "filter: {enabled: [{name: Foo}]} | FilterPlugin \"Foo\" does not exist",
        "multiPoint: {enabled: [{name: Foo}]} | PreFilterPlugin \"Foo\" does not exist",
        "bind: {enabled: [{name: ImageLocality}]} | plugin \"ImageLocality\" does not extend"
            + " BindPlugin plugin",
        "filter: {enabled: [{name: NodePorts}, {name: NodePorts}]} | plugin \"NodePorts\" already"
            + " registered as \"FilterPlugin\"",
        "bind: {disabled: [{name: '*'}]} | at least one bind plugin is needed for profile with"
            + " scheduler name \"default-scheduler\"",
        "queueSort: {disabled: [{name: '*'}]} | only one queue sort plugin required for profile with"
            + " scheduler name \"default-scheduler\", but got 0",
      })
  void pluginsThatDoNotBelongAreRefused(String plugins, String message) {
    assertThatThrownBy(() -> profile(plugins))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "initializing profiles: creating profile for scheduler name default-scheduler: "
                + message);
  }
}
