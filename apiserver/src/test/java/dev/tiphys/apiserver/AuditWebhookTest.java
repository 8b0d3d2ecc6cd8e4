package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.audit.AuditEvent;
import dev.tiphys.apiserver.audit.AuditMetrics;
import dev.tiphys.apiserver.audit.AuditPolicy;
import dev.tiphys.apiserver.audit.Auditor;
import dev.tiphys.apiserver.audit.WebhookBackend;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.store.embedded.EmbeddedStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events sent to another program, over TLS.
class AuditWebhookTest {

  @TempDir Path directory;
  private final AuditMetrics metrics = new AuditMetrics();

  private WebhookBackend backend(WebhookServer webhook) throws Exception {
    Path kubeconfig =
        Files.writeString(
            directory.resolve("audit.kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            clusters:
            - {name: a, cluster: {server: "%s", certificate-authority-data: %s}}
            contexts:
            - {name: a, context: {cluster: a, user: a}}
            current-context: a
            users:
            - {name: a, user: {token: secret}}
            """
                .formatted(
                    webhook.url(),
                    Base64.getEncoder().encodeToString(webhook.authority().getBytes(UTF_8))));
    return new WebhookBackend(RunningServer.WORLD, kubeconfig, Duration.ofMillis(1), metrics);
  }

  @Test
  void eventsComeAsAList() throws Exception {
    LinkedBlockingQueue<Struct> received = new LinkedBlockingQueue<>();
    AtomicInteger calls = new AtomicInteger();
    try (WebhookServer webhook =
            WebhookServer.answering(
                exchange -> {
                  Struct list = Json.struct(exchange.getRequestBody().readAllBytes());
                  boolean fails = calls.getAndIncrement() == 0; // it is sent again
                  if (!fails) {
                    received.add(list);
                  }
                  WebhookServer.send(exchange, fails ? 503 : 200, new byte[] {'{', '}'});
                });
        RunningServer server =
            new RunningServer(
                EmbeddedStore.inMemory(RunningServer.WORLD),
                RunningServer.SETTINGS.auditedBy(
                    new Auditor(
                        RunningServer.WORLD,
                        AuditPolicy.read(
                            Files.writeString(
                                directory.resolve("policy.yaml"),
                                "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n"
                                    + "- {level: Metadata, users: [ann]}")),
                        backend(webhook),
                        metrics)))) {
      assertThat(new Wire(server).get("/version").code()).isEqualTo(200);
      Struct list = received.poll(20, TimeUnit.SECONDS);
      assertThat(list.string("kind")).isEqualTo("EventList");
      assertThat(list.string("apiVersion")).isEqualTo("audit.k8s.io/v1");
      assertThat(list.structs("items")).hasSize(1);
      assertThat(list.structs("items").getFirst().string("stage")).isEqualTo("RequestReceived");
      assertThat(received.poll(20, TimeUnit.SECONDS).structs("items").getFirst().string("stage"))
          .isEqualTo("ResponseComplete");
    }
  }

  @Test
  void whatIsRefusedForGoodIsCounted() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (WebhookServer webhook =
        WebhookServer.answering(
            exchange -> {
              calls.incrementAndGet();
              WebhookServer.send(exchange, 400, new byte[0]);
            })) {
      assertThat(backend(webhook).process(List.<AuditEvent>of())).isFalse();
      assertThat(calls).hasValue(5);
      Exposition out = new Exposition();
      metrics.write(out);
      assertThat(out.toString()).contains("apiserver_audit_error_total{plugin=\"webhook\"}");
    }
  }
}
