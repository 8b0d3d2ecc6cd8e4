package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A group of the API that another server serves: it is found, described, asked in the name of the
/// user, and missed when it is gone.
class AggregationTest {

  private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
  private static final String NAME = "v1.ext.example.com";
  private static final String ROOT = "/apis/ext.example.com/v1";

  private static final String RESOURCES =
      """
      {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"ext.example.com/v1","resources":[
       {"name":"foos","singularName":"foo","namespaced":true,"kind":"Foo","verbs":["get","list"],
        "shortNames":["fo"]},
       {"name":"foos/status","singularName":"","namespaced":true,"kind":"Foo","verbs":["get"]}]}
      """;

  private final RunningServer server;
  private final Wire wire;
  private final WebhookServer extension;
  private final CountDownLatch watched = new CountDownLatch(1);

  AggregationTest() throws Exception {
    server = new RunningServer();
    wire = new Wire(server);
    extension = WebhookServer.answering(this::answer);
  }

  @AfterEach
  void close() {
    watched.countDown();
    extension.close();
    server.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals(ROOT)) {
      WebhookServer.send(exchange, 200, RESOURCES.getBytes(UTF_8));
    } else if (path.equals("/openapi/v3" + ROOT)) {
      WebhookServer.send(exchange, 200, "{\"openapi\":\"3.0.0\"}".getBytes(UTF_8));
    } else if (String.valueOf(exchange.getRequestURI().getQuery()).contains("watch")) {
      watch(exchange);
    } else {
      Struct seen =
          Struct.of(
              "method",
              exchange.getRequestMethod(),
              "user",
              exchange.getRequestHeaders().getFirst("X-Remote-User"),
              "groups",
              List.copyOf(exchange.getRequestHeaders().get("X-Remote-Group")));
      Struct whole =
          seen.with("target", exchange.getRequestURI().toString())
              .with("body", new String(exchange.getRequestBody().readAllBytes(), UTF_8))
              .with("proof", exchange.getRequestHeaders().containsKey("Authorization"));
      WebhookServer.send(exchange, 202, Json.bytes(whole));
    }
  }

  /// Tells one event at once, and the next when the test says so.
  private void watch(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write("{\"type\":\"ADDED\",\"object\":{}}\n".getBytes(UTF_8));
      out.flush();
      watched.await();
      out.write("{\"type\":\"MODIFIED\",\"object\":{}}\n".getBytes(UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Registers the group, whose server is to be found by the Service `hook`.
  private void register() throws Exception {
    Wire.Answer created =
        wire.post(
            SERVICES,
            """
            {'apiVersion':'apiregistration.k8s.io/v1','kind':'APIService','metadata':{'name':'%s'},
             'spec':{'group':'ext.example.com','version':'v1','groupPriorityMinimum':100,
              'versionPriority':10,'caBundle':'%s',
              'service':{'namespace':'default','name':'hook','port':%d}}}
            """
                .formatted(NAME, extension.caBundle(), extension.port()));
    assertThat(created.code()).as(created.text()).isEqualTo(201);
  }

  private void createService(int port) throws Exception {
    Wire.Answer created =
        wire.post(
            "/api/v1/namespaces/default/services",
            ("{'metadata':{'name':'hook'},'spec':{'type':'ExternalName','externalName':'localhost',"
                    + "'ports':[{'port':%d}]}}")
                .formatted(port));
    assertThat(created.code()).as(created.text()).isEqualTo(201);
  }

  private Struct awaitCondition(String reason) throws Exception {
    while (true) {
      Struct condition = Meta.condition(wire.get(SERVICES + "/" + NAME).json(), "Available");
      if (condition != null && condition.string("reason").equals(reason)) {
        return condition;
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void requestsArePassedOnInTheNameOfTheUser() throws Exception {
    createService(extension.port());
    register();
    assertThat(awaitCondition("Passed").string("message")).isEqualTo("all checks passed");

    Wire.Answer got = wire.get(ROOT + "/namespaces/default/foos/a?x=1");
    assertThat(got.code()).isEqualTo(202);
    assertThat(got.json().string("user")).isEqualTo("ann");
    assertThat(got.json().strings("groups")).contains("system:masters", "system:authenticated");
    assertThat(got.json().string("target")).isEqualTo(ROOT + "/namespaces/default/foos/a?x=1");
    assertThat(got.json().bool("proof")).as("the client's token stays here").isFalse();
    Wire.Answer posted = wire.post(ROOT + "/namespaces/default/foos", "{'a':1}");
    assertThat(posted.json().string("method")).isEqualTo("POST");
    assertThat(posted.json().string("body")).isEqualTo("{\"a\":1}");
  }

  @Test
  void usersAreNotTakenFromTheClientsHeaders() throws Exception {
    createService(extension.port());
    register();
    awaitCondition("Passed");

    Wire.Answer got =
        wire.get(
            ROOT + "/foos",
            "X-Remote-User",
            "root",
            "X-Remote-Group",
            "other",
            "x-remote-uid",
            "7");

    assertThat(got.json().string("user")).isEqualTo("ann");
    assertThat(got.json().strings("groups")).doesNotContain("other");
  }

  @Test
  void aWatchIsPassedOnAsItComes() throws Exception {
    createService(extension.port());
    register();
    awaitCondition("Passed");

    try (Wire.Frames frames = wire.watch(ROOT + "/foos?watch=1")) {
      assertThat(frames.next().string("type")).isEqualTo("ADDED");
      watched.countDown();
      assertThat(frames.next().string("type")).isEqualTo("MODIFIED");
      assertThat(frames.lines().readLine()).isNull();
    }
  }

  @Test
  void theGroupIsDiscoveredWithTheOthers() throws Exception {
    createService(extension.port());
    register();
    awaitCondition("Passed");

    assertThat(wire.get("/apis/ext.example.com").json().string("preferredVersion", "version"))
        .isEqualTo("v1");
    assertThat(wire.get("/apis").text()).contains("ext.example.com/v1");
    assertThat(wire.get(ROOT).json().structs("resources")).hasSize(2);
    Struct all =
        wire.get(
                "/apis",
                "Accept",
                "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
            .json();
    Struct group =
        all.structs("items").stream()
            .filter(each -> each.string("metadata", "name").equals("ext.example.com"))
            .findFirst()
            .orElseThrow();
    Struct version = group.structs("versions").getFirst();
    assertThat(version.string("freshness")).isEqualTo("Current");
    Struct foos = version.structs("resources").getFirst();
    assertThat(foos.strings("shortNames")).containsExactly("fo");
    assertThat(foos.structs("subresources").getFirst().string("subresource")).isEqualTo("status");
    assertThat(wire.get("/openapi/v3").json().struct("paths").has("apis/ext.example.com/v1"))
        .isTrue();
    assertThat(wire.get("/openapi/v3" + ROOT).text()).contains("3.0.0");
  }

  @Test
  void whatIsMissingIsToldInTheCondition() throws Exception {
    register();
    assertThat(awaitCondition("ServiceNotFound").string("message"))
        .isEqualTo("service/hook in \"default\" is not present");
    assertThat(wire.get(ROOT + "/foos").code()).isEqualTo(503);

    createService(1);
    assertThat(awaitCondition("ServicePortError").string("message"))
        .isEqualTo("service/hook in \"default\" is not listening on port " + extension.port());
    wire.delete("/api/v1/namespaces/default/services/hook", "");
    wire.post(
        "/api/v1/namespaces/default/services",
        "{'metadata':{'name':'hook'},'spec':{'ports':[{'name':'web','port':%d}]}}"
            .formatted(extension.port()));
    assertThat(awaitCondition("EndpointsNotFound").string("message"))
        .isEqualTo("cannot find endpointslices for service/hook in \"default\"");
  }

  @Test
  void aServerThatIsGoneIsMissed() throws Exception {
    createService(extension.port());
    register();
    awaitCondition("Passed");
    extension.close();

    Struct condition = awaitCondition("FailedDiscoveryCheck");

    assertThat(condition.string("status")).isEqualTo("False");
    assertThat(condition.string("message"))
        .startsWith("failing or missing response from https://hook.default.svc:");
    Wire.Answer answer = wire.get(ROOT + "/foos");
    assertThat(answer.code()).isEqualTo(503);
    assertThat(answer.text()).isEqualTo("service unavailable\n");
  }

  @Test
  void serversOfOtherGroupsCanLearnWhomToBelieve() throws Exception {
    Struct data =
        wire.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")
            .json()
            .struct("data");

    assertThat(data.string("requestheader-allowed-names")).isEqualTo("[\"front-proxy\"]");
    assertThat(data.string("requestheader-client-ca-file")).startsWith("-----BEGIN CERTIFICATE");
    assertThat(data.string("client-ca-file")).startsWith("-----BEGIN CERTIFICATE");
  }
}
