package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The order of the stages that a request passes, as its client sees it.
class PipelineTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private final RunningServer server;

  PipelineTest() throws IOException {
    server = new RunningServer();
  }

  @AfterEach
  void close() {
    server.close();
  }

  /// The status line of the answer to a request whose content never comes.
  private String withoutContent(String method, String path, String headers) throws IOException {
    try (SSLSocket socket = Wire.connect(server)) {
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n"
              + headers.replace("|", "\r\n")
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      return answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization: Bearer wrong|,401",
    "'',403",
    "Authorization: Bearer plain|,403",
    "Authorization: Bearer plain|Impersonate-User: ann|,403",
    "Authorization: Bearer master|Impersonate-Group: x|,400",
    "Authorization: Bearer master|,413"
  })
  void contentMattersOnlyOnceTheSenderWasLetThrough(String headers, String status)
      throws Exception {
    assertThat(withoutContent("POST", CONFIG_MAPS, headers)).isEqualTo(status);
  }

  @Test
  void authorizationComesBeforeRouting() throws Exception {
    assertThat(withoutContent("POST", "/api/v1/nothings", "Authorization: Bearer plain|"))
        .isEqualTo("403");
    assertThat(withoutContent("POST", "/api/v1/nothings", "Authorization: Bearer master|"))
        .isEqualTo("404");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /api/v1/namespaces/x      ; namespaces "x" is forbidden: User "bob" cannot get resource "namespaces" in API group "" in the namespace "x"
          /api/v1/namespaces        ; namespaces is forbidden: User "bob" cannot list resource "namespaces" in API group "" at the cluster scope
          /api/v1/pods?watch=1      ; pods is forbidden: User "bob" cannot watch resource "pods" in API group "" at the cluster scope
          /apis/apps/v1/namespaces/x/deployments/y/scale ; deployments.apps "y" is forbidden: User "bob" cannot get resource "deployments/scale" in API group "apps" in the namespace "x"
          /metrics                  ; forbidden: User "bob" cannot get path "/metrics"
          """)
  void aRefusalSaysWhatIsNotAllowed(String path, String message) throws Exception {
    try (SSLSocket socket = Wire.connect(server)) {
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer plain\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 403 ")
          .contains("\"message\":\"" + message.replace("\"", "\\\""));
    }
  }

  @Test
  void partsInTheSameProcessPassTheSameStages() {
    VirtualWorld world = new VirtualWorld(1);
    try (ApiServer inProcess =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"))) {
      Api api = inProcess.api("part");
      ApiResource nothings =
          new ApiResource(new GroupVersion("", "v1"), "nothings", "Nothing", true);
      ApiResource nodesInNamespaces =
          new ApiResource(new GroupVersion("", "v1"), "nodes", "Node", true);

      assertNotFound(() -> api.get(nothings, "default", "one"));
      assertNotFound(() -> api.get(nodesInNamespaces, "default", "one"));
    }
  }

  private static void assertNotFound(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ApiException.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(Reason.NOT_FOUND);
              assertThat(refusal.message())
                  .isEqualTo("the server could not find the requested resource");
            });
  }
}
