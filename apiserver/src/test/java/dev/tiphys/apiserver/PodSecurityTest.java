package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.object.encoding.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Namespaces that restrict their Pods, as clients meet them.
class PodSecurityTest {

  private static final String RESTRICTED =
      "would violate PodSecurity \\\"restricted:latest\\\": allowPrivilegeEscalation != false (container"
          + " \\\"c\\\" must set securityContext.allowPrivilegeEscalation=false), unrestricted"
          + " capabilities (container \\\"c\\\" must set securityContext.capabilities.drop=[\\\"ALL\\\"]),"
          + " runAsNonRoot != true (pod or container \\\"c\\\" must set"
          + " securityContext.runAsNonRoot=true), seccompProfile (pod or container \\\"c\\\" must set"
          + " securityContext.seccompProfile.type to \\\"RuntimeDefault\\\" or \\\"Localhost\\\")";

  private static RunningServer server;
  private static Wire wire;
  private static int count;

  @BeforeAll
  static void start() throws Exception {
    String configuration =
        """
        {'apiVersion':'pod-security.admission.config.k8s.io/v1','kind':'PodSecurityConfiguration',
         'exemptions':{'usernames':['trusted'],'namespaces':['exempt'],'runtimeClasses':['kata']}}
        """;
    server =
        new RunningServer(
            ApiServerSettings.standard()
                .with(
                    AdmissionSettings.DEFAULT.configured(
                        "PodSecurity", Json.struct(Wire.json(configuration)))));
    wire = new Wire(server);
    create("/apis/node.k8s.io/v1/runtimeclasses", "{'metadata':{'name':'kata'},'handler':'h'}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void create(String path, String single) throws Exception {
    Wire.Answer answer = wire.post(path, single);
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
  }

  /// Makes a namespace with labels. Returns its name.
  private static String namespace(String labels) throws Exception {
    String name = "n" + count++;
    create("/api/v1/namespaces", "{'metadata':{'name':'" + name + "','labels':{" + labels + "}}}");
    return name;
  }

  private static String label(String mode, String level) {
    return "'pod-security.kubernetes.io/" + mode + "':'" + level + "'";
  }

  private static String pod(String spec) {
    return "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'}]" + spec + "}}";
  }

  @Test
  void aPodThatViolatesWhatIsEnforcedIsRefused() throws Exception {
    String namespace = namespace(label("enforce", "restricted"));

    Wire.Answer answer = wire.post("/api/v1/namespaces/" + namespace + "/pods", pod(""));

    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.reason()).isEqualTo("Forbidden");
    assertThat(answer.message())
        .isEqualTo(
            "pods \"p\" is forbidden: "
                + RESTRICTED.replace("would violate", "violates").replace("\\\"", "\""));
    assertThat(answer.headers("warning")).isEmpty();
  }

  /// The baseline is enforced and more is warned of: what makes Pods is let pass with a warning of
  /// both, its Pods are not.
  @Test
  void aTemplateIsWarnedOfAndItsPodsAreRefused() throws Exception {
    String namespace = namespace(label("enforce", "baseline") + "," + label("warn", "restricted"));
    String spec = pod(",'hostNetwork':true").replace("'name':'p'", "'labels':{'a':'b'}");

    Wire.Answer deployment =
        wire.post(
            "/apis/apps/v1/namespaces/" + namespace + "/deployments",
            "{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':"
                + spec
                + "}}");
    Wire.Answer pod =
        wire.post("/api/v1/namespaces/" + namespace + "/pods", pod(",'hostNetwork':true"));

    assertThat(deployment.code()).as(deployment.text()).isEqualTo(201);
    assertThat(deployment.headers("warning"))
        .containsExactly(
            "299 - \""
                + RESTRICTED.replace(
                    "latest\\\": ", "latest\\\": host namespaces (hostNetwork=true), ")
                + "\"");
    assertThat(pod.code()).isEqualTo(403);
    assertThat(pod.message())
        .isEqualTo(
            "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces"
                + " (hostNetwork=true)");
  }

