package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration;
import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration.Configured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that say which authorizers there are.
class AuthorizationConfigTest {

  private static final String HEAD =
      "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n";

  @TempDir private Path directory;

  private AuthorizationConfiguration read(String text) throws IOException {
    Path file = directory.resolve("authorization.yaml");
    Files.writeString(file, text);
    return AuthorizationConfiguration.read(file);
  }

  @Test
  void authorizersStandInTheirOrder() throws Exception {
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(kubeconfig, "{}");

    AuthorizationConfiguration read =
        read(
            HEAD
                + """
                authorizers:
                - type: Webhook
                  name: guard
                  webhook:
                    timeout: 3s
                    subjectAccessReviewVersion: v1
                    matchConditionSubjectAccessReviewVersion: v1
                    failurePolicy: Deny
                    cacheUnauthorizedRequests: false
                    connectionInfo: {type: KubeConfigFile, kubeConfigFile: %s}
                    matchConditions: [{expression: "has(request.resourceAttributes)"}]
                - {type: Node, name: node}
                - {type: RBAC, name: rbac}
                """
                    .formatted(kubeconfig));

    assertThat(read.authorizers().subList(1, 3))
        .isEqualTo(List.of(new Configured.Node(), new Configured.Rbac()));
    assertThat(read.authorizers().getFirst())
        .isInstanceOfSatisfying(
            Configured.Webhook.class,
            webhook -> {
              assertThat(webhook.settings().denyOnError()).isTrue();
              assertThat(webhook.settings().authorizedLife()).hasMinutes(5);
              assertThat(webhook.settings().unauthorizedLife()).isZero();
              assertThat(webhook.settings().timeout()).hasSeconds(3);
            });
  }

  private static final String HOOK =
      "{type: Webhook, name: x, webhook: {timeout: 3s, subjectAccessReviewVersion: v1,"
          + " failurePolicy: Deny, connectionInfo: {type: KubeConfigFile, kubeConfigFile: /dev},"
          + " MORE}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                            | authorizers: Required value: at least one authorization mode must be defined
          [{name: x}]                                   | authorizers[0].type: Required value
          [{type: Magic, name: x}]                      | authorizers[0].type: Unsupported value: "Magic": supported values: "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"
          [{type: RBAC}]                                | authorizers[0].name: Required value
          [{type: RBAC, name: x}]                       | expected name rbac for authorizer RBAC instead of x
          [{type: RBAC, name: rbac, webhook: {}}]       | authorizers[0].webhook: Invalid value: "non-null": may only be specified when type=Webhook
          [{type: Node, name: node}, {type: Node, name: n}] | authorizers[1].type: Duplicate value: "Node"
          [{type: Node, name: node}, {type: RBAC, name: node}] | authorizers[1].name: Duplicate value: "node"
          [{type: Webhook, name: x}]                    | authorizers[0].webhook: Required value: required when type=Webhook
          [{type: Webhook, name: x, webhook: {}}]       | authorizers[0].webhook.timeout: Required value
          [{type: Webhook, name: x, webhook: {timeout: 31s}}] | authorizers[0].webhook.timeout: Invalid value: "31s": must be > 0s and <= 30s
          [{type: Webhook, name: x, webhook: {failurePolicy: Maybe}}] | authorizers[0].webhook.failurePolicy: Unsupported value: "Maybe": supported values: "NoOpinion", "Deny"
          [{type: Webhook, name: x, webhook: {subjectAccessReviewVersion: v9}}] | authorizers[0].webhook.subjectAccessReviewVersion: Unsupported value: "v9": supported values: "v1", "v1beta1"
          [{type: Webhook, name: x, webhook: {authorizedTTL: -1s}}] | authorizers[0].webhook.authorizedTTL: Invalid value: "-1s": must be > 0s
          [{type: Webhook, name: x, webhook: {connectionInfo: {type: KubeConfigFile, kubeConfigFile: a}}}] | authorizers[0].webhook.connectionInfo.kubeConfigFile: Invalid value: "a": must be an absolute path
          [HOOK matchConditions: []] | authorizers[0].webhook.connectionInfo.kubeConfigFile: Invalid value: "/dev": must be a regular file
          [HOOK 'matchConditions: [{expression: "1"}]'] | authorizers[0].webhook.matchConditionSubjectAccessReviewVersion: Required value: required if match conditions are specified
          [HOOK 'matchConditions: [{expression: "1"}]'] | authorizers[0].webhook.matchConditions[0].expression: Invalid value: "1": must evaluate to bool
          [HOOK 'matchConditions: [{expression: "request.nothing"}]'] | undefined field 'nothing'
          """)
  void whatIsWrongIsSaid(String authorizers, String fault) {
    int hook = authorizers.indexOf("HOOK ");
    String list =
        hook < 0
            ? authorizers
            : "["
                + HOOK.replace(
                    "MORE",
                    authorizers
                        .substring(hook + "HOOK ".length(), authorizers.length() - 1)
                        .replace("'", ""))
                + "]";

    assertThatThrownBy(() -> read(HEAD + "authorizers: " + list + "\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fault);
  }

  @Test
  void anotherKindIsRefused() {
    assertThatThrownBy(() -> read("apiVersion: v1\nkind: Pod\n"))
        .hasMessageContaining("no kind \"Pod\" is registered for version \"v1\"");
  }
}
