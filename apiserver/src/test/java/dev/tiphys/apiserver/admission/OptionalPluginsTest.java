package dev.tiphys.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plugins that are off unless they are asked for, and how they are asked for.
class OptionalPluginsTest {

  private static PluginServer with(String name, String configuration) {
    return new PluginServer(
        new AdmissionSettings(
            Set.of(name),
            Set.of("ServiceAccount"),
            Map.of(name, PluginServer.json(configuration)),
            Set.of()));
  }

  private static String pod(String spec) {
    return "{'metadata':{'name':'p','namespace':'a'},'spec':{'containers':[{'name':'c','image':'i:1','imagePullPolicy':'Never'}]%s}}"
        .formatted(spec);
  }

  @Test
  void imagesAreAlwaysPulled() {
    try (PluginServer server = with("AlwaysPullImages", "{}")) {
      Struct made = server.create(ApiResource.PODS, pod(""));

      assertThat(made.structs("spec", "containers").getFirst().string("imagePullPolicy"))
          .isEqualTo("Always");
    }
  }

  @Test
  void podsKeepOthersAwayFromTheirNodeAtMost() {
    try (PluginServer server = with("LimitPodHardAntiAffinityTopology", "{}")) {
      String affinity =
          ",'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'%s','labelSelector':{}}]}}";

      assertThatThrownBy(() -> server.create(ApiResource.PODS, pod(affinity.formatted("zone"))))
          .hasMessage(
              "pods \"p\" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has"
                  + " TopologyKey zone but only key kubernetes.io/hostname is allowed");
      server.create(ApiResource.PODS, pod(affinity.formatted("kubernetes.io/hostname")));
    }
  }

  @Test
  void namespacesAreMadeWithTheirFirstObject() {
    try (PluginServer server = with("NamespaceAutoProvision", "{}")) {
      server.create(ApiResource.CONFIG_MAPS, "{'metadata':{'name':'m','namespace':'new'}}");

      assertThat(server.api.get(ApiResource.NAMESPACES, "", "new").isEmpty()).isFalse();
    }
  }

  @Test
  void servicesGetNoExternalAddresses() {
    try (PluginServer server = with("DenyServiceExternalIPs", "{}")) {
      assertThatThrownBy(
              () ->
                  server.create(
                      ApiResource.SERVICES,
                      "{'metadata':{'name':'s','namespace':'a'},'spec':{'externalIPs':['1.2.3.4'],'ports':[{'port':1}]}}"))
          .hasMessage(
              "services \"s\" is forbidden: Use of external IPs is denied by admission control");
    }
  }

  @Test
  void podsRunOnTheNodesOfTheirNamespace() {
    try (PluginServer server =
        with(
            "PodNodeSelector",
            "{'podNodeSelectorPluginConfig':{'clusterDefaultNodeSelector':'env=dev','a':'env=dev,disk=ssd'}}")) {
      assertThat(
              server
                  .create(ApiResource.PODS, pod(",'nodeSelector':{'disk':'ssd'}"))
                  .struct("spec", "nodeSelector")
                  .toString())
          .isEqualTo("{\"disk\":\"ssd\",\"env\":\"dev\"}");
      assertThatThrownBy(
              () -> server.create(ApiResource.PODS, pod(",'nodeSelector':{'env':'prod'}")))
          .hasMessage(
              "pods \"p\" is forbidden: pod node label selector conflicts with its namespace node"
                  + " label selector");
      assertThatThrownBy(() -> server.create(ApiResource.PODS, pod(",'nodeSelector':{'x':'y'}")))
          .hasMessage(
              "pods \"p\" is forbidden: pod node label selector labels conflict with its namespace"
                  + " whitelist");
    }
  }

