package dev.tiphys.apiserver.admission.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.admission.Admission.Operation;
import dev.tiphys.apiserver.admission.Admission.Request;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.ResourceTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the audit log is told of Pods.
class AnnotationsTest {

  private static final PodSecurityConfiguration CONFIGURATION =
      new PodSecurityConfiguration(
          Policy.PRIVILEGED, Set.of("trusted"), Set.of("exempt"), Set.of("kata"));

  private static Map<String, String> annotations(
      String plural, String labels, String user, String namespace, String object) {
    Lookup lookup =
        new Lookup() {
          @Override
          public @Nullable Struct find(String group, String kind, String in, String name) {
            return Yaml.struct("{metadata: {labels: {" + labels + "}}}");
          }

          @Override
          public List<Struct> list(String group, String kind, String in) {
            return List.of();
          }
        };
    Call call = new Call(UserInfo.of(user), user, 0, false);
    Request request =
        new Request(
            call,
            Operation.CREATE,
            ResourceTable.builtIn().stream()
                .filter(each -> each.groupResource().equals(plural))
                .findFirst()
                .orElseThrow(),
            "",
            namespace,
            "x");
    new PodSecurity(lookup, CONFIGURATION, new PodSecurityMetrics())
        .validate(request, Yaml.struct(object), null);
    return call.annotations();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pods | '' | me | a | '' | {enforce-policy=privileged:latest}",
        "pods | 'pod-security.kubernetes.io/audit: baseline' | me | a | 'hostPID: true' | {enforce-policy=privileged:latest, audit-violations=would violate PodSecurity \"baseline:latest\": host namespaces (hostPID=true)}",
        "deployments.apps | 'pod-security.kubernetes.io/audit: baseline' | me | a | 'hostPID: true' | {audit-violations=would violate PodSecurity \"baseline:latest\": host namespaces (hostPID=true)}",
        "pods | 'pod-security.kubernetes.io/audit: baseline' | trusted | a | 'hostPID: true' | {exempt=user}",
        "pods | 'pod-security.kubernetes.io/audit: baseline' | me | exempt | 'hostPID: true' | {exempt=namespace}",
        "pods | 'pod-security.kubernetes.io/audit: baseline' | me | a | 'runtimeClassName: kata' | {exempt=runtimeClass}",
        "pods | 'pod-security.kubernetes.io/audit: odd, pod-security.kubernetes.io/enforce: baseline' | me | a | '' | {error=Failed to parse policy: metadata.labels[pod-security.kubernetes.io/audit]: Invalid value: \"odd\": must be one of privileged, baseline, restricted, enforce-policy=baseline:latest}"
      })
  void theAuditLogIsTold(
      String plural, String labels, String user, String namespace, String spec, String told) {
    String pod = "spec: {" + spec + "}";
    String object = plural.equals("pods") ? "{" + pod + "}" : "{spec: {template: {" + pod + "}}}";

    Map<String, String> annotations = annotations(plural, labels, user, namespace, object);

    assertThat(
            annotations
                .toString()
                .replace(Policy.PREFIX + "e", "e")
                .replace(Policy.PREFIX + "audit-v", "audit-v"))
        .isEqualTo(told);
  }
}
