package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration;
import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration.Configured;
import dev.tiphys.apiserver.authorization.webhook.WebhookSettings;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program elsewhere decides: it allows `bob` to list, denies `eve` everything, and has no
/// opinion of others.
class AuthorizationWebhookTest {

  private static final String SECRETS = "/api/v1/namespaces/default/secrets";

  @TempDir private Path directory;

  private final List<Struct> asked = new CopyOnWriteArrayList<>();
  private final WebhookServer webhook = new WebhookServer(this::answer);
  private final RunningServer server = new RunningServer();
  private final Wire admin = new Wire(server);

  AuthorizationWebhookTest() throws Exception {}

  private Struct answer(Struct review) {
    Struct spec = review.struct("spec");
    asked.add(spec);
    Struct status =
        switch (spec.string("user")) {
          case "bob" ->
              Struct.of(
                  "allowed",
                  spec.string("resourceAttributes", "verb").equals("list"),
                  "reason",
                  "");
          case "eve" -> Struct.of("allowed", false, "denied", true, "reason", "eve is out");
          default -> Struct.of("allowed", false, "reason", "unknown user");
        };
    return review.with("status", status);
  }

  @BeforeEach
  void connect() throws IOException {
    use(webhook.url(), Duration.ofMinutes(1), false, List.of());
  }

  private void use(String url, Duration life, boolean denies, List<String> conditions)
      throws IOException {
    Path kubeconfig = directory.resolve("webhook.kubeconfig");
    Kubeconfig.of("hook", new Kubeconfig.Access(url, webhook.authority(), "", "", ""))
        .write(kubeconfig);
    WebhookSettings settings =
        new WebhookSettings(
            kubeconfig, "v1", Duration.ofMinutes(1), life, life, denies, conditions);
    server.authorizeBy(
        new AuthorizationConfiguration(
            List.of(new Configured.Webhook(settings), new Configured.Rbac())));
  }

  @AfterEach
  void close() {
    server.close();
    webhook.close();
  }

  private Wire.Answer list(String user) throws Exception {
    return Acting.as(admin, user, "team").get(SECRETS);
  }

  @Test
  void itsAnswerCounts() throws Exception {
    assertThat(list("bob").code()).isEqualTo(200);
    assertThat(list("eve").message()).endsWith(": eve is out");
    assertThat(list("ann").message()).endsWith(": unknown user");
    assertThat(Acting.as(admin, "bob", "team").get(SECRETS + "/x").code()).isEqualTo(403);
  }

  @Test
  void whatItDeniesNoOtherAllows() throws Exception {
    for (String user : List.of("ann", "eve")) {
      admin.post(
          "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
          "{'metadata':{'name':'%s'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'cluster-admin'},'subjects':[{'apiGroup':'rbac.authorization.k8s.io','kind':'User','name':'%s'}]}"
              .formatted(user, user));
    }

    assertThat(list("ann").code()).isEqualTo(200);
    assertThat(list("eve").code()).isEqualTo(403);
  }

  @Test
  void itIsToldWhatIsAskedFor() throws Exception {
    Acting.as(admin, "bob", "team")
        .get(SECRETS + "?fieldSelector=metadata.name%3Da&labelSelector=b");

    assertThat(asked)
        .singleElement()
        .satisfies(
            spec -> {
              Struct resource = spec.struct("resourceAttributes");
              assertThat(spec.strings("groups")).containsExactly("team", "system:authenticated");
              assertThat(resource.string("resource")).isEqualTo("secrets");
              assertThat(resource.string("name")).isEqualTo("a");
              assertThat(resource.struct("fieldSelector").toString())
                  .isEqualTo(
                      "{\"requirements\":[{\"key\":\"metadata.name\",\"operator\":\"In\",\"values\":[\"a\"]}]}");
              assertThat(resource.struct("labelSelector").toString())
                  .isEqualTo("{\"requirements\":[{\"key\":\"b\",\"operator\":\"Exists\"}]}");
            });
  }

  @Test
  void anAnswerIsRememberedForAWhile() throws Exception {
    list("bob");
    list("bob");
    list("ann");
    list("ann");
    assertThat(asked).hasSize(2);

    use(webhook.url(), Duration.ZERO, false, List.of());
    list("bob");
    list("bob");
    assertThat(asked).hasSize(4);
  }

  @Test
  void itIsAskedOnlyIfItsConditionsHold() throws Exception {
    use(
        webhook.url(),
        Duration.ZERO,
        false,
        List.of("has(request.resourceAttributes)", "request.user != 'bob'"));

    assertThat(list("bob").code()).isEqualTo(403);
    assertThat(Acting.as(admin, "ann", "team").get("/metrics").code()).isEqualTo(403);
    assertThat(asked).isEmpty();
    list("ann");
    assertThat(asked).hasSize(1);
  }

  @Test
  void aConditionThatFailsCountsAsAFailure() throws Exception {
    use(webhook.url(), Duration.ZERO, true, List.of("request.extra['a'][0] == 'b'"));

    Wire.Answer answer = list("bob");
    assertThat(answer.code()).isEqualTo(500);
    assertThat(answer.message()).contains("cel evaluation error: expression 'request.extra[");
    assertThat(asked).isEmpty();
  }

  @Test
  void whatCannotBeAskedIsAnErrorUnlessAnotherAllowsIt() throws Exception {
    use("https://127.0.0.1:1", Duration.ZERO, false, List.of());
    assertThat(list("bob").code()).isEqualTo(500);
    assertThat(Acting.as(admin, "bob").get("/api").code()).isEqualTo(200); // a role does

    use("https://127.0.0.1:1", Duration.ZERO, true, List.of());
    assertThat(Acting.as(admin, "bob").get("/api").code()).isEqualTo(500);
  }

  @Test
  void mastersPassWithoutIt() throws Exception {
    use("https://127.0.0.1:1", Duration.ZERO, true, List.of());

    assertThat(admin.get(SECRETS).code()).isEqualTo(200);
  }
}
