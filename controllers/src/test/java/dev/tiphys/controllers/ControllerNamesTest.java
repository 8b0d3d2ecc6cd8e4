package dev.tiphys.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
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
          ControllerSettings.DEFAULT.withRootCertificates("x").withPodRanges(PodRanges.SIMULATED);
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
}
