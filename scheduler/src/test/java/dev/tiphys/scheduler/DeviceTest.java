package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.events.Resource;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Devices through the API: drivers publish them, claims ask for them, Pods get them.
class DeviceTest {

  private static final ApiResource CLAIMS = Resource.RESOURCE_CLAIM.kind();
  private static final String USES = "'resourceClaims':[{'name':'gpu','resourceClaimName':'%s'}]";

  private final TestCluster cluster =
      new TestCluster(1, FeatureGates.parse("DRADeviceTaintRules=true"));

  @BeforeEach
  void addNodes() {
    cluster.nodes(2);
    deviceClass("gpu", "");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  /// @param more fields of its spec
  private void deviceClass(String name, String more) {
    cluster.api.create(
        Resource.DEVICE_CLASS.kind(),
        json(
            "{'metadata':{'name':'"
                + name
                + "'},'spec':{'selectors':[{'cel':{'expression':'device.driver =="
                + " \\\"gpu.example\\\"'}}]"
                + more
                + "}}"));
  }

  /// @param where fields that say which nodes reach it
  /// @param devices elements of a list
  private Struct slice(String name, String where, String devices) {
    return cluster.api.create(
        Resource.RESOURCE_SLICE.kind(),
        json(
            "{'metadata':{'name':'"
                + name
                + "'},'spec':{'driver':'gpu.example','pool':{'name':'"
                + name
                + "','generation':1,'resourceSliceCount':1},"
                + where
                + ",'devices':["
                + devices
                + "]}}"));
  }

  private Struct claim(String name, String exactly) {
    return cluster.api.create(
        CLAIMS,
        json(
            "{'metadata':{'name':'"
                + name
                + "','namespace':'default'},'spec':{'devices':{'requests':[{'name':'one','exactly':"
                + "{'deviceClassName':'gpu'"
                + exactly
                + "}}]}}}"));
  }

  private Struct claim(String name) {
    return cluster.api.get(CLAIMS, "default", name);
  }

  private void pod(String name, String claim) {
    cluster.pod(name, USES.formatted(claim));
  }

  @Test
  void aClaimIsGivenADeviceOfTheNodeThatItsPodRunsOn() {
    slice("node-1", "'nodeName':'node-1'", "{'name':'gpu-0'}");
    claim("a", "");
    pod("web", "a");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEqualTo("node-1");
    Struct claim = claim("a");
    assertThat(Meta.of(claim).finalizers())
        .containsExactly("resource.kubernetes.io/delete-protection");
    assertThat(claim.struct("status", "allocation").without("allocationTimestamp"))
        .isEqualTo(
            json(
                "{'devices':{'results':[{'device':'gpu-0','driver':'gpu.example','pool':'node-1',"
                    + "'request':'one'}]},'nodeSelector':{'nodeSelectorTerms':[{'matchFields':["
                    + "{'key':'metadata.name','operator':'In','values':['node-1']}]}]}}"));
    assertThat(claim.structs("status", "reservedFor"))
        .containsExactly(
            Struct.of(
                "name", "web", "resource", "pods", "uid", Meta.of(cluster.find("web")).uid()));
  }

  @Test
  void noDeviceIsGivenAwayTwice() {
    slice("node-0", "'nodeName':'node-0'", "{'name':'a'},{'name':'b'}");
    slice("node-1", "'nodeName':'node-1'", "{'name':'a'}");
    for (int i = 0; i < 4; i++) {
      claim("claim-" + i, "");
      pod("pod-" + i, "claim-" + i);
    }
    cluster.settle();

    Set<String> given = new HashSet<>();
    int waiting = 0;
    for (int i = 0; i < 4; i++) {
      List<Struct> results =
          claim("claim-" + i).structs("status", "allocation", "devices", "results");
      results.forEach(result -> given.add(result.string("pool") + "/" + result.string("device")));
      if (results.isEmpty()) {
        waiting++;
        assertThat(cluster.reason("pod-" + i))
            .startsWith("0/2 nodes are available: 2 cannot allocate all claims. ")
            .contains("still not schedulable");
      }
    }
    assertThat(given).containsExactlyInAnyOrder("node-0/a", "node-0/b", "node-1/a");
    assertThat(waiting).isOne();
  }

  @Test
  void aNewDeviceLetsAPodRunThatWaitsForOne() {
    claim("a", "");
    pod("web", "a");
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEmpty();

    slice("node-0", "'nodeName':'node-0'", "{'name':'a'}");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
  }

  @Test
  void aDeviceThatIsGivenBackLetsAPodRunThatWaitsForOne() {
    slice("node-0", "'nodeName':'node-0'", "{'name':'a'}");
    claim("first", "");
    pod("first", "first");
    cluster.settle();
    claim("second", "");
    pod("second", "second");
    cluster.settle();
    assertThat(cluster.nodeOf("second")).isEmpty();

    Struct claim = claim("first");
    cluster.api.update(CLAIMS, claim.with("status", Struct.EMPTY), "status");
    cluster.settle();

    assertThat(cluster.nodeOf("second")).isEqualTo("node-0");
  }

  @Test
  void aClassThatThereIsNotIsTold() {
    cluster.api.create(
        CLAIMS,
        json(
            "{'metadata':{'name':'a','namespace':'default'},'spec':{'devices':{'requests':[{'name':"
                + "'one','exactly':{'deviceClassName':'tpu'}}]}}}"));
    pod("web", "a");
    cluster.settle();

    assertThat(cluster.reason("web"))
        .startsWith("0/2 nodes are available: request one: device class tpu does not exist. ");
  }

  @Test
  void aDeviceWithATaintIsOnlyForClaimsThatTolerateIt() {
    slice(
        "node-0",
        "'nodeName':'node-0'",
        "{'name':'a','taints':[{'key':'broken','effect':'NoSchedule'}]}");
    claim("a", "");
    pod("web", "a");
    claim("b", ",'tolerations':[{'key':'broken','operator':'Exists'}]");
    pod("brave", "b");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEmpty();
    assertThat(cluster.nodeOf("brave")).isEqualTo("node-0");
  }

  @Test
  void aRuleTaintsDevicesForAsLongAsItIsThere() {
    slice("a", "'allNodes':true", "{'name':'a'}");
    cluster.api.create(
        Resource.DEVICE_TAINT_RULE.kind(),
        json(
            "{'metadata':{'name':'broken'},'spec':{'deviceSelector':{'driver':'gpu.example'},"
                + "'taint':{'key':'broken','effect':'NoSchedule'}}}"));
    cluster.settle();
    claim("gpu", "");
    pod("web", "gpu");
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEmpty();
    cluster.api.delete(Resource.DEVICE_TAINT_RULE.kind(), "", "broken", DeleteOptions.DEFAULT);
    cluster.settle();
    cluster.world.advance(Duration.ofSeconds(20));
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isNotEmpty();
  }

  @Test
  void aTaintIsThereFromNowOnUnlessItSaysOtherwise() {
    Struct slice =
        slice(
            "node-0",
            "'nodeName':'node-0'",
            "{'name':'a','taints':[{'key':'new','effect':'NoSchedule'},{'key':'old','effect':"
                + "'NoSchedule','timeAdded':'2020-01-01T00:00:00Z'}]}");

    List<Struct> taints = slice.structs("spec", "devices").getFirst().structs("taints");
    assertThat(taints.getFirst().string("timeAdded"))
        .isEqualTo(Timestamps.seconds(cluster.world.now()));
    assertThat(taints.getLast().string("timeAdded")).isEqualTo("2020-01-01T00:00:00Z");
  }

  @Test
  void anExpressionThatFailsIsAnError() {
    slice("node-0", "'nodeName':'node-0'", "{'name':'a'}");
    claim(
        "a",
        ",'selectors':[{'cel':{'expression':'device.attributes[\\\"gpu.example\\\"].model =="
            + " \\\"x\\\"'}}]");
    pod("web", "a");
    cluster.world.advance(Duration.ofMillis(100));

    assertThat(cluster.reason("web"))
        .isEqualTo(
            "running \"DynamicResources\" filter plugin: claim default/a: selector #0 on device"
                + " gpu.example/node-0/a: CEL runtime error: no such key: model. Consider using"
                + " CEL optional chaining (?), has() macro, or orValue() for optional fields");
  }

  @Test
  void ofAlternativesTheFirstOnAnyNodeIsLikedBest() {
    deviceClass("other", "");
    slice("node-0", "'nodeName':'node-0'", "{'name':'a','attributes':{'size':{'string':'small'}}}");
    slice("node-1", "'nodeName':'node-1'", "{'name':'a','attributes':{'size':{'string':'large'}}}");
    cluster.api.create(
        CLAIMS,
        json(
            "{'metadata':{'name':'a','namespace':'default'},'spec':{'devices':{'requests':[{'name':"
                + "'one','firstAvailable':[{'name':'large','deviceClassName':'gpu','selectors':["
                + "{'cel':{'expression':'device.attributes[\\\"gpu.example\\\"].size =="
                + " \\\"large\\\"'}}]},{'name':'any','deviceClassName':'other'}]}]}}}"));
    pod("web", "a");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEqualTo("node-1");
    assertThat(
            claim("a")
                .structs("status", "allocation", "devices", "results")
                .getFirst()
                .string("request"))
        .isEqualTo("one/large");
  }

  @Test
  void aPodIsBoundOnceItsDevicesAreReady() {
    slice(
        "net",
        "'allNodes':true",
        "{'name':'a','bindsToNode':true,'bindingConditions':['attached'],"
            + "'bindingFailureConditions':['broken']}");
    claim("a", "");
    pod("web", "a");
    cluster.world.advance(Duration.ofSeconds(5));
    assertThat(cluster.nodeOf("web")).isEmpty();
    assertThat(cluster.events("web"))
        .anyMatch(
            event ->
                event.startsWith(
                    "BindingConditionsPending: waiting for binding conditions for device on node"));

    report("attached");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isNotEmpty();
  }

  @Test
  void aPodWhoseDeviceCanNotBeMadeReadyIsGivenAnotherOne() {
    String conditions =
        "'bindsToNode':true,'bindingConditions':['attached'],'bindingFailureConditions':['broken']";
    slice("net", "'allNodes':true", "{'name':'a'," + conditions + "}");
    claim("a", "");
    pod("web", "a");
    cluster.world.advance(Duration.ofSeconds(5));

    cluster.api.create(
        Resource.RESOURCE_SLICE.kind(),
        json(
            "{'metadata':{'name':'good'},'spec':{'driver':'gpu.example','pool':{'name':'a-good',"
                + "'generation':1,'resourceSliceCount':1},'allNodes':true,'devices':[{'name':'b'}]}}"));
    report("broken");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isNotEmpty();
    assertThat(
            claim("a")
                .structs("status", "allocation", "devices", "results")
                .getFirst()
                .string("pool"))
        .isEqualTo("a-good");
  }

  private void report(String condition) {
    Struct status =
        json(
            "{'driver':'gpu.example','pool':'net','device':'a','conditions':[{'type':'"
                + condition
                + "','status':'True','reason':'Said','message':'so','lastTransitionTime':"
                + "'2026-01-01T00:00:00Z'}]}");
    cluster.api.update(CLAIMS, claim("a").withAt(List.of(status), "status", "devices"), "status");
  }

  @Test
  void anExtendedResourceMayStandForDevices() {
    deviceClass("accelerator", ",'extendedResourceName':'example.com/gpu'");
    slice("node-1", "'nodeName':'node-1'", "{'name':'a'},{'name':'b'}");
    cluster.api.create(
        ApiResource.PODS,
        json(
            "{'metadata':{'name':'web','namespace':'default'},'spec':{'containers':[{'name':'main',"
                + "'image':'nginx','resources':{'requests':{'example.com/gpu':'2'},'limits':"
                + "{'example.com/gpu':'2'}}}]}}"));
    cluster.settle();

    assertThat(cluster.reason("web")).isEmpty();
    assertThat(cluster.nodeOf("web")).isEqualTo("node-1");
    Struct status = cluster.find("web").struct("status", "extendedResourceClaimStatus");
    assertThat(status.structs("requestMappings"))
        .containsExactly(
            json(
                "{'containerName':'main','requestName':'container-0-request-0','resourceName':"
                    + "'example.com/gpu'}"));
    Struct claim = claim(status.string("resourceClaimName"));
    assertThat(Meta.of(claim).name()).startsWith("web-extended-resources-");
    assertThat(claim.structs("status", "allocation", "devices", "results")).hasSize(2);
  }
}