  @Test
  void aPodThatOnlyWarningsForbidIsMade() throws Exception {
    String namespace = namespace(label("warn", "restricted"));

    Wire.Answer answer = wire.post("/api/v1/namespaces/" + namespace + "/pods", pod(""));

    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.headers("warning")).containsExactly("299 - \"" + RESTRICTED + "\"");
  }

  @Test
  void aNamespaceThatIsToEnforceMoreTellsOfItsPods() throws Exception {
    String namespace = namespace("");
    create("/api/v1/namespaces/" + namespace + "/pods", pod(",'hostPID':true"));
    create(
        "/api/v1/namespaces/" + namespace + "/pods",
        pod(",'hostPID':true").replace("'name':'p'", "'name':'o'"));
    create(
        "/api/v1/namespaces/" + namespace + "/pods", pod("").replace("'name':'p'", "'name':'q'"));

    Wire.Answer answer =
        wire.patch(
            "merge-patch",
            "/api/v1/namespaces/" + namespace,
            "{'metadata':{'labels':{" + label("enforce", "baseline") + "}}}");

    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.headers("warning"))
        .containsExactly(
            "299 - \"existing pods in namespace \\\""
                + namespace
                + "\\\" violate the new PodSecurity enforce level \\\"baseline:latest\\\"\"",
            "299 - \"o (and 1 other pod): host namespaces\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enforce | strict | must be one of privileged, baseline, restricted",
        "warn | '' | must be one of privileged, baseline, restricted",
        "audit-version | 1.2 | must be \"latest\" or \"v1.x\""
      })
  void labelsThatMeanNothingAreRefused(String mode, String level, String problem) throws Exception {
    Wire.Answer answer =
        wire.post(
            "/api/v1/namespaces",
            "{'metadata':{'name':'bad','labels':{" + label(mode, level) + "}}}");

    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .isEqualTo(
            "Namespace \"bad\" is invalid: metadata.labels[pod-security.kubernetes.io/"
                + mode
                + "]: Invalid value: \""
                + level
                + "\": "
                + problem);
  }

  @Test
  void whatIsExemptIsNotLookedAt() throws Exception {
    String namespace = namespace(label("enforce", "restricted"));
    String path = "/api/v1/namespaces/" + namespace + "/pods";
    Acting trusted = Acting.as(wire, "trusted", "system:masters");

    assertThat(trusted.post(path, pod("")).code()).isEqualTo(201);
    assertThat(
            wire.post(path, pod(",'runtimeClassName':'kata'").replace("'name':'p'", "'name':'r'"))
                .code())
        .isEqualTo(201);

    Wire.Answer exempt =
        wire.post(
            "/api/v1/namespaces",
            "{'metadata':{'name':'exempt','labels':{" + label("enforce", "baseline") + "}}}");
    assertThat(exempt.headers("warning"))
        .containsExactly(
            "299 - \"namespace \\\"exempt\\\" is exempt from Pod Security, and the policy"
                + " (enforce=baseline:latest) will be ignored\"");
    assertThat(wire.post("/api/v1/namespaces/exempt/pods", pod(",'hostPID':true")).code())
        .isEqualTo(201);
  }

  @Test
  void anEphemeralContainerIsLookedAtTooAndALabelIsNot() throws Exception {
    String namespace = namespace("");
    String path = "/api/v1/namespaces/" + namespace + "/pods";
    create(path, pod(",'hostPID':true"));
    wire.patch(
        "merge-patch",
        "/api/v1/namespaces/" + namespace,
        "{'metadata':{'labels':{" + label("enforce", "baseline") + "}}}");

    Wire.Answer labelled =
        wire.patch("merge-patch", path + "/p", "{'metadata':{'labels':{'a':'b'}}}");
    Wire.Answer debugged =
        wire.patch(
            "strategic-merge-patch",
            path + "/p/ephemeralcontainers",
            "{'spec':{'ephemeralContainers':[{'name':'e','image':'i','securityContext':{'privileged':true}}]}}");

    assertThat(labelled.code()).as(labelled.text()).isEqualTo(200);
    assertThat(debugged.code()).isEqualTo(403);
    assertThat(debugged.message())
        .isEqualTo(
            "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces"
                + " (hostPID=true), privileged (container \"e\" must not set"
                + " securityContext.privileged=true)");
  }

  /// What Pod Security has replaced is not served any more.
  @Test
  void thereAreNoPodSecurityPolicies() throws Exception {
    assertThat(wire.get("/apis/policy/v1beta1/podsecuritypolicies").code()).isEqualTo(404);
    assertThat(wire.get("/apis/policy/v1").text()).doesNotContain("podsecuritypolicies");
  }
}
