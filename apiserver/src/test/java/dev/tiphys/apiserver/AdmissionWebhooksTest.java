package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Webhooks of admission, asked over TLS about requests that come over HTTP.
class AdmissionWebhooksTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";

  private final List<Struct> asked = new CopyOnWriteArrayList<>();
  private volatile UnaryOperator<Struct> response = request -> allowed();
  private final WebhookServer webhook = new WebhookServer(this::answer);
  private final RunningServer server = new RunningServer();
  private final Wire admin = new Wire(server);

  AdmissionWebhooksTest() throws Exception {}

  @AfterEach
  void close() {
    server.close();
    webhook.close();
  }

  private Struct answer(Struct review) {
    Struct request = review.struct("request");
    asked.add(request);
    return review
        .without("request")
        .with("response", response.apply(request).with("uid", request.string("uid")));
  }

  private static Struct allowed() {
    return Struct.of("allowed", true);
  }

  private static Struct patch(String operations) {
    String bytes =
        Base64.getEncoder().encodeToString(Wire.json(operations).getBytes(StandardCharsets.UTF_8));
    return Struct.of("allowed", true, "patchType", "JSONPatch", "patch", bytes);
  }

  private static Struct json(String single) {
    return Json.struct(Wire.json(single));
  }

  private static Struct denied(String status) {
    return Struct.of("allowed", false, "status", json(status));
  }

  private static Struct rule(String operations, String resources) {
    return new StructBuilder()
        .add("operations", List.of(operations.split(",")))
        .add("apiGroups", List.of("*"))
        .add("apiVersions", List.of("*"))
        .add("resources", List.of(resources.split(",")))
        .build();
  }

  private Struct hook(String name, String operations, String resources) {
    return new StructBuilder()
        .add("name", name)
        .add("rules", List.of(rule(operations, resources)))
        .add("clientConfig", Struct.of("url", webhook.url(), "caBundle", webhook.caBundle()))
        .add("sideEffects", "None")
        .add("admissionReviewVersions", List.of("v1"))
        .build();
  }

  private void configure(String kind, String name, Struct... hooks) throws Exception {
    Struct configuration =
        new StructBuilder()
            .add("apiVersion", "admissionregistration.k8s.io/v1")
            .add(
                "kind",
                kind.equals("mutating")
                    ? "MutatingWebhookConfiguration"
                    : "ValidatingWebhookConfiguration")
            .add("metadata", Struct.of("name", name))
            .add("webhooks", List.of(hooks))
            .build();
    Wire.Answer answer =
        admin.send("POST", GROUP + kind + "webhookconfigurations", Json.text(configuration));
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
  }

  /// Asks until it is so; the test's time limit ends it.
  private static void until(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.onSpinWait();
    }
  }

  private Wire.Answer create(String name) throws Exception {
    return admin.post(MAPS, "{'metadata':{'name':'" + name + "'},'data':{'a':'1'}}");
  }

  @Test
  void aRequestIsToldAsUpstreamTellsIt() throws Exception {
    configure("validating", "v", hook("v.example.com", "CREATE", "configmaps"));

    assertThat(
            admin
                .post(
                    MAPS + "?fieldManager=me&fieldValidation=Strict",
                    "{'metadata':{'generateName':'a-'}}")
                .code())
        .isEqualTo(201);

    Struct request = asked.getFirst();
    assertThat(request.struct("kind"))
        .isEqualTo(json("{'group':'','version':'v1','kind':'ConfigMap'}"));
    assertThat(request.struct("resource"))
        .isEqualTo(json("{'group':'','version':'v1','resource':'configmaps'}"));
    assertThat(request.get("requestKind")).isEqualTo(request.get("kind"));
    assertThat(request.get("requestResource")).isEqualTo(request.get("resource"));
    assertThat(request.string("name")).startsWith("a-").hasSizeGreaterThan(2);
    assertThat(request.string("namespace")).isEqualTo("default");
    assertThat(request.string("operation")).isEqualTo("CREATE");
    assertThat(request.string("userInfo", "username")).isEqualTo("ann");
    assertThat(request.strings("userInfo", "groups")).contains("system:masters");
    assertThat(request.bool("dryRun")).isFalse();
    assertThat(request.get("oldObject")).isEqualTo(Null.NULL);
    assertThat(request.struct("options"))
        .isEqualTo(
            json(
                "{'kind':'CreateOptions','apiVersion':'meta.k8s.io/v1','fieldManager':'me',"
                    + "'fieldValidation':'Strict'}"));
    assertThat(request.string("object", "kind")).isEqualTo("ConfigMap");
    assertThat(request.string("object", "apiVersion")).isEqualTo("v1");
    assertThat(request.string("object", "metadata", "uid")).isNotEmpty();
  }

  @Test
  void aMutatingWebhookSeesAnObjectBeforeItHasAName() throws Exception {
    configure("mutating", "m", hook("m.example.com", "CREATE", "configmaps"));

    admin.post(MAPS, "{'metadata':{'generateName':'a-'}}");

    assertThat(asked.getFirst().has("name")).isFalse();
    assertThat(asked.getFirst().has("object", "metadata", "uid")).isFalse();
  }

  @Test
  void anObjectIsChangedAndCompleted() throws Exception {
    configure("mutating", "m", hook("m.example.com", "CREATE", "deployments"));
    response =
        request ->
            patch(
                "[{'op':'add','path':'/spec/template/spec/containers/-',"
                    + "'value':{'name':'side','image':'x'}}]");

    Struct made =
        admin
            .post(
                "/apis/apps/v1/namespaces/default/deployments",
                "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},"
                    + "'template':{'metadata':{'labels':{'a':'b'}},"
                    + "'spec':{'containers':[{'name':'c','image':'y'}]}}}}")
            .json();

    List<Struct> containers = made.structs("spec", "template", "spec", "containers");
    assertThat(containers).hasSize(2);
    assertThat(containers.get(1).string("terminationMessagePolicy")).isEqualTo("File");
    assertThat(containers.get(1).string("imagePullPolicy")).isEqualTo("Always");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'message':'no','code':403,'reason':'Forbidden'} | 403 | Forbidden | denied the request: no
          {'reason':'Conflict','code':409}                 | 409 | Conflict  | denied the request: Conflict
          {'message':'bad','code':200}                     | 400 | ``        | denied the request: bad
          {}                                               | 400 | ``        | denied the request without explanation
          """)
  void aRefusalIsPassedOn(String status, int code, String reason, String text) throws Exception {
    configure("validating", "v", hook("v.example.com", "CREATE", "configmaps"));
    response = request -> denied(status);

    Wire.Answer answer = create("a");

    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.reason()).isEqualTo(reason);
    assertThat(answer.message()).isEqualTo("admission webhook \"v.example.com\" " + text);
    assertThat(admin.get(MAPS + "/a").code()).isEqualTo(404);
  }

  @Test
  void aWebhookThatIsGoneRefusesUnlessItsFailuresAreIgnored() throws Exception {
    Struct hook = hook("v.example.com", "CREATE,DELETE", "configmaps");
    Struct gone =
        Struct.of(
            "service",
            Struct.of("namespace", "default", "name", "none", "path", "/x"),
            "caBundle",
            webhook.caBundle());
    configure("validating", "v", hook.with("clientConfig", gone));

    Wire.Answer refused = create("a");

    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused.message())
        .isEqualTo(
            "Internal error occurred: failed calling webhook \"v.example.com\": failed to call"
                + " webhook: Post \"https://none.default.svc:443/x?timeout=10s\": service \"none\""
                + " not found");
    String configuration = GROUP + "validatingwebhookconfigurations/v";
    assertThat(
            admin
                .patch(
                    "json-patch",
                    configuration,
                    "[{'op':'replace','path':'/webhooks/0/failurePolicy','value':'Ignore'}]")
                .code())
        .isEqualTo(200);
    assertThat(create("a").code()).isEqualTo(201);
  }

  @Test
  void aWebhookForEverythingCanBeTakenAway() throws Exception {
    Struct gone = Struct.of("url", "https://127.0.0.1:1/x", "caBundle", webhook.caBundle());
    Struct all = hook("v.example.com", "*", "*/*").with("clientConfig", gone);
    configure("validating", "v", all);
    assertThat(create("a").message()).contains("connection refused");
    String configuration = GROUP + "validatingwebhookconfigurations/v";
    admin.post("/api/v1/namespaces", "{'metadata':{'name':'free','labels':{'free':'y'}}}");

    assertThat(
            admin
                .patch(
                    "merge-patch",
                    configuration,
                    "{'webhooks':["
                        + Json.text(
                            all.with(
                                "namespaceSelector",
                                Struct.of(
                                    "matchExpressions",
                                    List.of(
                                        Struct.of(
                                            "key",
                                            "kubernetes.io/metadata.name",
                                            "operator",
                                            "NotIn",
                                            "values",
                                            List.of("default"))))))
                        + "]}")
                .code())
        .isEqualTo(200);
    assertThat(create("b").code()).isEqualTo(201);
    assertThat(
            admin
                .post("/api/v1/namespaces/kube-system/configmaps", "{'metadata':{'name':'c'}}")
                .code())
        .isEqualTo(500);
    assertThat(admin.delete(configuration, "").code()).isEqualTo(200);
    assertThat(
            admin
                .post("/api/v1/namespaces/kube-system/configmaps", "{'metadata':{'name':'c'}}")
                .code())
        .isEqualTo(201);
  }

  @Test
  void aLateAnswerIsNone() throws Exception {
    CountDownLatch forever = new CountDownLatch(1);
    try (WebhookServer slow = WebhookServer.answering(exchange -> hold(exchange, forever))) {
      Struct client = Struct.of("url", slow.url(), "caBundle", slow.caBundle());
      configure(
          "validating",
          "v",
          hook("v.example.com", "CREATE", "configmaps")
              .with("clientConfig", client)
              .with("timeoutSeconds", 1L));

      assertThat(create("a").message())
          .isEqualTo(
              "Internal error occurred: failed calling webhook \"v.example.com\": failed to call"
                  + " webhook: Post \""
                  + slow.url()
                  + "?timeout=1s\": context deadline exceeded");
      forever.countDown();
    }
  }

  private static void hold(HttpExchange exchange, CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  @Test
  void deletionsShowWhatThereWasOncePerObject() throws Exception {
    for (String name : List.of("a", "b", "c", "d")) {
      create(name);
    }
    configure("validating", "v", hook("v.example.com", "DELETE", "configmaps"));

    admin.delete(MAPS + "/a", "");
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst().struct("object").isEmpty()).isTrue();
    assertThat(asked.getFirst().string("oldObject", "data", "a")).isEqualTo("1");
    assertThat(asked.getFirst().string("options", "kind")).isEqualTo("DeleteOptions");
    asked.clear();
    admin.delete(MAPS, "");

    assertThat(asked.stream().map(each -> each.string("oldObject", "metadata", "name")))
        .containsExactlyInAnyOrder("b", "c", "d");
    response = request -> denied("{'message':'stays','code':403}");
    create("e");
    assertThat(admin.delete(MAPS + "/e", "").code()).isEqualTo(403);
    assertThat(admin.get(MAPS + "/e").code()).isEqualTo(200);
  }

  @Test
  void earlierWebhooksAreAskedAgainIfNeeded() throws Exception {
    Struct first = hook("a.example.com", "CREATE", "configmaps");
    response =
        request ->
            request.has("object", "data", "added")
                ? allowed()
                : patch("[{'op':'add','path':'/data/added','value':'x'}]");
    configure("mutating", "a", first);
    configure("mutating", "b", hook("b.example.com", "CREATE", "configmaps"));

    create("once");
    assertThat(asked).hasSize(2);
    asked.clear();
    response =
        request ->
            request.has("object", "data", "seen")
                ? patch("[{'op':'add','path':'/data/added','value':'x'}]")
                : patch("[{'op':'add','path':'/data/seen','value':'y'}]");
    admin.patch(
        "json-patch",
        GROUP + "mutatingwebhookconfigurations/a",
        "[{'op':'add','path':'/webhooks/0/reinvocationPolicy','value':'IfNeeded'}]");

    create("twice");

    assertThat(asked).hasSize(3);
    assertThat(asked.get(2).string("object", "data", "added")).isEqualTo("x");
  }

  @Test
  void equivalentVersionsAreConverted() throws Exception {
    Struct hook = hook("v.example.com", "CREATE", "horizontalpodautoscalers");
    Struct rule = rule("CREATE", "horizontalpodautoscalers").with("apiVersions", List.of("v1"));
    configure("validating", "v", hook.with("rules", List.of(rule)));
    configure(
        "validating",
        "x",
        hook.with("rules", List.of(rule))
            .with("name", "x.example.com")
            .with("matchPolicy", "Exact"));

    Wire.Answer made =
        admin.post(
            "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
            "{'metadata':{'name':'h'},'spec':{'maxReplicas':3,"
                + "'scaleTargetRef':{'kind':'Deployment','name':'d','apiVersion':'apps/v1'},"
                + "'metrics':[{'type':'Resource','resource':{'name':'cpu',"
                + "'target':{'type':'Utilization','averageUtilization':50}}}]}}");

    assertThat(made.code()).as(made.text()).isEqualTo(201);
    assertThat(asked).hasSize(1);
    Struct request = asked.getFirst();
    assertThat(request.string("kind", "version")).isEqualTo("v1");
    assertThat(request.string("requestKind", "version")).isEqualTo("v2");
    assertThat(request.string("resource", "version")).isEqualTo("v1");
    assertThat(request.string("object", "apiVersion")).isEqualTo("autoscaling/v1");
    assertThat(request.struct("object").integer("spec", "targetCPUUtilizationPercentage"))
        .isEqualTo(50);
  }

  @Test
  void conditionsAndSelectorsSayWhatIsMeant() throws Exception {
    Struct hook = hook("v.example.com", "CREATE", "configmaps");
    Struct condition =
        Struct.of(
            "name",
            "c",
            "expression",
            "object.metadata.name.startsWith('m') && authorizer.group('').resource('secrets')"
                + ".namespace('default').check('get').allowed()");
    configure("validating", "v", hook.with("matchConditions", List.of(condition)));
    configure(
        "validating",
        "w",
        hook.with("name", "w.example.com")
            .with("objectSelector", Struct.of("matchLabels", Struct.of("x", "y"))));

    create("a");
    assertThat(asked).isEmpty();
    create("m");
    assertThat(asked).hasSize(1);
    admin.post(MAPS, "{'metadata':{'name':'l','labels':{'x':'y'}}}");
    assertThat(asked).hasSize(2);
  }

  @Test
  void aConditionThatFailsRefusesByTheFailurePolicy() throws Exception {
    Struct condition = Struct.of("name", "c", "expression", "object.none == 'x'");
    configure(
        "validating",
        "v",
        hook("v.example.com", "CREATE", "configmaps").with("matchConditions", List.of(condition)));

    Wire.Answer refused = create("a");

    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "configmaps \"a\" is forbidden: expression 'object.none == 'x'' resulted in error:"
                + " no such key: none");
    assertThat(asked).isEmpty();
  }

  @Test
  void dryRunsAreNotShownToWhatHasSideEffects() throws Exception {
    configure("mutating", "m", hook("m.example.com", "CREATE", "configmaps"));
    Wire.Answer tried = admin.post(MAPS + "?dryRun=All", "{'metadata':{'name':'a'}}");
    assertThat(tried.code()).isEqualTo(201);
    assertThat(asked.getFirst().bool("dryRun")).isTrue();
  }

  @Test
  void warningsReachTheClient() throws Exception {
    configure("validating", "v", hook("v.example.com", "CREATE", "configmaps"));
    response = request -> allowed().with("warnings", List.of("mind the gap"));

    assertThat(create("a").headers("warning")).containsExactly("299 - \"mind the gap\"");
  }

  @Test
  void whatLiesBelowObjectsIsShownInItsOwnKind() throws Exception {
    configure(
        "validating",
        "v",
        hook(
            "v.example.com",
            "*",
            "deployments/scale,pods/eviction,pods/binding,serviceaccounts/token,pods/exec"));
    admin.post(
        "/apis/apps/v1/namespaces/default/deployments",
        "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},"
            + "'template':{'metadata':{'labels':{'a':'b'}},"
            + "'spec':{'containers':[{'name':'c','image':'y'}]}}}}");
    admin.patch(
        "merge-patch",
        "/apis/apps/v1/namespaces/default/deployments/d/scale",
        "{'spec':{'replicas':3}}");
    admin.post(
        "/api/v1/namespaces/default/pods",
        "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'y'}]}}");
    admin.post(
        "/api/v1/namespaces/default/pods/p/binding",
        "{'metadata':{'name':'p'},'target':{'name':'n'}}");
    admin.post("/api/v1/namespaces/default/pods/p/exec?command=ls&container=c&stdout=true", "");
    admin.post(
        "/api/v1/namespaces/default/pods/p/eviction",
        "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'p'}}");
    admin.post("/api/v1/namespaces/default/serviceaccounts", "{'metadata':{'name':'s'}}");
    admin.post(
        "/api/v1/namespaces/default/serviceaccounts/s/token", "{'spec':{'audiences':['x']}}");

    List<String> seen = new ArrayList<>();
    asked.forEach(
        each ->
            seen.add(
                each.string("operation")
                    + " "
                    + each.string("subResource")
                    + " "
                    + each.string("object", "kind")));
    assertThat(seen)
        .containsExactly(
            "UPDATE scale Scale",
            "CREATE binding Binding",
            "CONNECT exec PodExecOptions",
            "CREATE eviction Eviction",
            "CREATE token TokenRequest");
    assertThat(asked.get(0).struct("object").integer("spec", "replicas")).isEqualTo(3);
    assertThat(asked.get(0).struct("oldObject").integer("spec", "replicas")).isEqualTo(1);
    assertThat(asked.get(2).struct("object"))
        .isEqualTo(
            json(
                "{'kind':'PodExecOptions','apiVersion':'v1','stdout':true,'container':'c',"
                    + "'command':['ls']}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'uid':'other','allowed':true} | expected response.uid="UID", got "other"
          {'allowed':true,'patch':'W10='} | validating webhook may not return response.patch
          {'allowed':true,'patchType':'JSONPatch'} | validating webhook may not return response.patchType
          """)
  void anAnswerThatIsNoneIsSaidToBe(String answered, String text) throws Exception {
    configure("validating", "v", hook("v.example.com", "CREATE", "configmaps"));
    webhook.answers(
        review -> {
          asked.add(review.struct("request"));
          Struct told = json(answered);
          Struct whole = told.has("uid") ? told : told.with("uid", review.string("request", "uid"));
          return review.without("request").with("response", whole);
        });

    String uid = asked.isEmpty() ? "" : asked.getFirst().string("uid");
    String message = create("a").message();

    assertThat(uid).isEmpty();
    assertThat(message)
        .isEqualTo(
            "Internal error occurred: failed calling webhook \"v.example.com\": received invalid"
                + " webhook response: "
                + text.replace("UID", asked.getFirst().string("uid")));
  }

  @Test
  void aWebhookThatGuardsItsOwnBackendIsReported() throws Exception {
    Struct own =
        Struct.of(
            "service",
            Struct.of("namespace", "default", "name", "hook"),
            "caBundle",
            webhook.caBundle());
    Struct hook = hook("v.example.com", "CREATE", "pods,deployments").with("clientConfig", own);
    Struct configuration = Struct.of("metadata", Struct.of("name", "v"), "webhooks", List.of(hook));

    Wire.Answer made =
        admin.send("POST", GROUP + "validatingwebhookconfigurations", Json.text(configuration));

    assertThat(made.code()).isEqualTo(201);
    assertThat(made.headers("warning"))
        .containsExactly(
            "299 - \"webhook \\\"v.example.com\\\" guards what its own backend needs to start: pods,"
                + " deployments.apps in namespace \\\"default\\\", where its service \\\"hook\\\" is;"
                + " leave that namespace out by a namespaceSelector, or nothing can be made there"
                + " while the backend is gone\"");
    until(
        () ->
            admin.get("/api/v1/namespaces/default/events").json().structs("items").stream()
                .anyMatch(each -> each.string("reason").equals("WebhookGuardsItself")));
    Struct elsewhere =
        Struct.of("matchLabels", Struct.of("kubernetes.io/metadata.name", "kube-system"));
    Struct harmless =
        Struct.of(
            "metadata",
            Struct.of("name", "w"),
            "webhooks",
            List.of(hook.with("namespaceSelector", elsewhere)));
    assertThat(
            admin
                .send("POST", GROUP + "validatingwebhookconfigurations", Json.text(harmless))
                .headers("warning"))
        .isEmpty();
  }

  @Test
  void reviewsAreShownToWebhooks() throws Exception {
    configure("validating", "v", hook("v.example.com", "CREATE", "selfsubjectaccessreviews"));

    admin.post(
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        "{'spec':{'nonResourceAttributes':{'path':'/','verb':'get'}}}");

    assertThat(asked.getFirst().string("object", "kind")).isEqualTo("SelfSubjectAccessReview");
  }

  @Test
  void aChangeOfADeletionIsRefused() throws Exception {
    create("a");
    configure("mutating", "m", hook("m.example.com", "DELETE", "configmaps"));
    response = request -> patch("[{'op':'add','path':'/x','value':1}]");

    assertThat(admin.delete(MAPS + "/a", "").message())
        .isEqualTo(
            "Internal error occurred: admission webhook \"m.example.com\" attempted to modify the"
                + " object, which is not supported for this operation");
  }

  @Test
  void callsAreCounted() throws Exception {
    configure("validating", "v", hook("v.example.com", "CREATE", "configmaps"));
    create("a");
    response = request -> denied("{'message':'no','code':403}");
    create("b");

    Struct line = admin.get("/webhooks").json().structs("webhooks").getFirst();

    assertThat(line.string("webhook")).isEqualTo("v.example.com");
    assertThat(line.integer("calls")).isEqualTo(2);
    assertThat(line.integer("allowed")).isEqualTo(1);
    assertThat(line.integer("denied")).isEqualTo(1);
    assertThat(line.string("lastProblem")).endsWith("denied the request: no");
    assertThat(admin.get("/metrics").text())
        .contains(
            "apiserver_admission_webhook_request_total{code=\"403\",name=\"v.example.com\","
                + "operation=\"CREATE\",rejected=\"true\",type=\"validating\"} 1");
  }

  @Test
  void customObjectsAreShownInTheVersionThatIsAskedFor() throws Exception {
    admin.post(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        "{'metadata':{'name':'things.example.com'},'spec':{'group':'example.com','scope':'Namespaced',"
            + "'names':{'plural':'things','kind':'Thing'},'versions':["
            + "{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object',"
            + "'properties':{'spec':{'type':'object','properties':{'a':{'type':'integer'},"
            + "'b':{'type':'string','default':'d'}}}}}}},"
            + "{'name':'v2','served':true,'storage':false,'schema':{'openAPIV3Schema':{'type':'object',"
            + "'x-kubernetes-preserve-unknown-fields':true}}}]}}");
    until(() -> admin.get("/apis/example.com/v2/namespaces/default/things").code() == 200);
    Struct hook = hook("m.example.com", "CREATE", "things");
    Struct rule = rule("CREATE", "things").with("apiVersions", List.of("v1"));
    configure("mutating", "m", hook.with("rules", List.of(rule)));
    response = request -> patch("[{'op':'replace','path':'/spec/a','value':7}]");

    Struct made =
        admin
            .post(
                "/apis/example.com/v2/namespaces/default/things",
                "{'apiVersion':'example.com/v2','kind':'Thing','metadata':{'name':'t'},'spec':{'a':1}}")
            .json();

    assertThat(asked.getFirst().string("object", "apiVersion")).isEqualTo("example.com/v1");
    assertThat(asked.getFirst().string("requestKind", "version")).isEqualTo("v2");
    assertThat(made.string("apiVersion")).isEqualTo("example.com/v2");
    assertThat(made.struct("spec").integer("a")).isEqualTo(7);
    assertThat(made.string("spec", "b")).isEqualTo("d");
  }

  @Test
  void aSkippedWebhookIsNotAskedAndEveryAnswerSaysSo() throws Exception {
    ApiServerSettings settings = RunningServer.SETTINGS.skippingWebhooks(List.of("v.example.com"));
    try (RunningServer broken = new RunningServer(settings)) {
      Wire wire = new Wire(broken);
      Struct configuration =
          new StructBuilder()
              .add("metadata", Struct.of("name", "v"))
              .add("webhooks", List.of(hook("v.example.com", "CREATE", "configmaps")))
              .build();
      wire.send("POST", GROUP + "validatingwebhookconfigurations", Json.text(configuration));
      response = request -> denied("{}");

      Wire.Answer made = wire.post(MAPS, "{'metadata':{'name':'a'}}");

      assertThat(made.code()).isEqualTo(201);
      assertThat(made.headers("warning"))
          .containsExactly(
              "299 - \"admission webhook \\\"v.example.com\\\" was skipped, as --skip-webhook"
                  + " says\"");
      assertThat(asked).isEmpty();
    }
  }
}
