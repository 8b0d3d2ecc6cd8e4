package dev.tiphys.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.Authority;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What callers of the agent may do: the API server decides, by the node's own rights to ask it.
class CallersTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server = new ApiServer(EmbeddedStore.inMemory(world), world);
  private Callers callers;

  @BeforeEach
  void start() {
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    Api asNode = server.api(UserInfo.ofNode("n"), "kubelet", "kubelet");
    Authority authority = Authority.found(world, "test");
    callers = new Callers(world, asNode, List.of(authority.certificate()), "n");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static Caller caller(String user, String... groups) {
    return new Caller(user, "", List.of(groups), Struct.EMPTY);
  }

  private void allow(String user, String part, String verbs) {
    create(
        "clusterroles",
        "ClusterRole",
        "{'metadata':{'name':'r'},'rules':[{'apiGroups':[''],'resources':['nodes/%s'],'verbs':[%s]}]}"
            .formatted(part, verbs));
    create(
        "clusterrolebindings",
        "ClusterRoleBinding",
        "{'metadata':{'name':'b'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'r'},'subjects':[{'kind':'User','apiGroup':'rbac.authorization.k8s.io','name':'%s'}]}"
            .formatted(user));
  }

  private void create(String plural, String kind, String quoted) {
    server
        .api("admin")
        .create(
            new ApiResource(
                GroupVersion.parse("rbac.authorization.k8s.io/v1"), plural, kind, false),
            Json.struct(quoted.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource({
    "metrics, get, GET, /metrics, true",
    "metrics, get, GET, /metrics/resource, true",
    "metrics, get, GET, /stats/summary, false",
    "stats, get, GET, /stats/summary, true",
    "metrics, get, GET, /pods, false",
    "pods, get, GET, /pods, true",
    "pods, get, GET, /runningpods/, true",
    "proxy, get, GET, /pods, true",
    "proxy, get, GET, /healthz, true",
    "healthz, get, GET, /healthz, true",
    "proxy, get, POST, /exec/a/b/c, false",
    "proxy, create, POST, /exec/a/b/c, true",
    "log, get, GET, /logs/x, true",
    "configz, get, GET, /configz, true",
  })
  void rightsToPartsOfTheNodeAreRightsToPaths(
      String part, String verb, String method, String path, boolean allowed) {
    allow("ann", part, "'" + verb + "'");

    assertThat(callers.mayAsk(caller("ann"), method, path)).isEqualTo(allowed);
    assertThat(callers.mayAsk(caller("bob"), method, path)).isFalse();
    assertThat(callers.mayAsk(caller("eve", "system:masters"), method, path)).isTrue();
  }

  @Test
  void aRefusalIsRememberedForAWhileOnly() {
    assertThat(callers.mayAsk(caller("ann"), "GET", "/pods")).isFalse();
    allow("ann", "pods", "'get'");

    assertThat(callers.mayAsk(caller("ann"), "GET", "/pods")).isFalse();
    world.advance(Duration.ofSeconds(31));
    assertThat(callers.mayAsk(caller("ann"), "GET", "/pods")).isTrue();
    assertThat(Callers.refusal(caller("ann"), "GET", "/pods"))
        .isEqualTo("Forbidden (user=ann, verb=get, resource=nodes, subresource(s)=[pods proxy])");
  }
}
