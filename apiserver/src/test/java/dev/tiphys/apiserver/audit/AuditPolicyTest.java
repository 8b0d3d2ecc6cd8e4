package dev.tiphys.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.request.UserInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditPolicyTest {

  private static final UserInfo BOB = UserInfo.of("bob", "team", "system:authenticated");

  @TempDir Path directory;

  private AuditPolicy policy(String text) throws IOException {
    return AuditPolicy.read(
        Files.writeString(
            directory.resolve("policy.yaml"),
            "apiVersion: audit.k8s.io/v1\nkind: Policy\n" + text));
  }

  /// Whether a rule matches what bob does with a resource, `group/resource/subresource`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "users: [bob] | get | `/pods/` | true",
        "users: [ann] | get | `/pods/` | false",
        "userGroups: [team] | get | `/pods/` | true",
        "userGroups: [other] | get | `/pods/` | false",
        "verbs: [get, list] | get | `/pods/` | true",
        "verbs: [list] | get | `/pods/` | false",
        "namespaces: [default] | get | `/pods/` | true",
        "namespaces: [''] | get | `/pods/` | false",
        "resources: [{group: ''}] | get | `/pods/` | true",
        "resources: [{group: ''}] | get | `apps/deployments/` | false",
        "resources: [{group: '*'}] | get | `apps/deployments/scale` | true",
        "resources: [{group: '', resources: [pods]}] | get | `/pods/` | true",
        "resources: [{group: '', resources: [pods]}] | get | `/pods/log` | false",
        "resources: [{group: '', resources: [pods/log]}] | get | `/pods/log` | true",
        "resources: [{group: '', resources: [pods/*]}] | get | `/pods/log` | true",
        "resources: [{group: '', resources: [pods/*]}] | get | `/pods/` | true",
        "resources: [{group: '', resources: ['*/log']}] | get | `/pods/log` | true",
        "resources: [{group: '', resources: ['*/log']}] | get | `/pods/exec` | false",
        "resources: [{group: '', resources: ['*']}] | get | `/pods/log` | true",
        "resources: [{group: '', resources: [pods], resourceNames: [one]}] | get | `/pods/` | true",
        "resources: [{group: '', resources: [pods], resourceNames: [other]}] | get | `/pods/` | false",
        "nonResourceURLs: ['*'] | get | `/pods/` | false",
      })
  void rulesMatchResources(String rule, String verb, String resource, boolean matches)
      throws IOException {
    String[] parts = resource.split("/", -1);
    Subject subject = new Subject.OfResource(parts[0], "v1", parts[1], parts[2], "default", "one");
    assertThat(policy("rules: [{level: Metadata, " + rule + "}]").of(BOB, verb, subject).level())
        .isEqualTo(matches ? Level.METADATA : Level.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "'*',/metrics,true",
    "/metrics,/metrics,true",
    "/healthz*,/healthz/ping,true",
    "/healthz,/healthz/ping,false",
  })
  void rulesMatchPaths(String rule, String path, boolean matches) throws IOException {
    AuditPolicy policy = policy("rules: [{level: Metadata, nonResourceURLs: ['" + rule + "']}]");
    assertThat(policy.of(BOB, "get", new Subject.OfPath(path)).level())
        .isEqualTo(matches ? Level.METADATA : Level.NONE);
  }

  @Test
  void theFirstRuleThatMatchesCounts() throws IOException {
    AuditPolicy policy =
        policy(
            "omitStages: [RequestReceived]\nomitManagedFields: true\nrules:\n"
                + "- {level: Request, users: [bob], omitStages: [Panic], omitManagedFields: false}\n"
                + "- {level: RequestResponse}");
    AuditPolicy.Recording recording = policy.of(BOB, "get", new Subject.OfPath("/"));
    assertThat(recording.level()).isEqualTo(Level.REQUEST);
    assertThat(recording.omitted()).containsExactlyInAnyOrder(Stage.REQUEST_RECEIVED, Stage.PANIC);
    assertThat(recording.omitsManagers()).isFalse();
    assertThat(policy.of(null, "get", new Subject.OfPath("/")))
        .as("nobody in particular")
        .matches(other -> other.level() == Level.REQUEST_RESPONSE && other.omitsManagers());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rules: [] | loaded illegal policy with 0 rules",
        "rules: [{}] | rules[0].level: Required value",
        "rules: [{level: All}] | rules[0].level: Unsupported value: \"All\": supported values:"
            + " \"None\", \"Metadata\", \"Request\", \"RequestResponse\"",
        "rules: [{level: None, nonResourceURLs: [metrics]}] | rules[0].nonResourceURLs[0]: Invalid"
            + " value: \"metrics\": non-resource URL rules must begin with a '/' character",
        "rules: [{level: None, nonResourceURLs: ['/*/a']}] | non-resource URL wildcards '*' must be"
            + " the final character of the rule",
        "rules: [{level: None, nonResourceURLs: [/a], namespaces: [b]}] | rules[0].nonResourceURLs:"
            + " Invalid value: [\"/a\"]: rules cannot apply to both regular resources and"
            + " non-resource URLs",
        "rules: [{level: None, resources: [{group: a/v1}]}] | rules[0].resources.group: Invalid"
            + " value: \"a/v1\"",
        "rules: [{level: None, resources: [{resourceNames: [a]}]}] |"
            + " rules[0].resources.resourceNames: Invalid value: [\"a\"]: using resourceNames"
            + " requires at least one resource",
        "rules: [{level: None, omitStages: [Begin]}] | rules[0].omitStages[0]: Invalid value:"
            + " \"Begin\": allowed stages are"
            + " RequestReceived,ResponseStarted,ResponseComplete,Panic",
      })
  void saysWhatIsWrong(String rules, String message) {
    assertThatThrownBy(() -> policy(rules))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageEndingWith(": from file " + directory.resolve("policy.yaml"));
  }
}
