package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.http.TlsContext;
import dev.tiphys.world.Rounds;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Requests that are proper HTTP and otherwise made up from a seed: whatever paths, parameters,
/// header fields and content they have, the server finds the fault with them and not with itself.
///
/// `-Dtiphys.requests` says how many are tried, `-Dtiphys.seed` which.
class MalformedRequestsTest {

  private static final int REQUESTS = Rounds.of("tiphys.requests", 1_000);
  private static final long SEED = Long.getLong("tiphys.seed", 20_260_101);

  private static final List<String> METHODS =
      List.of("GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW");
  private static final List<String> SEGMENTS =
      List.of(
          "",
          "api",
          "v1",
          "apis",
          "apps",
          "v9",
          "namespaces",
          "default",
          "pods",
          "configmaps",
          "one",
          "deployments",
          "nodes",
          "status",
          "scale",
          "log",
          "exec",
          "portforward",
          "proxy",
          "watch",
          "eviction",
          "token",
          "..",
          ".",
          "%2F",
          "%00",
          "%0d%0a",
          "%zz",
          "%C3%28",
          "ä",
          "a%25b",
          "openapi",
          "v3",
          "v2",
          "healthz",
          "version",
          "metrics",
          "flow",
          "bindings",
          "componentstatuses",
          "authorization.k8s.io",
          "subjectaccessreviews",
          "*");
  private static final List<String> STARTS =
      List.of(
          "/api/v1/namespaces/default/configmaps",
          "/api/v1/namespaces/default/configmaps/one",
          "/api/v1/namespaces/default/pods/web",
          "/apis/apps/v1/namespaces/default/deployments",
          "/apis/authorization.k8s.io/v1/subjectaccessreviews",
          "/apis/authentication.k8s.io/v1/tokenreviews");
  private static final List<String> NAMES =
      List.of(
          "watch",
          "limit",
          "continue",
          "labelSelector",
          "fieldSelector",
          "resourceVersion",
          "resourceVersionMatch",
          "timeoutSeconds",
          "timeout",
          "dryRun",
          "fieldManager",
          "fieldValidation",
          "pretty",
          "includeObject",
          "gracePeriodSeconds",
          "propagationPolicy",
          "orphanDependents",
          "sinceTime",
          "sinceSeconds",
          "tailLines",
          "ports",
          "command",
          "container",
          "sendInitialEvents",
          "allowWatchBookmarks",
          "%zz",
          "");
  private static final List<String> VALUES =
      List.of(
          "",
          "1",
          "0",
          "-1",
          "true",
          "false",
          "All",
          "x",
          "99999999999999999999",
          "Exact",
          "NotOlderThan",
          "Strict",
          "a%3Db",
          "a%20in%20(b,c)",
          "!a,,b",
          "((",
          "metadata.name%3Done",
          "%00",
          "%ff%fe",
          "%zz",
          "Background",
          "Orphan",
          "eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ",
          "2026-13-01T00:00:00Z");
  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/json",
          "application/yaml",
          "application/vnd.kubernetes.protobuf",
          "application/merge-patch+json",
          "application/json-patch+json",
          "application/strategic-merge-patch+json",
          "application/apply-patch+yaml",
          "text/plain",
          "",
          ";;;",
          "application/json;as=Table;v=v1;g=meta.k8s.io",
          "*/*",
          "a/b;q=x, */*;q=0");
  private static final List<String> CONTENTS =
      List.of(
          "",
          "{}",
          "[]",
          "null",
          "1",
          "\"x\"",
          "{",
          "{\"a\":",
          "\0\1\2",
          "k8s\0",
          "k8s\0\n\4\n\2v1\22",
          "a: [b",
          "- a\n- b",
          "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}",
          "{\"metadata\":{\"name\":\"two\"}}",
          "{\"metadata\":{\"name\":5}}",
          "{\"metadata\":[]}",
          "{\"metadata\":{\"name\":\"one\",\"labels\":\"x\"},\"data\":{\"a\":1}}",
          "[{\"op\":\"replace\",\"path\":\"/data\",\"value\":1e400}]",
          "[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/data/x\"}]",
          "{\"spec\":{\"replicas\":-1}}",
          "{\"spec\":{\"template\":null,\"selector\":{\"matchLabels\":{\"\":\"\"}}}}",
          "{\"propagationPolicy\":5}",
          "{\"spec\":{\"user\":[1]}}",
          "\ud800");

  /// Makes requests up.
  private record Requests(RandomGenerator random) {

    String one(List<String> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    String path() {
      StringBuilder path = new StringBuilder(random.nextInt(3) > 0 ? one(STARTS) : "");
      for (int i = random.nextInt(path.isEmpty() ? 8 : 3); i > 0; i--) {
        path.append('/').append(one(SEGMENTS));
      }
      path.append(path.isEmpty() ? "/" : "");
      for (int i = random.nextInt(4); i > 0; i--) {
        path.append(path.indexOf("?") < 0 ? '?' : '&').append(one(NAMES)).append('=');
        path.append(one(VALUES));
      }
      return path.toString();
    }

    String content() {
      return random.nextInt(50) == 0 ? "[".repeat(random.nextInt(100_000)) : one(CONTENTS);
    }

    byte[] next() {
      byte[] content = content().getBytes(UTF_8);
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      String head =
          one(METHODS)
              + " "
              + path()
              + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer master\r\n"
              + "Accept: "
              + one(TYPES)
              + "\r\nContent-Type: "
              + one(TYPES)
              + "\r\nContent-Length: "
              + content.length
              + "\r\n"
              + (random.nextInt(10) == 0 ? "Upgrade: websocket\r\n" : "")
              + (random.nextInt(20) == 0 ? "Impersonate-User: x\r\n" : "")
              + "\r\n";
      request.writeBytes(head.getBytes(ISO_8859_1));
      request.writeBytes(content);
      return request.toByteArray();
    }
  }

  @Test
  @Timeout(3_600)
  void theFaultIsNeverTheServers() throws Exception {
    try (RunningServer server = new RunningServer()) {
      new Wire(server).post("/api/v1/namespaces/default/configmaps", "{'metadata':{'name':'one'}}");
      List<String> faults = new ArrayList<>();
      SSLSocketFactory sockets = TlsContext.of(server.withToken("master")).getSocketFactory();
      for (int i = 0; i < REQUESTS; i++) {
        byte[] request = new Requests(new SplittableRandom(SEED + i)).next();
        String status = status(server, sockets, request);
        String text = new String(request, UTF_8);
        if (!status.matches("HTTP/1.1 [1-4]\\d\\d .*") && !isUpstreams(status, text)) {
          faults.add(
              status
                  + " to seed "
                  + (SEED + i)
                  + ": "
                  + text.substring(0, Math.min(500, text.length())));
        }
      }
      assertThat(faults).isEmpty();
    }
  }

  /// Upstream answers 500 when one object is asked for at a resourceVersion that is no number, and
  /// so does this server.
  private static boolean isUpstreams(String status, String request) {
    return status.startsWith("HTTP/1.1 500 ")
        && request.matches("(?s)GET \\S*[?&]resourceVersion=.*");
  }

  private static String status(RunningServer server, SSLSocketFactory sockets, byte[] request)
      throws IOException {
    URI url = URI.create(server.url());
    try (Socket socket = sockets.createSocket(url.getHost(), url.getPort())) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
        line.append((char) next);
      }
      return line.toString();
    }
  }
}
