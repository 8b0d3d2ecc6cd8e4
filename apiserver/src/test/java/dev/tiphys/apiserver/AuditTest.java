package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.audit.AuditEvent;
import dev.tiphys.apiserver.audit.AuditMetrics;
import dev.tiphys.apiserver.audit.AuditPolicy;
import dev.tiphys.apiserver.audit.Auditor;
import dev.tiphys.apiserver.audit.Backend;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is recorded of requests, over HTTP.
class AuditTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  @TempDir Path directory;
  private final BlockingQueue<AuditEvent> events = new LinkedBlockingQueue<>();
  private RunningServer server;

  @AfterEach
  void end() {
    server.close();
  }

  /// Starts a server, and tells of nothing that happened before.
  ///
  /// @param rules besides one that leaves out what the server does by itself
  private Wire start(String rules) throws IOException {
    return start(
        rules,
        all -> {
          events.addAll(all);
          return true;
        });
  }

  private Wire start(String rules, Backend backend) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("policy.yaml"),
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n"
                + "- {level: None, users: ['system:apiserver']}\n"
                + rules);
    Auditor auditor =
        new Auditor(RunningServer.WORLD, AuditPolicy.read(file), backend, new AuditMetrics());
    server =
        new RunningServer(
            EmbeddedStore.inMemory(RunningServer.WORLD), RunningServer.SETTINGS.auditedBy(auditor));
    return new Wire(server);
  }

  private Struct next() throws InterruptedException {
    AuditEvent event = events.poll(20, TimeUnit.SECONDS);
    assertThat(event).as("an event").isNotNull();
    return event.tree();
  }

  private Struct next(String stage) throws InterruptedException {
    Struct event = next();
    assertThat(event.string("stage")).isEqualTo(stage);
    return event;
  }

  private static String annotation(Struct event, String key) {
    return event.struct("annotations").string(key);
  }

  @Test
  void twoEventsTellOfARequest() throws Exception {
    Wire wire = start("- {level: Metadata}");
    Wire.Answer answer =
        wire.get(
            MAPS + "/kube-root-ca.crt?pretty=true",
            "User-Agent",
            "curl/8",
            "X-Forwarded-For",
            "10.1.2.3, nonsense, 10.4.5.6",
            "Audit-Id",
            "chosen-by-the-client");
    Struct received = next("RequestReceived");
    Struct complete = next("ResponseComplete");
    assertThat(received.string("kind")).isEqualTo("Event");
    assertThat(received.string("apiVersion")).isEqualTo("audit.k8s.io/v1");
    assertThat(received.string("level")).isEqualTo("Metadata");
    assertThat(received.string("auditID"))
        .isEqualTo("chosen-by-the-client")
        .isEqualTo(complete.string("auditID"))
        .isEqualTo(answer.header("Audit-Id"));
    assertThat(received.string("verb")).isEqualTo("get");
    assertThat(received.string("requestURI")).isEqualTo(MAPS + "/kube-root-ca.crt?pretty=true");
    assertThat(received.strings("sourceIPs")).containsExactly("10.1.2.3", "10.4.5.6", "127.0.0.1");
    assertThat(received.string("userAgent")).isEqualTo("curl/8");
    assertThat(received.struct("user").string("username")).isEqualTo("ann");
    assertThat(received.struct("user").strings("groups"))
        .containsExactly("system:masters", "system:authenticated");
    assertThat(received.struct("objectRef"))
        .isEqualTo(
            Json.struct(
                Wire.json(
                    "{'resource':'configmaps','namespace':'default','name':'kube-root-ca.crt',"
                        + "'apiVersion':'v1'}")));
    assertThat(received.has("responseStatus")).isFalse();
    assertThat(received.string("requestReceivedTimestamp"))
        .isEqualTo(received.string("stageTimestamp"))
        .isEqualTo(complete.string("requestReceivedTimestamp"));
    assertThat(complete.struct("responseStatus").integer("code")).isEqualTo(answer.code());
    assertThat(annotation(complete, "authorization.k8s.io/decision")).isEqualTo("allow");
    assertThat(complete.has("requestObject")).isFalse();
    assertThat(complete.has("responseObject")).isFalse();
  }

  @Test
  void whatIsForbiddenIsRecordedWithItsReason() throws Exception {
    start("- {level: Metadata, omitStages: [RequestReceived]}");
    new Wire(server, "plain").get(MAPS);
    Struct event = next("ResponseComplete");
    assertThat(annotation(event, "authorization.k8s.io/decision")).isEqualTo("forbid");
    assertThat(event.struct("responseStatus").integer("code")).isEqualTo(403);
    assertThat(event.struct("responseStatus").string("reason")).isEqualTo("Forbidden");
    assertThat(event.struct("responseStatus").string("message")).contains("bob");
  }

  @Test
  void whatIsAllowedByARoleSaysByWhich() throws Exception {
    start("- {level: Metadata, omitStages: [RequestReceived]}");
    new Wire(server, "plain").get("/version");
    assertThat(annotation(next("ResponseComplete"), "authorization.k8s.io/reason"))
        .startsWith("RBAC: allowed by ClusterRoleBinding");
  }

  @Test
  void aFailedLoginIsRecorded() throws Exception {
    start("- {level: Metadata}");
    new Wire(server, "wrong").get(MAPS);
    Struct event = next("ResponseStarted");
    assertThat(event.struct("user")).isEqualTo(Struct.EMPTY);
    assertThat(event.struct("responseStatus").integer("code")).isEqualTo(401);
    new Wire(server).get("/version");
    assertThat(next("RequestReceived").string("requestURI"))
        .as("the next one")
        .isEqualTo("/version");
  }

  @Test
  void impersonationIsRecorded() throws Exception {
    Wire wire = start("- {level: Metadata}");
    wire.get("/version", "Impersonate-User", "eve", "Impersonate-Group", "g");
    assertThat(next("RequestReceived").has("impersonatedUser")).isFalse();
    Struct event = next("ResponseComplete");
    assertThat(event.struct("user").string("username")).isEqualTo("ann");
    assertThat(event.struct("impersonatedUser").string("username")).isEqualTo("eve");
    assertThat(event.struct("impersonatedUser").strings("groups"))
        .containsExactly("g", "system:authenticated");
    assertThat(event.struct("authenticationMetadata").string("impersonationConstraint"))
        .isEqualTo("impersonate:user-info");
  }

  @Test
  void theLevelRequestHasTheRequestAlone() throws Exception {
    Wire wire = start("- {level: Request, omitStages: [RequestReceived]}");
    wire.post(MAPS, "{'metadata':{'name':'a'},'data':{'k':'v'}}");
    Struct created = next();
    assertThat(created.struct("requestObject").struct("data").string("k")).isEqualTo("v");
    assertThat(created.struct("objectRef").string("name")).isEqualTo("a");
    assertThat(created.has("responseObject")).isFalse();
    wire.patch("merge-patch", MAPS + "/a", "{'data':{'k':'w'}}");
    assertThat(next().struct("requestObject")).isEqualTo(Struct.of("data", Struct.of("k", "w")));
    wire.delete(MAPS + "/a", "{'propagationPolicy':'Background'}");
    Struct deleted = next();
    assertThat(deleted.struct("requestObject").string("kind")).isEqualTo("DeleteOptions");
    assertThat(deleted.struct("responseStatus").string("status")).isEqualTo("Success");
  }

  @Test
  void whatWasSentIsRecordedWithItsDefaults() throws Exception {
    Wire wire = start("- {level: Request, omitStages: [RequestReceived]}");
    String pods = "/api/v1/namespaces/default/pods";
    wire.post(pods, "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i:1'}]}}");

    Struct created = next().struct("requestObject");
    assertThat(created.string("apiVersion")).isEqualTo("v1");
    assertThat(created.string("kind")).isEqualTo("Pod");
    assertThat(created.string("spec", "restartPolicy")).isEqualTo("Always");
    assertThat(created.structs("spec", "containers").getFirst().string("imagePullPolicy"))
        .isEqualTo("IfNotPresent");
    assertThat(created.has("spec", "tolerations")).as("what plugins add").isFalse();
    assertThat(created.has("metadata", "uid")).isFalse();

    wire.patch("merge-patch", pods + "/p", "{'metadata':{'labels':{'l':'1'}}}");
    assertThat(next().struct("requestObject").has("spec")).isFalse();
  }

  @Test
  void managersAreLeftOutWhereThatIsAsked() throws Exception {
    Wire wire =
        start("- {level: RequestResponse, omitStages: [RequestReceived], omitManagedFields: true}");
    wire.post(MAPS, "{'metadata':{'name':'a'},'data':{'k':'v'}}");
    Struct created = next().struct("responseObject");
    assertThat(created.string("kind")).isEqualTo("ConfigMap");
    assertThat(created.string("metadata", "uid")).isNotEmpty();
    assertThat(created.has("metadata", "managedFields")).isFalse();
    for (String accept :
        List.of(
            "application/json",
            "application/vnd.kubernetes.protobuf",
            "application/json;as=Table;v=v1;g=meta.k8s.io")) {
      wire.get(MAPS, "Accept", accept);
      Struct list = next().struct("responseObject");
      assertThat(list.string("kind")).isIn("ConfigMapList", "Table");
      assertThat(list.toString()).as(accept).contains("\"a\"").doesNotContain("managedFields");
    }
  }

  @Test
  void managersAreThereOtherwise() throws Exception {
    Wire wire = start("- {level: RequestResponse, omitStages: [RequestReceived]}");
    wire.post(MAPS, "{'metadata':{'name':'a'},'data':{'k':'v'}}");
    assertThat(next().struct("responseObject").has("metadata", "managedFields")).isTrue();
  }

  @Test
  void aWatchHasAnEventWhenItStarts() throws Exception {
    Wire wire = start("- {level: RequestResponse}");
    wire.get(MAPS + "?watch=true&timeoutSeconds=1");
    next("RequestReceived");
    assertThat(next("ResponseStarted").struct("responseStatus").integer("code")).isEqualTo(200);
    Struct complete = next("ResponseComplete");
    assertThat(complete.string("verb")).isEqualTo("watch");
    assertThat(complete.has("responseObject")).isFalse();
  }

  /// A rule for a resource does not cover what lies below it.
  @Test
  void tokensAreKeptOutOnlyByARuleForThem() throws Exception {
    String all = "- {level: RequestResponse, omitStages: [RequestReceived]}";
    String token = "/api/v1/namespaces/default/serviceaccounts/default/token";
    Wire wire =
        start(
            "- {level: Metadata, omitStages: [RequestReceived], resources: [{group: '', resources:"
                + " [secrets, serviceaccounts]}]}\n"
                + all);
    account(wire);
    wire.post(token, "{'spec':{}}");
    assertThat(next().struct("responseObject").struct("status").string("token")).isNotEmpty();
    server.close();
    events.clear();
    Wire again =
        start(
            "- {level: Metadata, omitStages: [RequestReceived], resources: [{group: '', resources:"
                + " [secrets, serviceaccounts, serviceaccounts/token]}]}\n"
                + all);
    account(again);
    again.post(token, "{'spec':{}}");
    Struct event = next();
    assertThat(event.string("level")).isEqualTo("Metadata");
    assertThat(event.has("responseObject")).isFalse();
    assertThat(event.has("requestObject")).isFalse();
  }

  private void account(Wire wire) throws Exception {
    wire.post("/api/v1/namespaces/default/serviceaccounts", "{'metadata':{'name':'default'}}");
    next("ResponseComplete");
  }

  @Test
  void whatIsDeprecatedIsSaidToBe() throws Exception {
    Wire wire = start("- {level: Metadata, omitStages: [RequestReceived]}");
    wire.get("/api/v1/namespaces/default/endpoints");
    assertThat(annotation(next(), "k8s.io/deprecated")).isEqualTo("true");
  }

  @Test
  void whatCannotBeRecordedIsRefusedWhereThatIsAsked() throws Exception {
    Wire wire = start("- {level: Metadata}", _ -> false);
    Wire.Answer answer = wire.post(MAPS, "{'metadata':{'name':'a'}}");
    assertThat(answer.code()).isEqualTo(500);
    assertThat(answer.message()).contains("failed to store audit event");
    server.close();
    Backend failing = _ -> false;
    Wire again = start("- {level: Metadata}", failing.ignoringFailures());
    assertThat(again.post(MAPS, "{'metadata':{'name':'a'}}").code()).isEqualTo(201);
  }

  @Test
  void nothingIsRecordedOfWhatNoRuleIsFor() throws Exception {
    Wire wire = start("- {level: Metadata, verbs: [delete]}");
    wire.get(MAPS);
    wire.delete(MAPS + "/none", "");
    assertThat(next("RequestReceived").string("verb")).isEqualTo("delete");
    assertThat(next("ResponseComplete").struct("responseStatus").integer("code")).isEqualTo(404);
    assertThat(wire.get("/metrics").text())
        .contains("apiserver_audit_event_total 2")
        .contains("apiserver_audit_level_total{level=\"Metadata\"} 1")
        .contains("apiserver_audit_level_total{level=\"None\"}");
  }

  @Test
  void partsOfTheClusterAreRecordedToo() throws Exception {
    start("- {level: Request, omitStages: [RequestReceived]}");
    server
        .api("tester")
        .create(
            new ApiResource(GroupVersion.parse("v1"), "configmaps", "ConfigMap", true),
            Struct.of("metadata", Struct.of("namespace", "default", "name", "a")));
    Struct event = next("ResponseComplete");
    assertThat(event.string("requestURI")).isEqualTo(MAPS);
    assertThat(event.struct("user").string("username")).isEqualTo("tester");
    assertThat(event.struct("responseStatus").integer("code")).isEqualTo(201);
    assertThat(event.struct("requestObject").string("metadata", "name")).isEqualTo("a");
  }
}
