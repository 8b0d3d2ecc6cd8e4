package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.world.SupervisedTask;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeNetworkTest {
  private static final List<String> RANGE = List.of("10.244.7.0/24");

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 9);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void giveRange() {
    Struct spec = Struct.of("podCIDR", RANGE.getFirst(), "podCIDRs", RANGE);
    node.api.patch(ApiResource.NODES, "", "node-1", "", PatchType.MERGE, Struct.of("spec", spec));
    node.settle();
  }

  private List<String> problems() {
    return node.world.supervisor().reports().stream()
        .filter(report -> report.name().equals("node-network"))
        .map(SupervisedTask.Report::problem)
        .toList();
  }

  @Test
  void itIsSetUpOnceTheNodeHasItsAddresses() {
    assertThat(node.api.find(ApiResource.NODES, "", "node-1")).isNotNull();
    node.advance(30);
    assertThat(node.networks).isEmpty();

    giveRange();
    node.advance(30);

    assertThat(node.networks).containsExactly(RANGE);
  }

  @Test
  void whatFailsIsTriedAgainAndIsAProblemUntilThen() {
    node.networkFailures = 2;

    giveRange();
    assertThat(node.networks).isEmpty();
    assertThat(problems()).containsExactly("nft is not installed");

    node.advance(3);
    assertThat(node.networks).containsExactly(RANGE);
    assertThat(problems()).containsExactly("");
  }

  @Test
  void anAgentThatStartsAgainSetsItUpAgain() throws Exception {
    giveRange();

    node.restartAgent();

    assertThat(node.networks).containsExactly(RANGE, RANGE);
  }
}