  @Test
  void podsTolerateWhatTheirNamespaceLetsThem() {
    try (PluginServer server =
        with(
            "PodTolerationRestriction",
            "{'default':[{'key':'d','operator':'Exists'}],'whitelist':[{'key':'d','operator':'Exists'},{'key':'node.kubernetes.io/not-ready','operator':'Exists'},{'key':'node.kubernetes.io/unreachable','operator':'Exists'}]}")) {
      assertThat(server.create(ApiResource.PODS, pod("")).structs("spec", "tolerations"))
          .contains(Struct.of("key", "d", "operator", "Exists"));
      assertThatThrownBy(
              () ->
                  server.create(
                      ApiResource.PODS, pod(",'tolerations':[{'key':'x','operator':'Exists'}]")))
          .hasMessage(
              "pod tolerations (possibly merged with namespace default tolerations) conflict with"
                  + " its cluster whitelist");
    }
  }

  @Test
  void podsTolerateTheNodesOfWhatTheyAskFor() {
    try (PluginServer server = with("ExtendedResourceToleration", "{}")) {
      Struct made =
          server.create(
              ApiResource.PODS,
              "{'metadata':{'name':'p','namespace':'a'},'spec':{'containers':[{'name':'c','image':'i','resources':{'limits':{'example.com/gpu':'1'}}}]}}");

      assertThat(made.structs("spec", "tolerations"))
          .contains(
              Struct.of("key", "example.com/gpu", "operator", "Exists", "effect", "NoSchedule"));
    }
  }

  @Test
  void eventsComeNoFasterThanTheyMay() {
    try (PluginServer server =
        with("EventRateLimit", "{'limits':[{'type':'Namespace','qps':1,'burst':2}]}")) {
      String event =
          "{'metadata':{'name':'%s','namespace':'a'},'involvedObject':{'namespace':'a'}}";
      server.create(ApiResource.EVENTS, event.formatted("a"));
      server.create(ApiResource.EVENTS, event.formatted("b"));

      assertThatThrownBy(() -> server.create(ApiResource.EVENTS, event.formatted("c")))
          .hasMessageContaining("limit reached on type Namespace for key a");
      server.world.advance(Duration.ofSeconds(1));
      server.create(ApiResource.EVENTS, event.formatted("c"));
    }
  }

  @Test
  void nothingIsWrittenIfSoAskedFor() {
    AdmissionSettings settings = AdmissionSettings.DEFAULT.with("AlwaysDeny");

    assertThatThrownBy(() -> new PluginServer(settings))
        .hasMessage(
            "namespaces \"a\" is forbidden: admission control is denying all modifications");
  }

  @Test
  void namesAreUpstreamsAndDoNotContradictThemselves() {
    assertThatThrownBy(() -> new AdmissionSettings(Set.of("Nope"), Set.of(), Map.of(), Set.of()))
        .hasMessage("enable-admission-plugins plugin \"Nope\" is unknown");
    assertThatThrownBy(() -> new AdmissionSettings(Set.of(), Set.of("Nope"), Map.of(), Set.of()))
        .hasMessage("disable-admission-plugins plugin \"Nope\" is unknown");
    assertThatThrownBy(
            () ->
                new AdmissionSettings(
                    Set.of("PodSecurity"), Set.of("PodSecurity"), Map.of(), Set.of()))
        .hasMessage(
            "[PodSecurity] in enable-admission-plugins and disable-admission-plugins overlapped");
  }

  @Test
  void aFileConfiguresPlugins(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("admission.yaml"));
    Files.writeString(directory.resolve("selectors.yaml"), "podNodeSelectorPluginConfig: {a: x=y}");
    Files.writeString(
        file,
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AdmissionConfiguration
        plugins:
        - name: PodNodeSelector
          path: selectors.yaml
        - name: PodSecurity
          configuration:
            apiVersion: pod-security.admission.config.k8s.io/v1
            kind: PodSecurityConfiguration
            defaults: {enforce: strict}
        """);

    Map<String, Struct> read = AdmissionFile.read(file);

    assertThat(read.get("PodNodeSelector"))
        .isEqualTo(PluginServer.json("{'podNodeSelectorPluginConfig':{'a':'x=y'}}"));
    assertThatThrownBy(
            () -> new PluginServer(new AdmissionSettings(Set.of(), Set.of(), read, Set.of())))
        .hasMessage(
            "defaults.enforce: Invalid value: \"strict\": must be one of privileged, baseline,"
                + " restricted");
  }
}
