package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Watches by clients that ask for a WebSocket, as those in browsers and fabric8's do.
class WebSocketWatchTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private final RunningServer server;
  private final Wire wire;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  WebSocketWatchTest() throws IOException {
    server = new RunningServer();
    wire = new Wire(server, HttpClient.Version.HTTP_1_1);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void eachEventIsATextMessage() throws Exception {
    WebSocket socket = wire.socket(CONFIG_MAPS + "?watch=true", hearing());
    wire.post(CONFIG_MAPS, "{'metadata':{'name':'a'}}");
    wire.put(CONFIG_MAPS + "/a", "{'metadata':{'name':'a'},'data':{'k':'v'}}");

    assertThat(next().string("type")).isEqualTo("ADDED");
    Struct modified = next();
    assertThat(modified.string("type")).isEqualTo("MODIFIED");
    assertThat(modified.string("object", "data", "k")).isEqualTo("v");
    assertThat(socket.getSubprotocol()).isEmpty();
  }

  @Test
  void anObjectCanBeWatchedUnderThePathOfOld() throws Exception {
    wire.post(CONFIG_MAPS, "{'metadata':{'name':'a'}}");
    wire.post(CONFIG_MAPS, "{'metadata':{'name':'b'}}");

    wire.socket("/api/v1/watch/namespaces/default/configmaps/b", hearing());

    assertThat(next().string("object", "metadata", "name")).isEqualTo("b");
  }

  @Test
  void theOnlySubprotocolIsTaken() {
    WebSocket socket = wire.socket(CONFIG_MAPS + "?watch=1", hearing(), "base64.binary.k8s.io");

    assertThat(socket.getSubprotocol()).isEqualTo("base64.binary.k8s.io");
  }

  @Test
  void amongSeveralSubprotocolsNoneIsChosen() {
    assertThatThrownBy(() -> wire.socket(CONFIG_MAPS + "?watch=1", hearing(), "a", "b"))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(400));
  }

  @Test
  void aWatchThatCannotBeginIsRefusedBeforeTheUpgrade() {
    assertThatThrownBy(() -> wire.socket(CONFIG_MAPS + "?watch=1&fieldSelector=x%3D1", hearing()))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(400));
  }

  @Test
  void theWatchEndsWithAGoodbyeAfterItsTime() throws Exception {
    wire.socket(CONFIG_MAPS + "?watch=1&timeoutSeconds=1", hearing());

    while (!heard.take().equals("closed 1000")) {
      // what exists is told first
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsUpNobodyAndMissesNothing() throws Exception {
    wire.post(CONFIG_MAPS, "{'metadata':{'name':'a'}}");
    CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    WebSocket.Listener listener = hearing();
    Wire other = new Wire(server, HttpClient.Version.HTTP_1_1);
    other.socket(
        CONFIG_MAPS + "?watch=1&fieldSelector=metadata.name%3Da",
        new WebSocket.Listener() {
          @Override
          public void onOpen(WebSocket socket) {
            opened.complete(socket); // asks for nothing
          }

          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return listener.onText(socket, data, last);
          }
        });

    String large = "x".repeat(1_000_000);
    for (int i = 0; i < 20; i++) {
      wire.put(
          CONFIG_MAPS + "/a",
          "{'metadata':{'name':'a'},'data':{'k':'" + large + "','i':'" + i + "'}}");
    }

    opened.join().request(1);
    assertThat(next().string("type")).isEqualTo("ADDED");
    for (int i = 0; i < 20; i++) {
      assertThat(next().string("object", "data", "i")).isEqualTo("" + i);
    }
  }

  private Struct next() throws InterruptedException {
    Struct frame = Json.struct(heard.take());
    boolean ours = !frame.string("object", "metadata", "name").startsWith("kube-root-ca");
    return ours ? frame : next();
  }

  private WebSocket.Listener hearing() {
    return new WebSocket.Listener() {
      private final StringBuilder message = new StringBuilder();

      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
          heard.add(message.toString());
          message.setLength(0);
        }
        socket.request(1);
        return null;
      }

      @Override
      public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        heard.add("bytes");
        socket.request(1);
        return null;
      }

      @Override
      public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        heard.add("closed " + code);
        return null;
      }
    };
  }
}
