package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.audit.AuditEvent;
import dev.tiphys.apiserver.audit.AuditMetrics;
import dev.tiphys.apiserver.audit.AuditPolicy;
import dev.tiphys.apiserver.audit.Auditor;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.store.embedded.EmbeddedStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the audit log and `/metrics` tell of admission.
class AdmissionRecordsTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String SECRETS = "/api/v1/namespaces/default/secrets";
  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
  private static final String ADMISSION = "apiserver_admission_";

  @TempDir Path directory;
  private final BlockingQueue<AuditEvent> events = new LinkedBlockingQueue<>();
  private volatile UnaryOperator<Struct> response = request -> Struct.of("allowed", true);
  private final WebhookServer webhook = new WebhookServer(this::answer);
  private RunningServer server;
  private Wire admin;

  AdmissionRecordsTest() throws Exception {}

  @BeforeEach
  void start() throws Exception {
    Path policy =
        Files.writeString(
            directory.resolve("policy.yaml"),
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - {level: None, users: ['system:apiserver']}
            - {level: Request, resources: [{group: '', resources: [configmaps]}]}
            - {level: Metadata, resources: [{group: '', resources: [secrets]}]}
            """);
    Auditor auditor =
        new Auditor(
            RunningServer.WORLD,
            AuditPolicy.read(policy),
            all -> {
              events.addAll(all);
              return true;
            },
            new AuditMetrics());
    server =
        new RunningServer(
            EmbeddedStore.inMemory(RunningServer.WORLD), RunningServer.SETTINGS.auditedBy(auditor));
    admin = new Wire(server);
  }

  @AfterEach
  void close() {
    server.close();
    webhook.close();
  }

  private Struct answer(Struct review) {
    Struct request = review.struct("request");
    return review
        .without("request")
        .with("response", response.apply(request).with("uid", request.string("uid")));
  }

  private static Struct patch(String operations) {
    String bytes =
        Base64.getEncoder().encodeToString(Wire.json(operations).getBytes(StandardCharsets.UTF_8));
    return Struct.of("allowed", true, "patchType", "JSONPatch", "patch", bytes);
  }

  private static Struct rule(String resources) {
    return new StructBuilder()
        .add("operations", List.of("CREATE"))
        .add("apiGroups", List.of("*"))
        .add("apiVersions", List.of("*"))
        .add("resources", List.of(resources.split(",")))
        .build();
  }

  private void make(String plural, Struct object) throws Exception {
    Wire.Answer answer = admin.send("POST", GROUP + plural, Json.text(object));
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
  }

  /// Makes a configuration with one webhook.
  ///
  /// @param more fields of the webhook
  private void ask(String type, Struct more) throws Exception {
    Struct hook =
        new StructBuilder()
            .add("name", "h.example.com")
            .add("rules", List.of(rule("configmaps,secrets")))
            .add("clientConfig", Struct.of("url", webhook.url(), "caBundle", webhook.caBundle()))
            .add("sideEffects", "None")
            .add("admissionReviewVersions", List.of("v1"))
            .addAll(more)
            .build();
    make(
        type + "webhookconfigurations",
        Struct.of("metadata", Struct.of("name", "conf"), "webhooks", List.of(hook)));
  }

  private Wire.Answer create(String collection, String name) throws Exception {
    return admin.post(collection, "{'metadata':{'name':'" + name + "'}}");
  }

  private Struct annotations() throws InterruptedException {
    AuditEvent event = events.poll(20, TimeUnit.SECONDS);
    assertThat(event).as("an event").isNotNull();
    return event.tree().struct("annotations");
  }

  private String metrics() throws Exception {
    return admin.get("/metrics").text();
  }

  @Test
  void patchesAreRecordedWhereContentIs() throws Exception {
    ask("mutating", Struct.EMPTY);
    response = request -> patch("[{'op':'add','path':'/metadata/labels','value':{'l':'1'}}]");
    create(MAPS, "a");

    Struct first = annotations();
    assertThat(first.string("mutation.webhook.admission.k8s.io/round_0_index_0"))
        .isEqualTo(Wire.json("{'configuration':'conf','webhook':'h.example.com','mutated':true}"));
    assertThat(first.string("patch.webhook.admission.k8s.io/round_0_index_0"))
        .isEqualTo(
            Wire.json(
                "{'configuration':'conf','webhook':'h.example.com','patch':"
                    + "[{'op':'add','path':'/metadata/labels','value':{'l':'1'}}],"
                    + "'patchType':'JSONPatch'}"));

    create(SECRETS, "a");
    Struct second = annotations();
    assertThat(second.has("mutation.webhook.admission.k8s.io/round_0_index_0")).isTrue();
    assertThat(second.has("patch.webhook.admission.k8s.io/round_0_index_0")).isFalse();
  }

  @Test
  void whatAWebhookDidNotChangeIsRecordedToo() throws Exception {
    ask("mutating", Struct.EMPTY);
    String unchanged =
        Wire.json("{'configuration':'conf','webhook':'h.example.com','mutated':false}");
    create(MAPS, "allowed");
    response = request -> Struct.of("allowed", false);
    create(MAPS, "denied");
    response = request -> patch("[{'op':'remove','path':'/nowhere'}]");
    create(MAPS, "broken");

    for (int i = 0; i < 3; i++) {
      Struct annotations = annotations();
      assertThat(annotations.string("mutation.webhook.admission.k8s.io/round_0_index_0"))
          .isEqualTo(unchanged);
      assertThat(annotations.has("patch.webhook.admission.k8s.io/round_0_index_0")).isFalse();
    }
    assertThat(metrics())
        .contains(
            ADMISSION
                + "webhook_rejection_count{error_type=\"no_error\",name=\"h.example.com\","
                + "operation=\"CREATE\",rejection_code=\"400\",type=\"admit\"} 1\n",
            ADMISSION
                + "webhook_rejection_count{error_type=\"apiserver_internal_error\","
                + "name=\"h.example.com\",operation=\"CREATE\",rejection_code=\"0\","
                + "type=\"admit\"} 1\n",
            ADMISSION
                + "webhook_request_total{code=\"200\",name=\"h.example.com\","
                + "operation=\"CREATE\",rejected=\"false\",type=\"admit\"} 1\n",
            ADMISSION
                + "webhook_admission_duration_seconds_count{name=\"h.example.com\","
                + "operation=\"CREATE\",rejected=\"true\",type=\"admit\"} 2\n");
  }

  @Test
  void failuresOfWebhooksAreCounted() throws Exception {
    ask(
        "validating",
        Struct.of(
            "clientConfig", Struct.of("url", "https://127.0.0.1:1/"), "failurePolicy", "Ignore"));
    assertThat(create(MAPS, "a").code()).isEqualTo(201);

    assertThat(
            annotations().string("failed-open.validating.webhook.admission.k8s.io/round_0_index_0"))
        .isEqualTo("h.example.com");
    assertThat(metrics())
        .contains(
            ADMISSION + "webhook_fail_open_count{name=\"h.example.com\",type=\"validating\"} 1\n",
            ADMISSION
                + "webhook_request_total{code=\"503\",name=\"h.example.com\","
                + "operation=\"CREATE\",rejected=\"false\",type=\"validating\"} 1\n")
        .doesNotContain("webhook_rejection_count");
  }

  @Test
  void matchConditionsAreTimedAndTheirExclusionsCounted() throws Exception {
    Struct condition = Struct.of("name", "c", "expression", "object.metadata.name != 'a'");
    ask("validating", Struct.of("matchConditions", List.of(condition)));
    create(MAPS, "a");
    create(MAPS, "b");
    String labels =
        "{kind=\"webhook\",name=\"h.example.com\",operation=\"CREATE\",type=\"validate\"}";

    assertThat(metrics())
        .contains(
            ADMISSION + "match_condition_exclusions_total" + labels + " 1\n",
            ADMISSION + "match_condition_evaluation_seconds_count" + labels + " 2\n")
        .doesNotContain("match_condition_evaluation_errors_total{");
  }

  @Test
  void allThatAPolicyObjectsToIsOneAnnotation() throws Exception {
    Struct spec =
        Struct.of(
            "matchConstraints",
            Struct.of("resourceRules", List.of(rule("configmaps"))),
            "failurePolicy",
            "Ignore",
            "validations",
            List.of(
                Struct.of("expression", "object.metadata.name == 'b'", "message", "not b"),
                Struct.of("expression", "object.nothing == 'x'"),
                Struct.of("expression", "false", "message", "never")));
    make(
        "validatingadmissionpolicies", Struct.of("metadata", Struct.of("name", "p"), "spec", spec));
    make(
        "validatingadmissionpolicybindings",
        Struct.of(
            "metadata",
            Struct.of("name", "b"),
            "spec",
            Struct.of("policyName", "p", "validationActions", List.of("Audit", "Warn"))));
    create(MAPS, "a");

    String failure =
        "{'message':'%s','policy':'p','binding':'b','expressionIndex':%d,"
            + "'validationActions':['Audit','Warn']}";
    assertThat(annotations().string("validation.policy.admission.k8s.io/validation_failure"))
        .isEqualTo(
            Wire.json(
                "[" + failure.formatted("not b", 0) + "," + failure.formatted("never", 2) + "]"));
    String check = "apiserver_validating_admission_policy_check_";
    String of = "\",policy=\"p\",policy_binding=\"b\"} ";
    assertThat(metrics())
        .contains(
            check + "total{enforcement_action=\"audit\",error_type=\"no_error" + of + "2\n",
            check + "total{enforcement_action=\"warn\",error_type=\"no_error" + of + "2\n",
            check + "total{enforcement_action=\"allow\",error_type=\"invalid_error" + of + "1\n",
            check
                + "duration_seconds_count{enforcement_action=\"audit\",error_type=\"no_error"
                + of
                + "2\n");
  }

  @Test
  void mutationsOfPoliciesAreCounted() throws Exception {
    Struct mutation =
        Struct.of(
            "patchType",
            "JSONPatch",
            "jsonPatch",
            Struct.of("expression", "[JSONPatch{op: 'add', path: '/data', value: {'a': 'b'}}]"));
    Struct spec =
        Struct.of(
            "matchConstraints",
            Struct.of("resourceRules", List.of(rule("configmaps"))),
            "reinvocationPolicy",
            "Never",
            "mutations",
            List.of(mutation));
    make("mutatingadmissionpolicies", Struct.of("metadata", Struct.of("name", "p"), "spec", spec));
    make(
        "mutatingadmissionpolicybindings",
        Struct.of("metadata", Struct.of("name", "b"), "spec", Struct.of("policyName", "p")));
    create(MAPS, "a");

    assertThat(metrics())
        .contains(
            "apiserver_mutating_admission_policy_check_total"
                + "{error_type=\"no_error\",policy=\"p\",policy_binding=\"b\"} 1\n");
  }

  @Test
  void pluginsAreTimed() throws Exception {
    admin.post("/api/v1/namespaces/nowhere/configmaps", "{'metadata':{'name':'a'}}");
    create(MAPS, "a");
    String plugin = ADMISSION + "controller_admission_duration_seconds_";

    assertThat(metrics())
        .contains(
            plugin
                + "count{name=\"NamespaceLifecycle\",operation=\"CREATE\",rejected=\"true\","
                + "type=\"admit\"} 1\n",
            plugin
                + "bucket{name=\"ResourceQuota\",operation=\"CREATE\",rejected=\"false\","
                + "type=\"validate\",le=\"2.5\"} ",
            ADMISSION
                + "step_admission_duration_seconds_count{operation=\"CREATE\",rejected=\"true\","
                + "type=\"admit\"} 1\n")
        .doesNotContain(
            "name=\"PodSecurity\",operation=\"CREATE\",rejected=\"false\",type=\"admit\"");
  }

  @Test
  void evaluationsOfPodSecurityAreCounted() throws Exception {
    admin.post(
        "/api/v1/namespaces",
        "{'metadata':{'name':'strict','labels':{'pod-security.kubernetes.io/enforce':'baseline',"
            + "'pod-security.kubernetes.io/enforce-version':'v1.30',"
            + "'pod-security.kubernetes.io/warn':'restricted'}}}");
    admin.post(
        "/api/v1/namespaces/strict/pods",
        "{'metadata':{'name':'a'},'spec':{'hostNetwork':true,'containers':[{'name':'c','image':'i'}]}}");
    admin.post(
        "/api/v1/namespaces/strict/pods",
        "{'metadata':{'name':'b'},'spec':{'containers':[{'name':'c','image':'i'}]}}");
    admin.post(
        "/api/v1/namespaces/default/pods",
        "{'metadata':{'name':'b'},'spec':{'containers':[{'name':'c','image':'i'}]}}");
    String what = "request_operation=\"create\",resource=\"pod\",subresource=\"\"} 1\n";

    assertThat(metrics())
        .contains(
            "pod_security_evaluations_total{decision=\"deny\",mode=\"enforce\","
                + "policy_level=\"baseline\",policy_version=\"v1.30\","
                + what,
            "pod_security_evaluations_total{decision=\"allow\",mode=\"enforce\","
                + "policy_level=\"baseline\",policy_version=\"v1.30\","
                + what,
            "pod_security_evaluations_total{decision=\"deny\",mode=\"warn\","
                + "policy_level=\"restricted\",policy_version=\"latest\","
                + what,
            "pod_security_evaluations_total{decision=\"allow\",mode=\"enforce\","
                + "policy_level=\"privileged\",policy_version=\"latest\","
                + what);
  }

  @Test
  void slowRequestsTellWhereTheTimeWent() throws Exception {
    ask("validating", Struct.EMPTY);
    long begun = RunningServer.WORLD.nanoTime();
    response =
        request -> {
          while (RunningServer.WORLD.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(600)) {
            Thread.onSpinWait();
          }
          return Struct.of("allowed", true);
        };
    create(MAPS, "slow");

    Struct annotations = annotations();
    Pattern time = Pattern.compile("[\\d.]+(µs|ms|s)");
    for (String layer : List.of("total", "authorization", "validating-webhook")) {
      assertThat(annotations.string("apiserver.latency.k8s.io/" + layer)).as(layer).matches(time);
    }
    assertThat(annotations.has("apiserver.latency.k8s.io/mutating-webhook")).isFalse();
  }
}
