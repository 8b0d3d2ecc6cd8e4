package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeclaredFeatureTest {

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void aPodThatNeedsAFeatureRunsOnceANodeDeclaresIt() {
    cluster.nodes(2);
    cluster.api.create(
        ApiResource.PODS,
        json(
            "{'metadata':{'name':'web','namespace':'default'},'spec':{'containers':[{'name':'main',"
                + "'image':'nginx','restartPolicy':'Never','restartPolicyRules':[{'action':"
                + "'RestartAllContainers','exitCodes':{'operator':'In','values':[3]}}]}]}}"));
    cluster.pod("plain", "");
    cluster.settle();
    assertThat(cluster.nodeOf("plain")).isNotEmpty();
    assertThat(cluster.reason("web"))
        .startsWith("0/2 nodes are available: 2 node(s) didn't match Pod's required features. ");

    Struct node = cluster.api.get(ApiResource.NODES, "", "node-1");
    cluster.api.update(
        ApiResource.NODES,
        node.withAt(List.of("RestartAllContainersOnContainerExits"), "status", "declaredFeatures"),
        "status");
    cluster.settle();

    assertThat(cluster.nodeOf("web")).isEqualTo("node-1");
  }
}
