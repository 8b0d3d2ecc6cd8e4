package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests that are refused, or understood in a way of their own, before any object matters: each
/// row is what upstream answers.
class ProtocolTest {

  private static final String NOT_FOUND = "the server could not find the requested resource";
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private static RunningServer server;
  private static Wire wire;

  @BeforeAll
  static void start() throws Exception {
    server = new RunningServer();
    wire = new Wire(server, HttpClient.Version.HTTP_1_1);
    wire.post(CONFIG_MAPS, "{'metadata':{'name':'one'}}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// The text of a Status, or of an answer that is none.
  private static String text(Wire.Answer answer) {
    return answer.header("Content-Type").equals("application/json")
            && answer.json().string("kind").equals("Status")
        ? answer.message()
        : answer.text().strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /apis/apps/v9                             ; Status
          /apis/apps/v9/deployments                 ; Status
          /api/v2                                   ; Status
          /api/v2/pods                              ; Status
          /api/v1//pods                             ; Status
          /api/v1/nothings                          ; Status
          /api/v1/namespaces/default/namespaces     ; Status
          /api/v1/namespaces/default/namespaces/default ; Status
          /api/v1/namespaces/default/nodes          ; Status
          /api/v1/pods/x                            ; Status
          /api/v1/namespaces/default/configmaps/a%2Fb ; Status
          /api/v1/namespaces/default/pods/x/log/y   ; Status
          /api/v1/namespaces/default/pods/x/nothing ; Status
          /apis/nothing                             ; text
          /apis/nothing/v1/things                   ; text
          //api/v1/pods                             ; text
          /nothing                                  ; text
          /healthz/                                 ; text
          /livez/nothing                            ; text
          """)
  void whatDoesNotExistIsNotFound(String path, String form) throws Exception {
    Wire.Answer answer = wire.get(path);

    assertThat(answer.code()).isEqualTo(404);
    assertThat(text(answer)).isEqualTo(form.equals("Status") ? NOT_FOUND : "404 page not found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /api/v1/namespaces/default/configmaps/..       ; Name parameter invalid: "..": may not be '..'
          /api/v1/namespaces/default/configmaps/a%25b    ; Name parameter invalid: "a%b": may not contain '%'
          /api/v1/namespaces/default/configmaps?limit=x  ; strconv.ParseInt: parsing "x": invalid syntax
          /api/v1/configmaps?timeoutSeconds=abc          ; strconv.ParseInt: parsing "abc": invalid syntax
          /api/v1/configmaps?timeoutSeconds=99999999999999999999; strconv.ParseInt: parsing "99999999999999999999": value out of range
          /api/v1/configmaps?watch=1&timeoutSeconds=abc  ; strconv.ParseInt: parsing "abc": invalid syntax
          /api/v1/configmaps?timeout=abc                 ; invalid timeout specified in the request URL - time: invalid duration "abc"
          /version?timeout=10                            ; invalid timeout specified in the request URL - time: missing unit in duration "10"
          /version?timeout=1m5x                          ; invalid timeout specified in the request URL - time: unknown unit "x" in duration "1m5x"
          /api/v1/namespaces/default/pods/x/log?tailLines=x ; strconv.ParseInt: parsing "x": invalid syntax
          /%zz                                           ; 400 Bad Request
          /api/v1/namespaces/%zz/pods                    ; 400 Bad Request
          """)
  void whatCannotBeMeantIsRefused(String path, String message) throws Exception {
    try (Plain plain = new Plain(server)) {
      assertThat(plain.get(path)).startsWith("400 ").contains(message.replace("\"", "\\\""));
    }
  }

  /// A request whose path the JDK's client would not send.
  private static final class Plain implements AutoCloseable {
    private final javax.net.ssl.SSLSocket socket;

    Plain(RunningServer server) throws IOException {
      socket = Wire.connect(server);
    }

    /// Status code and content.
    String get(String path) throws IOException {
      socket
          .getOutputStream()
          .write(
              ("GET "
                      + path
                      + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer master\r\n"
                      + "Connection: close\r\n\r\n")
                  .getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      String content = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      return answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200 ".length()) + content;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/version?timeout=10s",
    "/version?timeout=1m30.5s",
    "/version?timeout=0",
    "/api/v1/configmaps?labelSelector=%zz",
    "/api/v1/configmaps?watch=false"
  })
  void whatUpstreamTakesIsTaken(String path) throws Exception {
    try (Plain plain = new Plain(server)) {
      assertThat(plain.get(path)).startsWith("200 ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HEAD,/api",
    "OPTIONS,/api",
    "POST,/api",
    "PUT,/api",
    "DELETE,/api",
    "POST,/apis",
    "HEAD,/api/v1",
    "POST,/api/v1",
    "PUT,/apis/apps",
    "DELETE,/apis/apps/v1",
    "OPTIONS,/version",
    "POST,/version",
    "PUT,/api/v1/namespaces/default/configmaps",
    "POST,/api/v1/configmaps",
    "DELETE,/api/v1/configmaps",
    "PATCH,/api/v1/configmaps",
    "HEAD,/api/v1/configmaps",
    "POST,/api/v1/namespaces/default/configmaps/one",
    "GET,/apis/authorization.k8s.io/v1/subjectaccessreviews",
    "PUT,/api/v1/nodes/x/proxy2"
  })
  void methodsThatAPathDoesNotHaveAreRefused(String method, String path) throws Exception {
    Wire.Answer answer = wire.send(method, path, "{}");

    assertThat(answer.code()).isEqualTo(path.endsWith("2") ? 404 : 405);
    if (!method.equals("HEAD") && !path.endsWith("2")) {
      assertThat(answer.message())
          .isEqualTo("the server does not allow this method on the requested resource");
    }
  }

  private static final String OBJECT_TYPES =
      "application/json, application/yaml, application/vnd.kubernetes.protobuf";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          application/* ; /api/v1/namespaces/default ; object
          application/* ; /api/v1/namespaces/nothing ; object
          text/html     ; /api/v1/namespaces/default ; object
          text/html     ; /api/v1/configmaps         ; list
          application/* ; /apis/apps/v1              ; object
          text/html     ; /api                       ; object
          text/html     ; /apis/apps                 ; object
          text/html     ; /version                   ; json
          application/yaml ; /version                ; json
          """)
  void aFormThatCannotBeHadIsRefused(String accept, String path, String forms) throws Exception {
    String available =
        switch (forms) {
          case "json" -> "application/json";
          case "list" ->
              OBJECT_TYPES
                  + ", application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";
          default -> OBJECT_TYPES;
        };
    Wire.Answer answer = wire.get(path, "Accept", accept);

    assertThat(answer.code()).isEqualTo(406);
    if (!accept.equals("application/yaml")) {
      assertThat(answer.message())
          .isEqualTo("406: Not Acceptable\n\nAvailable representations: " + available);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          PartialObjectMetadata ; /api/v1/configmaps ; you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)
          PartialObjectMetadataList ; /api/v1/namespaces/default ; you requested PartialObjectMetadataList, but the requested object is not a list (*core.Namespace)
          """)
  void theMetadataOfAListAndOfAnObjectAreTwoThings(String as, String path, String message)
      throws Exception {
    Wire.Answer answer =
        wire.get(path, "Accept", "application/json;as=" + as + ";v=v1;g=meta.k8s.io");

    assertThat(answer.code()).isEqualTo(406);
    assertThat(answer.message()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({
    "/api,application/yaml,kind: APIVersions",
    "/apis/apps,application/yaml,kind: APIGroup",
    "/api/v1,application/vnd.kubernetes.protobuf,k8s",
    "/apis,application/vnd.kubernetes.protobuf,k8s"
  })
  void discoveryComesInEveryForm(String path, String accept, String part) throws Exception {
    Wire.Answer answer = wire.get(path, "Accept", accept);

    assertThat(answer.header("Content-Type")).isEqualTo(accept);
    assertThat(answer.text()).contains(part);
  }

  @ParameterizedTest
  @CsvSource({"application/json", "text/plain", "application/strategic-merge-patch"})
  void aPatchOfAnUnknownKindIsRefused(String type) throws Exception {
    Wire.Answer answer = wire.send("PATCH", CONFIG_MAPS + "/one", "{}", "Content-Type", type);

    assertThat(answer.code()).isEqualTo(415);
    assertThat(answer.message()).isEqualTo("415: Unsupported Media Type");
  }

  @Test
  void contentOfAnUnknownKindIsRefused() throws Exception {
    Wire.Answer answer = wire.send("POST", CONFIG_MAPS, "x", "Content-Type", "text/plain");

    assertThat(answer.code()).isEqualTo(415);
    assertThat(answer.message())
        .isEqualTo(
            "the body of the request was in an unknown format - accepted media types include: "
                + OBJECT_TYPES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {"metadata" ; ({"metadata")
          '' ; (<empty>)
          [] ; (5b5d)
          hello ; (68656c6c6f)
          {"a": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ; ({"a": "aaaaaaaaaaaaaaaaaaaaaaa ...)
          """)
  void contentThatCannotBeReadIsQuoted(String content, String quoted) throws Exception {
    Wire.Answer answer =
        wire.send("POST", CONFIG_MAPS, content, "Content-Type", "application/json");

    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message()).endsWith(quoted);
  }

  @Test
  void contentBeyondTheLimitIsRefused() throws Exception {
    Wire.Answer answer = wire.send("POST", CONFIG_MAPS, new byte[(3 << 20) + 1]);

    assertThat(answer.code()).isEqualTo(413);
    assertThat(answer.reason()).isEqualTo("RequestEntityTooLarge");
    assertThat(answer.message()).isEqualTo("Request entity too large: limit is 3145728");
  }

  @Test
  void aUrlMayBeLong() throws Exception {
    assertThat(wire.get(CONFIG_MAPS + "?labelSelector=" + "x%2C".repeat(50_000) + "x").code())
        .isEqualTo(200);
  }

  @Test
  void watchMeansNothingOfOneObject() throws Exception {
    Wire.Answer answer = wire.get(CONFIG_MAPS + "/one?watch=1");

    assertThat(answer.json().string("kind")).isEqualTo("ConfigMap");
  }
}
