package dev.tiphys.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ControllerNamesTest {

  @Test
  void eachControllerHasANameThatCredentialsCanBeMadeFor() {
    VirtualWorld world = new VirtualWorld(1);
    List<String> names = new ArrayList<>();
    try (ApiServer server = new ApiServer(EmbeddedStore.inMemory(world), world)) {
      ControllerSettings settings =
          ControllerSettings.DEFAULT
              .withRootCertificates("x")
              .withPodRanges(PodRanges.SIMULATED)
              .withFeatures(FeatureGates.parse("GenericWorkload=true,StorageVersionMigrator=true"));
      new ControllerManager(
              world,
              name -> {
                names.add(name);
                return server.api(name);
              },
              settings)
          .close();
    }
    names.remove(ControllerManager.PROGRAM);

    assertThat(new TreeSet<>(names)).containsExactlyElementsOf(ControllerManager.CONTROLLERS);
  }

  /// In a process of its own the program acts in its controllers' names, which it must be allowed
  /// to.
  @Test
  void theProgramMayActAsEachOfThem() {
    VirtualWorld world = new VirtualWorld(1);
    try (ApiServer server = new ApiServer(EmbeddedStore.inMemory(world), world)) {
      server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
      Struct role =
          server
              .api("tester")
              .get(
                  new ApiResource(
                      GroupVersion.parse("rbac.authorization.k8s.io/v1"), "roles", "Role", true),
                  "kube-system",
                  "system:tiphys:controller-identities");

      assertThat(role.structs("rules").getFirst().strings("resourceNames"))
          .containsExactlyInAnyOrderElementsOf(ControllerManager.CONTROLLERS);
    }
  }
}
