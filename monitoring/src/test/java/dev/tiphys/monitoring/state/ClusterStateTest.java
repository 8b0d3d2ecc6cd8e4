package dev.tiphys.monitoring.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterStateTest {

  private static final String USER = "system:tiphys:kube-state-metrics";

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private ClusterState state;

  @BeforeEach
  void start() {
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    state =
        new ClusterState(world, server.api(UserInfo.of(USER, UserInfo.AUTHENTICATED), "s", "s"));
    pod("web");
  }

  @AfterEach
  void stop() {
    state.close();
    server.close();
  }

  private void pod(String name) {
    api.create(
        ApiResource.PODS,
        Yaml.struct(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: default}
            spec: {containers: [{name: c, image: i}]}
            """
                .formatted(name)));
  }

  /// The page as it is now.
  private String page() {
    AtomicReference<String> read = new AtomicReference<>("");
    world.start(
        "reader",
        () -> {
          try {
            StringBuilder text = new StringBuilder();
            ClusterState.Page page = state.page(Duration.ofSeconds(8));
            if (page != null) {
              page.write(
                  (bytes, from, count) ->
                      text.append(new String(bytes, from, count, StandardCharsets.UTF_8)));
            }
            read.set(text.toString());
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    world.settle();
    return read.get();
  }

  @Test
  void itTellsOfWhatThereIs() {
    assertThat(page())
        .contains("# TYPE kube_pod_info gauge\n")
        .contains("kube_pod_info{namespace=\"default\",pod=\"web\",uid=\"")
        .contains("kube_namespace_status_phase{namespace=\"kube-system\",phase=\"Active\"} 1\n")
        .doesNotContain("kube_cronjob"); // there are none
  }

  @Test
  void familiesAreWholeAndComeOnce() {
    pod("other");
    assertThat(page().lines().filter(line -> line.startsWith("# TYPE"))).doesNotHaveDuplicates();
  }

  @Test
  void itFollowsWhatChanges() {
    page();
    pod("later");
    api.delete(ApiResource.PODS, "default", "web", DeleteOptions.withGrace(0));
    world.settle();

    assertThat(page()).contains("pod=\"later\"").doesNotContain("pod=\"web\"");
  }

  @Test
  void withoutALookNothingIsWatched() {
    world.advance(Duration.ofMinutes(5));
    assertThat(state.isAtWork()).isFalse();

    page();
    assertThat(state.isAtWork()).isTrue();

    world.advance(ClusterState.IDLE.multipliedBy(2));
    assertThat(state.isAtWork()).isFalse();

    assertThat(page()).contains("pod=\"web\"");
  }
}
