package dev.tiphys.controllers.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.leader.OtherHolder;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtherHolderTest {

  private static final Duration RENEWAL = Duration.ofSeconds(10);

  private TestCluster cluster;
  private OtherHolder other;
  private final List<Optional<String>> told = new ArrayList<>();

  @BeforeEach
  void start() {
    cluster = new TestCluster(1);
    cluster.create(
        ApiResource.NAMESPACES, "{apiVersion: v1, kind: Namespace, metadata: {name: theirs}}");
    other =
        new OtherHolder(cluster.world, cluster.api, "the-lock", "kube-system")
            .onChange(told::add)
            .start();
    cluster.world.settle();
  }

  @AfterEach
  void end() {
    other.close();
    cluster.close();
  }

  private void lease(String namespace, String name, String holder) {
    cluster.create(
        ApiResource.LEASES,
        """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: %s, namespace: %s}
        spec: {holderIdentity: %s, leaseDurationSeconds: 15}
        """
            .formatted(name, namespace, holder));
    cluster.world.settle();
  }

  private void renew(String time) {
    Struct lease = cluster.api.get(ApiResource.LEASES, "theirs", "the-lock");
    cluster.api.update(ApiResource.LEASES, lease.withAt(time, "spec", "renewTime"));
    cluster.world.settle();
  }

  @Test
  void withoutALeaseThereIsNone() {
    assertThat(other.holder()).isEmpty();
    assertThat(told).containsExactly(Optional.empty());
  }

  @Test
  void theOwnLeaseAndThoseOfOtherNamesDoNotCount() {
    lease("kube-system", "the-lock", "us");
    lease("theirs", "another-lock", "them");

    assertThat(other.holder()).isEmpty();
  }

  @Test
  void aLeaseElsewhereCountsAsLongAsItIsRenewed() {
    lease("theirs", "the-lock", "them");
    cluster.world.advance(RENEWAL);
    renew("2026-01-01T00:00:10.000000Z");
    cluster.world.advance(RENEWAL);
    assertThat(other.holder()).contains("theirs/them");

    cluster.world.advance(RENEWAL);
    assertThat(other.holder()).isEmpty();
    assertThat(told)
        .containsExactly(Optional.empty(), Optional.of("theirs/them"), Optional.empty());
  }

  @Test
  void aLeaseThatIsGivenUpOrDeletedEndsAtOnce() {
    lease("theirs", "the-lock", "them");
    Struct lease = cluster.api.get(ApiResource.LEASES, "theirs", "the-lock");
    cluster.api.update(ApiResource.LEASES, lease.withAt("", "spec", "holderIdentity"));
    cluster.world.settle();
    assertThat(other.holder()).isEmpty();

    renewAs("them again");
    assertThat(other.holder()).contains("theirs/them again");
    cluster.api.delete(ApiResource.LEASES, "theirs", "the-lock", DeleteOptions.DEFAULT);
    cluster.world.settle();
    assertThat(other.holder()).isEmpty();
  }

  private void renewAs(String holder) {
    Struct lease = cluster.api.get(ApiResource.LEASES, "theirs", "the-lock");
    cluster.api.update(ApiResource.LEASES, lease.withAt(holder, "spec", "holderIdentity"));
    cluster.world.settle();
  }
}
