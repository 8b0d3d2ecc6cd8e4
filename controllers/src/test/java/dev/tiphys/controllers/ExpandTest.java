package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUMES;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUME_CLAIMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExpandTest {

  private static final ApiResource CLASSES =
      new ApiResource(
          GroupVersion.parse("storage.k8s.io/v1"), "storageclasses", "StorageClass", false);
  private static final ApiResource QUOTAS =
      new ApiResource(GroupVersion.parse("v1"), "resourcequotas", "ResourceQuota", true);

  private final TestCluster cluster = new TestCluster(1);

  @BeforeEach
  void aBoundClaim() {
    cluster.create(
        CLASSES,
        """
        metadata: {name: disks}
        provisioner: disks.example.com
        allowVolumeExpansion: true
        """);
    cluster.create(
        PERSISTENT_VOLUMES,
        """
        metadata: {name: v}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          storageClassName: disks
          csi: {driver: disks.example.com, volumeHandle: h}
        """);
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        """
        metadata: {name: data, namespace: default}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: disks
          resources: {requests: {storage: 1Gi}}
        """);
    cluster.settle();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private Struct ask(String size) {
    return cluster.change(
        PERSISTENT_VOLUME_CLAIMS,
        "data",
        claim -> claim.withAt(size, "spec", "resources", "requests", "storage"));
  }

  private Struct report(Struct status) {
    Struct claim = cluster.get(PERSISTENT_VOLUME_CLAIMS, "data");
    return cluster.api.update(PERSISTENT_VOLUME_CLAIMS, claim.with("status", status), "status");
  }

  private List<String> expanding() {
    return cluster.events("data").stream()
        .filter(event -> event.startsWith("ExternalExpanding"))
        .toList();
  }

  @Test
  void aClaimThatWantsToGrowIsToldWhatItWaitsFor() {
    cluster.settle();
    assertThat(expanding()).isEmpty();

    ask("2Gi");
    cluster.settle();

    assertThat(expanding())
        .containsExactly(
            "ExternalExpanding: waiting for an external controller to expand this PVC");
    assertThat(
            cluster.get(PERSISTENT_VOLUME_CLAIMS, "data").string("status", "capacity", "storage"))
        .isEqualTo("1Gi");
  }

  /// A claim that is larger already needs nothing, and says nothing after a restart.
  @Test
  void aClaimThatHasGrownIsToldNothing() {
    cluster.stopControllers();
    ask("2Gi");
    Struct status = cluster.get(PERSISTENT_VOLUME_CLAIMS, "data").struct("status");
    report(status.with("capacity", Struct.of("storage", "2Gi")));
    cluster.restartControllers();
    cluster.settle();

    assertThat(expanding()).isEmpty();
  }

  @Test
  void whatCannotGrowMayAskForLessAgainButNotLessThanItHas() {
    ask("9Gi");
    Struct status = cluster.get(PERSISTENT_VOLUME_CLAIMS, "data").struct("status");
    report(
        status
            .with("allocatedResources", Struct.of("storage", "9Gi"))
            .with("allocatedResourceStatuses", Struct.of("storage", "ControllerResizeInfeasible")));

    assertThatThrownBy(() -> ask("500Mi"))
        .hasMessageContaining("field can not be less than status.capacity");
    assertThat(ask("2Gi").string("spec", "resources", "requests", "storage")).isEqualTo("2Gi");
    cluster.settle();
    Struct claim = cluster.get(PERSISTENT_VOLUME_CLAIMS, "data");
    assertThat(claim.string("status", "phase")).isEqualTo("Bound");
    assertThat(claim.string("status", "allocatedResourceStatuses", "storage"))
        .isEqualTo("ControllerResizeInfeasible"); // the driver's program goes on from here
  }

  @Test
  void aClassThatDoesNotLetVolumesGrowIsObeyed() {
    Struct type = cluster.get(CLASSES, "disks");
    cluster.api.update(CLASSES, type.with("allowVolumeExpansion", false));

    assertThatThrownBy(() -> ask("2Gi"))
        .hasMessageContaining("only dynamically provisioned pvc can be resized");
  }

  @Test
  void growthIsChargedToQuotas() {
    cluster.create(
        QUOTAS,
        """
        metadata: {name: q, namespace: default}
        spec:
          hard:
            requests.storage: 3Gi
            disks.storageclass.storage.k8s.io/requests.storage: 2Gi
        """);
    cluster.settle();

    assertThatThrownBy(() -> ask("4Gi")).hasMessageContaining("exceeded quota: q");
    assertThatThrownBy(() -> ask("2500Mi"))
        .hasMessageContaining("disks.storageclass.storage.k8s.io/requests.storage");
    ask("2Gi");
    cluster.settle();

    Struct used = cluster.get(QUOTAS, "q").struct("status", "used");
    assertThat(used.string("requests.storage")).isEqualTo("2Gi");
    assertThat(used.string("disks.storageclass.storage.k8s.io/requests.storage")).isEqualTo("2Gi");
  }
}
