package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs, commands and forwarded ports, by way of a node's agent.
class SessionsTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";

  private final RunningServer server;
  private final FakeAgent agent;
  private final Wire wire;

  SessionsTest() throws Exception {
    server = new RunningServer();
    agent = new FakeAgent();
    wire = new Wire(server, HttpClient.Version.HTTP_1_1);
  }

  @BeforeEach
  void startPod() throws Exception {
    wire.post(
        "/api/v1/nodes",
        "{'metadata':{'name':'node'},'status':{'addresses':[{'type':'InternalIP','address':"
            + "'127.0.0.1'}],'daemonEndpoints':{'kubeletEndpoint':{'Port':"
            + agent.port()
            + "}}}}");
    pod("web", "'nodeName':'node',");
    pod("waiting", "");
  }

  private void pod(String name, String node) throws Exception {
    wire.post(
        PODS,
        "{'metadata':{'name':'"
            + name
            + "'},'spec':{"
            + node
            + "'containers':[{'name':'main','image':'x'}]}}");
  }

  @AfterEach
  void close() {
    server.close();
    agent.close();
  }

  /// What a WebSocket brings.
  private static final class Messages implements WebSocket.Listener {
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      return on(socket, UTF_8.decode(data), last);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      return on(socket, data, last);
    }

    private CompletionStage<?> on(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        texts.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.countDown();
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.countDown();
    }

    List<String> all() throws InterruptedException {
      closed.await();
      return texts;
    }
  }

  private List<String> messages(String path, String... protocols) throws Exception {
    Messages messages = new Messages();
    wire.socket(path, messages, protocols);
    return messages.all();
  }

  @ParameterizedTest
  @ValueSource(strings = {"channel.k8s.io", "v4.channel.k8s.io"})
  void outputIsNotLostWhenTheAgentSpeaksFirst(String protocol) throws Exception {
    for (int i = 0; i < 25; i++) {
      assertThat(messages(PODS + "/web/exec?command=x&stdout=1", protocol))
          .containsExactly("\1at once", "\3{\"status\":\"Success\"}");
    }
    assertThat(messages(PODS + "/web/attach", protocol)).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "portforward?ports=80,v5.channel.k8s.io v4.channel.k8s.io,v4.channel.k8s.io",
    "portforward?ports=80,v4.base64.channel.k8s.io v4.channel.k8s.io,v4.base64.channel.k8s.io",
    "exec?command=x&stdout=1,v9.channel.k8s.io v4.channel.k8s.io channel.k8s.io,v4.channel.k8s.io"
  })
  void theAgentIsAskedForTheFirstProtocolThatItSpeaks(String request, String offered, String chosen)
      throws Exception {
    Messages messages = new Messages();
    WebSocket socket = wire.socket(PODS + "/web/" + request, messages, offered.split(" "));

    assertThat(socket.getSubprotocol()).isEqualTo(chosen);
    assertThat(messages.all()).hasSize(2);
    assertThat(agent.offered()).containsExactly(List.of(chosen));
  }

  @Test
  void whatTheClientNamesReachesTheAgentEscaped() throws Exception {
    messages(PODS + "/web/exec?command=a%20b%26c&command=%0d%0ad&stdout=1&tty=1", "channel.k8s.io");

    assertThat(agent.asked())
        .containsExactly("/exec/default/web/main?command=a%20b%26c&command=%0D%0Ad&output=1&tty=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80%20HTTP/1.1%0d%0aHost:%20x%0d%0a%0d%0aGET%20/healthz%20HTTP/1.1%0d%0a", "http", "-1",
        "65536", "80,", "99999999999"
      })
  void portsAreNumbers(String ports) throws Exception {
    Wire.Answer answer = wire.get(PODS + "/web/portforward?ports=" + ports);

    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message())
        .startsWith("cannot convert to []int32: strconv.ParseUint: parsing");
    assertThat(agent.asked()).isEmpty();
  }

  @Test
  void portsMayStandInOneValueOrInSeveral() throws Exception {
    messages(PODS + "/web/portforward?ports=80,81&ports=82", "v4.channel.k8s.io");

    assertThat(agent.asked()).containsExactly("/portForward/default/web?port=80&port=81&port=82");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          nothing/exec        ; 404 ; pods "nothing" not found
          nothing/attach      ; 404 ; pods "nothing" not found
          nothing/portforward ; 404 ; pods "nothing" not found
          nothing/log         ; 404 ; pods "nothing" not found
          waiting/exec        ; 400 ; pod waiting does not have a host assigned
          waiting/portforward ; 400 ; pod waiting does not have a host assigned
          web/exec            ; 400 ; Upgrade request required
          web/exec?container=x; 400 ; container x is not valid for pod web
          web/log?container=x ; 400 ; container x is not valid for pod web
          """)
  void whatCannotBeReachedIsRefused(String path, int code, String message) throws Exception {
    Wire.Answer answer = wire.get(PODS + "/" + path);

    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.message()).isEqualTo(message);
  }

  @Test
  void aLogIsText() throws Exception {
    Wire.Answer answer = wire.get(PODS + "/web/log?tailLines=5&sinceTime=2026-01-01T00:00:00Z");

    assertThat(answer.header("Content-Type")).isEqualTo("text/plain");
    assertThat(answer.text()).isEqualTo("one\ntwo\n");
    assertThat(agent.asked())
        .containsExactly(
            "/containerLogs/default/web/main?sinceTime=2026-01-01T00%3A00%3A00Z&tailLines=5");
  }

  @ParameterizedTest
  @CsvSource({"binary.k8s.io,false", ",false", "base64.binary.k8s.io,true"})
  void aLogComesOverAWebSocketToo(String protocol, boolean base64) throws Exception {
    List<String> messages =
        protocol == null ? messages(PODS + "/web/log") : messages(PODS + "/web/log", protocol);

    assertThat(messages.getFirst()).isEmpty();
    assertThat(messages.stream().map(each -> base64 ? decoded(each) : each))
        .satisfies(all -> assertThat(String.join("", all)).isEqualTo("one\ntwo\n"));
  }

  private static String decoded(String base64) {
    return new String(java.util.Base64.getDecoder().decode(base64), UTF_8);
  }

  @Test
  void aLogIsNotToldInAnUnknownForm() {
    assertThatThrownBy(() -> wire.socket(PODS + "/web/log", new Messages(), "v4.channel.k8s.io"))
        .hasMessageContaining("WebSocketHandshakeException");
  }

  @Test
  void aClientThatLeavesEarlyIsNoErrorInTheLog() throws Exception {
    ConcurrentLinkedQueue<LogRecord> records = new ConcurrentLinkedQueue<>();
    Handler noting = new Noting(records);
    Logger.getLogger("").addHandler(noting);
    try (Wire.Frames log = wire.watch(PODS + "/web/log?follow=true")) {
      InputStream body = log.response().body();
      assertThat(body.readNBytes(4)).isEqualTo("one\n".getBytes(UTF_8));
    }
    agent.logEnded().await();
    server.close();
    Logger.getLogger("").removeHandler(noting);

    assertThat(records)
        .filteredOn(each -> each.getLevel().intValue() >= Level.WARNING.intValue())
        .extracting(LogRecord::getMessage)
        .isEmpty();
  }

  private static final class Noting extends Handler {
    private final ConcurrentLinkedQueue<LogRecord> records;

    Noting(ConcurrentLinkedQueue<LogRecord> records) {
      this.records = records;
    }

    @Override
    public void publish(LogRecord each) {
      records.add(each);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
