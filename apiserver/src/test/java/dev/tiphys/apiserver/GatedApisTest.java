package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Pem;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Resources and fields of features that are off are not there; they are where these are on.
final class GatedApisTest {

  private static final String GROUPS =
      "/apis/scheduling.k8s.io/v1alpha2/namespaces/default/podgroups";
  private static final String WORKLOADS =
      "/apis/scheduling.k8s.io/v1alpha2/namespaces/default/workloads";
  private static final String RULES = "/apis/resource.k8s.io/v1beta2/devicetaintrules";
  private static final String BUNDLES = "/apis/certificates.k8s.io/v1beta1/clustertrustbundles";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String POD =
      "{'metadata':{'name':'a'},'spec':{'schedulingGroup':{'podGroupName':'workers'},"
          + "'containers':[{'name':'c','image':'i'}]}}";
  private static final ApiServerSettings OFF =
      ApiServerSettings.standard().withoutPlugins("ServiceAccount");
  private static final ApiServerSettings ON =
      OFF.serving(
          RuntimeConfig.parse("api/all=true"),
          FeatureGates.parse(
              "GenericWorkload=true,GangScheduling=true,DRADeviceTaintRules=true,"
                  + "ClusterTrustBundle=true,ClusterTrustBundleProjection=true"));

  private RunningServer server = new RunningServer(OFF);
  private Wire wire = new Wire(server);

  GatedApisTest() throws IOException {}

