package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ServedResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
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

  /// Its own Foo, what it calls ObjectMeta, and a kind that this server has too.
  private static final String SWAGGER =
      """
      {"swagger":"2.0","paths":{
        "/apis/":{"get":{"operationId":"own"}},
        "/version/":{"get":{"responses":{"200":{"schema":{"$ref":"#/definitions/Version"}}}}},
        "/apis/ext.example.com/v1/foos":{
         "parameters":[{"$ref":"#/parameters/pretty-1"}],
         "get":{"operationId":"listFoos","responses":{"200":{"description":"OK",
          "schema":{"$ref":"#/definitions/com.example.Foo"}}}}},
        "/apis/apps/v1/deployments":{"get":{"operationId":"taken"}}},
       "parameters":{"pretty-1":{"name":"pretty","in":"query","type":"string"}},
       "definitions":{
        "Version":{"type":"object"},
        "com.example.Foo":{"type":"object","properties":{
          "size":{"type":"integer","minimum":3,"title":"how large"},
          "metadata":{"$ref":"#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}}},
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta":{"description":"other","type":"object"}}}
      """;

  private static final String INDEX =
      """
      {"paths":{"apis/ext.example.com/v1":{
       "serverRelativeURL":"/openapi/v3/apis/ext.example.com/v1?hash=7"},
       "version":{"serverRelativeURL":"/openapi/v3/version?hash=8"}}}
      """;

  private static final Map<String, String> DESCRIPTIONS =
      Map.of("/openapi/v2", SWAGGER, "/openapi/v3", INDEX);

  private final RunningServer server;
  private final Wire wire;
  private final WebhookServer extension;
  private volatile boolean old; // has no OpenAPI v3
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
    String description = DESCRIPTIONS.get(path);
    if (old && path.startsWith("/openapi/v3")) {
      WebhookServer.send(exchange, 404, new byte[0]);
      return;
    }
    if (description != null) {
      WebhookServer.send(exchange, 200, description.getBytes(UTF_8));
      return;
    }
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
      List<String> extra =
          exchange.getRequestHeaders().keySet().stream()
              .filter(name -> name.startsWith("X-remote-extra-"))
              .toList();
      Struct whole =
          seen.with("extra", extra)
              .with("target", exchange.getRequestURI().toString())
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
    try (Wire.Frames frames =
        wire.watch(
            SERVICES + "?watch=1&fieldSelector=metadata.name%3D" + NAME + "&resourceVersion=0")) {
      while (true) {
        Struct condition = Meta.condition(frames.next().struct("object"), "Available");
        if (condition != null && condition.string("reason").equals(reason)) {
          return condition;
        }
      }
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
  void whatElseIsKnownOfUsersIsPassedOnToo() throws Exception {
    createService(extension.port());
    register();
    awaitCondition("Passed");

    Wire.Answer got = new Wire(server.withCertificate("eve", "system:masters")).get(ROOT + "/foos");

    assertThat(got.code()).isEqualTo(202);
    assertThat(got.json().string("user")).isEqualTo("eve");
    assertThat(got.json().strings("extra"))
        .containsExactly("X-remote-extra-authentication.kubernetes.io%2fcredential-id");
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
    Struct paths = wire.get("/openapi/v3").json().struct("paths");
    assertThat(paths.struct("apis/ext.example.com/v1").string("serverRelativeURL"))
        .isEqualTo("/openapi/v3/apis/ext.example.com/v1?hash=7");
    assertThat(paths.struct("version").string("serverRelativeURL")).doesNotContain("hash=8");
    assertThat(wire.get("/openapi/v3" + ROOT).text()).contains("3.0.0");
  }

  @Test
  void theGroupIsDescribedWithTheOthers() throws Exception {
    createService(extension.port());
    register();
    awaitCondition("Passed");

    Struct whole = wire.get("/openapi/v2").json();

    assertThat(whole.struct("paths").struct("/apis/ext.example.com/v1/foos").has("get")).isTrue();
    assertThat(
            whole.struct("paths").struct("/apis/apps/v1/deployments").string("get", "operationId"))
        .as("what is described already stays")
        .isEqualTo("listAppsV1DeploymentForAllNamespaces");
    Struct definitions = whole.struct("definitions");
    String meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    assertThat(definitions.struct("com.example.Foo").string("properties", "metadata", "$ref"))
        .as("another definition has the name")
        .isEqualTo("#/definitions/" + meta + "_v2");
    assertThat(definitions.struct(meta + "_v2").string("description")).isEqualTo("other");
    assertThat(definitions.struct(meta).struct("properties").has("uid")).isTrue();
    assertThat(definitions.has("Version")).as("is not below /apis/").isFalse();
    assertThat(whole.struct("parameters").has("pretty-1")).isTrue();
    String protobuf =
        wire.get(
                "/openapi/v2",
                "Accept",
                "application/com.github.proto-openapi.spec.v2@v1.0+protobuf")
            .text();
    assertThat(protobuf).contains("com.example.Foo", "how large", "#/parameters/pretty-1");

    wire.delete(SERVICES + "/" + NAME, "");
    while (wire.get("/openapi/v2").json().struct("definitions").has("com.example.Foo")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aGroupThatIsDescribedInTheOldWayIsDescribedInTheNewOneToo() throws Exception {
    old = true;
    createService(extension.port());
    register();
    awaitCondition("Passed");

    String url =
        wire.get("/openapi/v3")
            .json()
            .struct("paths")
            .struct("apis/ext.example.com/v1")
            .string("serverRelativeURL");
    assertThat(url).startsWith("/openapi/v3" + ROOT + "?hash=");
    Wire.Answer answer = wire.get(url);
    assertThat(answer.code()).isEqualTo(200);
    Struct document = answer.json();
    assertThat(document.string("openapi")).isEqualTo("3.0.0");
    Struct list = document.struct("paths").struct(ROOT + "/foos").struct("get");
    assertThat(list.string("operationId")).isEqualTo("listFoos");
    assertThat(
            list.struct("responses")
                .struct("200")
                .struct("content")
                .struct("application/json")
                .string("schema", "$ref"))
        .isEqualTo("#/components/schemas/com.example.Foo");
    Struct foo = document.struct("components", "schemas").struct("com.example.Foo");
    assertThat(foo.string("properties", "metadata", "$ref"))
        .isEqualTo("#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    assertThat(
            document.struct("components", "parameters").struct("pretty-1").string("schema", "type"))
        .isEqualTo("string");
    assertThat(wire.get("/openapi/v3" + ROOT + "?hash=x").code()).isEqualTo(301);
  }

  @Test
  void partsInThisProcessReachTheGroupToo() throws Exception {
    createService(extension.port());
    register();
    awaitCondition("Passed");
    Api api = server.api("system:serviceaccount:kube-system:namespace-controller");
    ApiResource foos =
        api.discover().known().stream()
            .map(ServedResource::resource)
            .filter(resource -> resource.plural().equals("foos"))
            .findFirst()
            .orElseThrow();

    Struct seen = api.get(foos, "default", "a");

    assertThat(seen.string("target")).isEqualTo(ROOT + "/namespaces/default/foos/a");
    assertThat(
            api.get(foos, "default", "*", "a|b", Map.of("labelSelector", "app=web"))
                .string("target"))
        .isEqualTo(ROOT + "/namespaces/default/foos/*/a%7Cb?labelSelector=app%3Dweb");
    assertThat(seen.string("user"))
        .isEqualTo("system:serviceaccount:kube-system:namespace-controller");
    assertThat(api.discover().failures()).isEmpty();
    extension.close();
    wire.patch( // so that the server is looked at now and not in its turn
        "merge-patch",
        "/api/v1/namespaces/default/services/hook",
        "{'metadata':{'labels':{'a':'b'}}}");
    awaitCondition("FailedDiscoveryCheck");
    assertThat(api.discover().problem())
        .isEqualTo(
            "unable to retrieve the complete list of server APIs: ext.example.com/v1: "
                + "stale GroupVersion discovery: ext.example.com/v1");
    assertThat(api.discover().known()).isNotEmpty();
    assertThatThrownBy(() -> api.get(foos, "default", "a"))
        .hasMessageContaining("the server is currently unable to handle the request");
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
    assertThat(wire.get("/metrics").text())
        .contains(
            "aggregator_unavailable_apiservice_total{name=\"v1.ext.example.com\",reason=\"FailedDiscoveryCheck\"} 1\n")
        .contains(
            "apiserver_request_terminations_total{verb=\"LIST\",group=\"ext.example.com\",version=\"v1\",resource=\"\",subresource=\"\",scope=\"\",component=\"aggregator\",code=\"503\"} ");
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
