package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A program elsewhere decides which images run: those that are called good.
class ImagePolicyTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";

  @TempDir private Path directory;

  private final List<Struct> asked = new CopyOnWriteArrayList<>();
  private final WebhookServer webhook = new WebhookServer(this::answer);
  private RunningServer server;

  ImagePolicyTest() throws Exception {}

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
    webhook.close();
  }

  private Struct answer(Struct review) {
    Struct spec = review.struct("spec");
    asked.add(spec);
    boolean good =
        spec.structs("containers").stream()
            .allMatch(each -> each.string("image").startsWith("good"));
    Struct notes = Struct.of("checked", "yes");
    Struct status = Struct.of("allowed", good, "auditAnnotations", notes);
    return review.with("status", good ? status : status.with("reason", "not good"));
  }

  private Wire start(String url, String more) throws IOException {
    Path kubeconfig = directory.resolve("images.kubeconfig");
    Kubeconfig.of("images", new Kubeconfig.Access(url, webhook.authority(), "", "", ""))
        .write(kubeconfig);
    server = new RunningServer(RunningServer.SETTINGS.with(settings(kubeconfig.toString(), more)));
    return new Wire(server);
  }

  private static AdmissionSettings settings(String kubeconfig, String more) {
    Struct configuration =
        Json.struct(
            Wire.json("{'imagePolicy':{'kubeConfigFile':'" + kubeconfig + "'" + more + "}}"));
    return new AdmissionSettings(
        Set.of("ImagePolicyWebhook"),
        Set.of("ServiceAccount"),
        Map.of("ImagePolicyWebhook", configuration),
        Set.of());
  }

  private static String pod(String name, String image) {
    return "{'metadata':{'name':'"
        + name
        + "','annotations':{'mine.image-policy.k8s.io/ticket':'7','other':'x'}},"
        + "'spec':{'containers':[{'name':'c','image':'"
        + image
        + "'}],'initContainers':[{'name':'i','image':'good/init'}]}}";
  }

  @Test
  void imagesAreReviewedBeforeTheyRun() throws Exception {
    Wire wire = start(webhook.url(), "");

    assertThat(wire.post(PODS, pod("a", "good/a")).code()).isEqualTo(201);
    assertThat(asked)
        .containsExactly(
            Json.struct(
                Wire.json(
                    "{'containers':[{'image':'good/a'},{'image':'good/init'}],"
                        + "'annotations':{'mine.image-policy.k8s.io/ticket':'7'},"
                        + "'namespace':'default'}")));

    Wire.Answer refused = wire.post(PODS, pod("b", "bad"));
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "pods \"b\" is forbidden: image policy webhook backend denied one or more images: not"
                + " good");
  }

  @Test
  void answersAreRememberedForAWhile() throws Exception {
    Wire wire = start(webhook.url(), ",'denyTTL':-1");
    wire.post(PODS, pod("a", "good/a"));
    wire.post(PODS, pod("b", "good/a"));
    assertThat(asked).hasSize(1);

    wire.post(PODS, pod("c", "bad"));
    wire.post(PODS, pod("c", "bad"));
    assertThat(asked).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"false, 403", "true, 201"})
  void whetherFailuresAreIgnoredIsSet(boolean ignored, int code) throws Exception {
    Wire wire = start("https://127.0.0.1:1/", ",'defaultAllow':" + ignored);

    Wire.Answer answer = wire.post(PODS, pod("a", "bad"));
    assertThat(answer.code()).isEqualTo(code);
    assertThat(ignored || answer.message().contains("Post \"https://127.0.0.1:1/\"")).isTrue();
  }

  @Test
  void settingsMustMakeSense() {
    assertThatThrownBy(() -> start(webhook.url(), ",'allowTTL':3600"))
        .hasMessage("valid value is between 1s and 30m0s, got 1h0m0s");
    assertThatThrownBy(
            () ->
                new RunningServer(
                    RunningServer.SETTINGS.with(
                        AdmissionSettings.DEFAULT.with("ImagePolicyWebhook"))))
        .hasMessage("no config specified");
  }
}