  /// Another server of the same store, in place of the one before.
  private void serve(ApiServerSettings settings) throws IOException {
    server = server.restart(settings);
    wire = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void onlyStableVersionsAreServedByDefault() throws Exception {
    Struct groups = wire.get("/apis").json();

    assertThat(groups.structs("groups"))
        .flatExtracting(group -> group.structs("versions"))
        .extracting(version -> version.string("version"))
        .containsOnly("v1", "v2");
    assertThat(wire.get(GROUPS).code()).isEqualTo(404);
    assertThat(wire.get("/apis/scheduling.k8s.io/v1alpha2").code()).isEqualTo(404);
  }

  @Test
  void discoveryAndDescriptionsFollowWhatIsServed() throws Exception {
    serve(ON);

    assertThat(wire.get("/apis/scheduling.k8s.io/v1alpha2").json().structs("resources"))
        .extracting(resource -> resource.string("name"))
        .containsExactly("podgroups", "podgroups/status", "workloads");
    assertThat(wire.get("/openapi/v3").json().struct("paths").names())
        .contains("apis/scheduling.k8s.io/v1alpha2", "apis/resource.k8s.io/v1beta2");
    assertThat(
            wire.get("/openapi/v3/apis/scheduling.k8s.io/v1alpha2")
                .json()
                .has("components", "schemas", "io.k8s.api.scheduling.v1alpha2.PodGroup"))
        .isTrue();
  }

  @Test
  void stableVersionsCanBeOffAndWhatIsLeftWorks() throws Exception {
    serve(OFF.serving(RuntimeConfig.parse("policy/v1=false"), FeatureGates.DEFAULT));

    assertThat(wire.get("/apis/policy/v1").code()).isEqualTo(404);
    assertThat(wire.get("/apis/policy/v1/poddisruptionbudgets").code()).isEqualTo(404);
    assertThat(wire.post(PODS, POD).code()).isEqualTo(201);
    assertThat(
            wire.post(
                    PODS + "/a/eviction",
                    "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'a'}}")
                .code())
        .isEqualTo(201);
  }

  @Test
  void fieldsOfAFeatureThatIsOffAreDropped() throws Exception {
    Struct pod = wire.post(PODS, POD).json();
    Struct job =
        wire.post(
                "/apis/batch/v1/namespaces/default/jobs",
                "{'metadata':{'name':'a'},'spec':{'template':{'spec':{'restartPolicy':'Never',"
                    + "'schedulingGroup':{'podGroupName':'workers'},"
                    + "'containers':[{'name':'c','image':'i'}]}}}}")
            .json();

    assertThat(pod.has("spec", "schedulingGroup")).isFalse();
    assertThat(job.has("spec", "template", "spec", "schedulingGroup")).isFalse();
  }

  @Test
  void fieldsThatAreInUseStayWhenTheirFeatureIsOff() throws Exception {
    serve(ON);
    wire.post(PODS, POD);
    serve(OFF);

    Struct stored = wire.get(PODS + "/a").json();
    Struct labelled =
        wire.put(PODS + "/a", stored.withAt("b", "metadata", "labels", "a").toString()).json();

    assertThat(labelled.string("spec", "schedulingGroup", "podGroupName")).isEqualTo("workers");
    assertThat(labelled.string("metadata", "labels", "a")).isEqualTo("b");
  }

  @Test
  void groupsOfPodsAndWorkloadsAreKept() throws Exception {
    serve(ON);
    Wire.Answer workload =
        wire.post(
            WORKLOADS,
            "{'metadata':{'name':'training'},'spec':{'podGroupTemplates':[{'name':'workers',"
                + "'priority':3,'disruptionMode':'PodGroup','schedulingPolicy':{'gang':{'minCount':3}}}]}}");
    Wire.Answer group =
        wire.post(
            GROUPS,
            "{'metadata':{'name':'workers'},'status':{'conditions':[]},'spec':{'priority':3,"
                + "'schedulingConstraints':{'topology':[{'key':'rack'}]},"
                + "'podGroupTemplateRef':{'workload':{'workloadName':'training',"
                + "'podGroupTemplateName':'workers'}},'schedulingPolicy':{'gang':{'minCount':3}}}}");

    assertThat(workload.code()).as(workload.json().toString()).isEqualTo(201);
    assertThat(workload.json().structs("spec", "podGroupTemplates").getFirst().names())
        .containsExactlyInAnyOrder("name", "schedulingPolicy", "schedulingConstraints");
    assertThat(group.code()).as(group.json().toString()).isEqualTo(201);
    assertThat(group.json().struct("spec").names())
        .containsExactlyInAnyOrder("podGroupTemplateRef", "schedulingPolicy", "disruptionMode");
    assertThat(group.json().struct("status").isEmpty()).isTrue();
    assertThat(server.stored("/registry/podgroups/default/workers")).isNotEmpty();
  }

  @Test
  void aGroupIsMadeAfterTheTemplateThatItNames() throws Exception {
    serve(ON);
    String group =
        "{'metadata':{'name':'workers'},'spec':{'podGroupTemplateRef':{'workload':{"
            + "'workloadName':'training','podGroupTemplateName':'%s'}},"
            + "'schedulingPolicy':{'basic':{}}}}";

    assertThat(wire.post(GROUPS, group.formatted("workers")).json().string("message"))
        .isEqualTo(
            "podgroups.scheduling.k8s.io \"workers\" is forbidden: PodGroup rejected: Workload"
                + " \"training\" not found");
    wire.post(
        WORKLOADS,
        "{'metadata':{'name':'training'},'spec':{'podGroupTemplates':[{'name':'workers',"
            + "'schedulingPolicy':{'basic':{}}}]}}");
    assertThat(wire.post(GROUPS, group.formatted("other")).json().string("message"))
        .endsWith("PodGroupTemplate \"other\" not found in Workload \"training\"");
    assertThat(
            wire.post(GROUPS, group.formatted("workers")).json().strings("metadata", "finalizers"))
        .containsExactly("scheduling.k8s.io/podgroup-protection");
  }

  @Test
  void taintsOfDevicesSaySinceWhenTheyAreThere() throws Exception {
    serve(ON);
    Wire.Answer made =
        wire.post(
            RULES,
            "{'metadata':{'name':'broken'},'spec':{'deviceSelector':{'driver':'gpu.example.com'},"
                + "'taint':{'key':'example.com/broken','effect':'NoSchedule'}}}");

    assertThat(made.code()).as(made.json().toString()).isEqualTo(201);
    assertThat(made.json().string("spec", "taint", "timeAdded")).isNotEmpty();
    assertThat(made.json().integer("metadata", "generation")).isEqualTo(1);
    assertThat(
            wire.get("/apis/resource.k8s.io/v1alpha3/devicetaintrules/broken")
                .json()
                .string("apiVersion"))
        .isEqualTo("resource.k8s.io/v1alpha3");
  }

  @Test
  void versionsBeforeTheStableOneHaveTheSameObjects() throws Exception {
    serve(ON);
    Wire.Answer made =
        wire.post(
            "/apis/resource.k8s.io/v1beta2/namespaces/default/resourceclaims",
            "{'metadata':{'name':'gpu'},'spec':{'devices':{'requests':[{'name':'one','exactly':"
                + "{'deviceClassName':'gpu'}}]}}}");
    Struct stable =
        wire.get("/apis/resource.k8s.io/v1/namespaces/default/resourceclaims/gpu").json();
    Wire.Answer bad =
        wire.post(
            "/apis/storage.k8s.io/v1beta1/volumeattributesclasses", "{'metadata':{'name':'a'}}");

    assertThat(made.code()).as(made.json().toString()).isEqualTo(201);
    assertThat(made.json().string("apiVersion")).isEqualTo("resource.k8s.io/v1beta2");
    assertThat(stable.string("apiVersion")).isEqualTo("resource.k8s.io/v1");
    assertThat(stable.struct("spec")).isEqualTo(made.json().struct("spec"));
    assertThat(stable.struct("spec").toString()).contains("\"count\":1");
    assertThat(bad.code()).isEqualTo(422);
    assertThat(wire.get("/apis/resource.k8s.io").json().string("preferredVersion", "version"))
        .isEqualTo("v1");
    assertThat(wire.get("/apis/networking.k8s.io/v1beta1/servicecidrs/kubernetes").code())
        .isEqualTo(200);
  }

  @Test
  void featuresAreTold() throws Exception {
    serve(ON);

    assertThat(wire.get("/metrics").text())
        .contains("kubernetes_feature_enabled{name=\"GenericWorkload\",stage=\"ALPHA\"} 1");
  }

  @Test
  void theSchedulerMayReadWhatItGoesByOnlyWhereThatIsOn() throws Exception {
    String role = "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:kube-scheduler";
    assertThat(wire.get(role).text()).doesNotContain("podgroups");
    serve(ON);

    assertThat(wire.get(role).text()).contains("podgroups/status", "devicetaintrules");
  }

  private static String bundle(String name, String signer) {
    String authority = Pem.of(List.of(Authority.found(RunningServer.WORLD, "root").certificate()));
    return Struct.of(
            "metadata",
            Struct.of("name", name),
            "spec",
            Struct.of("signerName", signer, "trustBundle", authority))
        .toString();
  }

  @Test
  void trustBundlesAreFoundByTheirSignerAndReadByNodesAndServiceAccounts() throws Exception {
    serve(ON);
    Wire.Answer made = wire.post(BUNDLES, bundle("a.test:x:v1", "a.test/x"));
    wire.post(BUNDLES, bundle("b", ""));
    Acting node = Acting.node(wire, "n");
    Acting account = Acting.as(wire, "system:serviceaccount:a:b", "system:serviceaccounts");

    assertThat(made.code()).as(made.text()).isEqualTo(201);
    assertThat(made.json().has("metadata", "generation")).isFalse();
    assertThat(server.stored("/registry/clustertrustbundles/a.test:x:v1")).isNotEmpty();
    for (Acting user : List.of(node, account)) {
      assertThat(
              user.send("GET", BUNDLES + "?fieldSelector=spec.signerName=a.test/x", "")
                  .json()
                  .structs("items"))
          .extracting(each -> each.string("metadata", "name"))
          .containsExactly("a.test:x:v1");
      assertThat(user.send("DELETE", BUNDLES + "/b", "").code()).isEqualTo(403);
    }
    assertThat(wire.put(BUNDLES + "/b", bundle("b", "")).message())
        .endsWith("metadata.resourceVersion: Invalid value: 0: must be specified for an update");
  }

  @Test
  void withoutTheFeatureNobodyHasRightsToTrustBundles() throws Exception {
    String roles = wire.get("/apis/rbac.authorization.k8s.io/v1/clusterroles").text();

    assertThat(roles).doesNotContain("clustertrustbundles");
    serve(ON);
    assertThat(
            wire.get(
                    "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/"
                        + "system:cluster-trust-bundle-discovery")
                .json()
                .structs("subjects"))
        .extracting(subject -> subject.string("name"))
        .containsExactly("system:serviceaccounts");
  }

  @Test
  void projectionsOfAFeatureThatIsOffAreDropped() throws Exception {
    String pod =
        "{'metadata':{'name':'%s'},'spec':{'containers':[{'name':'c','image':'i'}],'volumes':["
            + "{'name':'v','projected':{'sources':[{'clusterTrustBundle':{'name':'b','path':'p'}},"
            + "{'podCertificate':{'signerName':'a.test/x','keyType':'ED25519','keyPath':'k'}},"
            + "{'configMap':{'name':'m'}}]}}]}}";
    Struct off = wire.post(PODS, pod.formatted("off")).json();
    serve(ON);
    Struct on = wire.post(PODS, pod.formatted("on")).json();
    serve(OFF);
    Struct kept =
        wire.put(PODS + "/on", on.withAt("b", "metadata", "labels", "a").toString()).json();

    assertThat(sources(off)).containsExactly(List.of(), List.of(), List.of("configMap"));
    assertThat(sources(on))
        .containsExactly(List.of("clusterTrustBundle"), List.of(), List.of("configMap"));
    assertThat(kept.string("metadata", "labels", "a")).isEqualTo("b");
    assertThat(sources(kept)).isEqualTo(sources(on));
  }

  private static List<List<String>> sources(Struct pod) {
    return pod.structs("spec", "volumes").getFirst().structs("projected", "sources").stream()
        .map(source -> List.copyOf(source.names()))
        .toList();
  }
}
