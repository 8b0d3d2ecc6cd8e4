package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.events.Resource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceClaimTest {

  private static final String USES = "'resourceClaims':[{'name':'gpu','resourceClaimName':'gpu'}]";

  private final TestCluster cluster = new TestCluster(1);

  @BeforeEach
  void addNodes() {
    cluster.nodes(2);
    cluster.api.create(Resource.DEVICE_CLASS.kind(), json("{'metadata':{'name':'gpu'},'spec':{}}"));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private Struct claim() {
    return cluster.api.create(
        Resource.RESOURCE_CLAIM.kind(),
        json(
            "{'metadata':{'name':'gpu','namespace':'default'},'spec':{'devices':{'requests':"
                + "[{'name':'one','exactly':{'deviceClassName':'gpu'}}]}}}"));
  }

  /// Does what a program that allocates devices does.
  private void allocate(String node) {
    Struct claim = cluster.api.get(Resource.RESOURCE_CLAIM.kind(), "default", "gpu");
    Struct allocation =
        json(
            "{'devices':{'results':[{'request':'one','driver':'gpu.example','pool':'p',"
                + "'device':'d'}]},'nodeSelector':{'nodeSelectorTerms':[{'matchFields':["
                + "{'key':'metadata.name','operator':'In','values':['"
                + node
                + "']}]}]}}");
    cluster.api.update(
        Resource.RESOURCE_CLAIM.kind(), claim.withAt(allocation, "status", "allocation"), "status");
  }

  @Test
  void aPodIsNotTriedBeforeItsClaimExists() {
    cluster.pod("web", USES);
    cluster.settle();
    assertThat(cluster.events("web")).isEmpty();
    assertThat(cluster.why("web").state()).isEqualTo("Gated");

    claim();
    cluster.settle();
    assertThat(cluster.reason("web"))
        .startsWith("0/2 nodes are available: 2 cannot allocate all claims. ");
  }

  @Test
  void aPodRunsWhereItsDevicesAreAndTheClaimIsReservedForIt() {
    claim();
    cluster.pod("web", USES);
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEmpty();

    allocate("node-1");
    cluster.settle();
    assertThat(cluster.nodeOf("web")).isEqualTo("node-1");
    Struct claim = cluster.api.get(Resource.RESOURCE_CLAIM.kind(), "default", "gpu");
    assertThat(claim.structs("status", "reservedFor"))
        .containsExactly(
            Struct.of(
                "resource", "pods", "name", "web", "uid", Meta.of(cluster.find("web")).uid()));
  }

  @Test
  void devicesOutOfReachThatOthersUseAreTold() {
    claim();
    allocate("elsewhere");
    Struct user = Struct.of("name", "other", "resource", "pods", "uid", "u");
    Struct claim = cluster.api.get(Resource.RESOURCE_CLAIM.kind(), "default", "gpu");
    cluster.api.update(
        Resource.RESOURCE_CLAIM.kind(),
        claim.withAt(List.of(user), "status", "reservedFor"),
        "status");
    cluster.pod("web", USES);
    cluster.settle();

    assertThat(cluster.reason("web"))
        .startsWith("0/2 nodes are available: 2 resourceclaim not available on the node. ");
  }

  @Test
  void devicesOutOfReachThatNoneUsesAreGivenBack() {
    claim();
    allocate("elsewhere");
    cluster.pod("web", USES);
    cluster.settle();

    assertThat(cluster.events("web"))
        .anyMatch(
            event ->
                event.startsWith(
                    "FailedScheduling: 0/2 nodes are available: 2 resourceclaim not available on"
                        + " the node. deallocation of ResourceClaim completed, preemption: "));
    Struct claim = cluster.api.get(Resource.RESOURCE_CLAIM.kind(), "default", "gpu");
    assertThat(claim.has("status", "allocation")).isFalse();
  }

  @Test
  void aClaimThatIsToBeMadeIsAwaited() {
    cluster.pod("web", "'resourceClaims':[{'name':'gpu','resourceClaimTemplateName':'template'}]");
    cluster.settle();
    assertThat(cluster.why("web").state()).isEqualTo("Gated");
    Struct web = cluster.find("web");
    Struct claim = claim();
    cluster.api.update(
        Resource.RESOURCE_CLAIM.kind(),
        claim.withAt(List.of(Meta.of(web).asController()), "metadata", "ownerReferences"));
    allocate("node-0");
    cluster.api.update(
        ApiResource.PODS,
        web.withAt(
            List.of(Struct.of("name", "gpu", "resourceClaimName", "gpu")),
            "status",
            "resourceClaimStatuses"),
        "status");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEqualTo("node-0");
  }
}
