package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.webhook.ServiceAddresses;
import dev.tiphys.apiserver.webhook.WebhookException;
import dev.tiphys.apiserver.webhook.Webhooks;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Webhooks are asked by URL and by Service, over TLS that must be the right one.
class WebhooksTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Struct REVIEW = Struct.of("kind", "Review");

  private final WebhookServer server = new WebhookServer(review -> review.with("seen", true));
  private final List<Struct> slices = new ArrayList<>();
  private Struct service =
      Struct.of(
          "metadata",
          Struct.of("name", "hook"),
          "spec",
          Struct.of("ports", List.of(Struct.of("name", "web", "port", 8443L))));
  private final Webhooks webhooks =
      new Webhooks(new ServiceAddresses(new Objects(), RunningServer.WORLD.random()));

  WebhooksTest() throws Exception {}

  @AfterEach
  void close() {
    server.close();
  }

  private final class Objects implements Lookup {
    @Override
    public @Nullable Struct find(String group, String plural, String namespace, String name) {
      return name.equals("hook") ? service : null;
    }

    @Override
    public List<Struct> list(String group, String plural, String namespace) {
      return slices;
    }
  }

  private void addSlice(String port, boolean ready) {
    slices.add(
        Struct.of(
            "metadata",
            Struct.of("labels", Struct.of("kubernetes.io/service-name", "hook")),
            "endpoints",
            List.of(
                Struct.of(
                    "addresses", List.of("127.0.0.1"), "conditions", Struct.of("ready", ready))),
            "ports",
            List.of(Struct.of("name", port, "port", (long) server.port()))));
  }

  private Struct byService(String name) {
    Struct named = Struct.of("namespace", "default", "name", name, "port", 8443L);
    return Struct.of("service", named.with("path", "/review"), "caBundle", server.caBundle());
  }

  private Struct byUrl(String authority) {
    return Struct.of("url", server.url(), "caBundle", authority);
  }

  @Test
  void aWebhookIsAskedByItsUrl() throws Exception {
    assertThat(webhooks.call(byUrl(server.caBundle()), REVIEW, LIMIT).bool("seen")).isTrue();
  }

  @Test
  void aServiceIsAskedAtAReadyEndpointOfTheRightPort() throws Exception {
    addSlice("other", true);
    addSlice("web", false);
    assertThatThrownBy(() -> webhooks.call(byService("hook"), REVIEW, LIMIT))
        .isInstanceOf(WebhookException.class)
        .hasMessage(
            "Post \"https://hook.default.svc:8443/review?timeout=20s\": no endpoints available for"
                + " service \"hook\"");

    addSlice("web", true);

    assertThat(webhooks.call(byService("hook"), REVIEW, LIMIT).bool("seen")).isTrue();
  }

  @Test
  void aServiceWithoutThePortIsRefused() {
    service = service.withAt(List.of(), "spec", "ports");

    assertThatThrownBy(() -> webhooks.call(byService("hook"), REVIEW, LIMIT))
        .hasMessageEndingWith(": no service port 8443 found for service \"hook\"");
    assertThatThrownBy(() -> webhooks.call(byService("none"), REVIEW, LIMIT))
        .hasMessageEndingWith(": service \"none\" not found");
  }

  @Test
  void aWebhookOfAnotherAuthorityIsNotBelieved() throws Exception {
    try (WebhookServer other = new WebhookServer(review -> review)) {
      assertThatThrownBy(() -> webhooks.call(byUrl(other.caBundle()), REVIEW, LIMIT))
          .isInstanceOf(WebhookException.class)
          .hasMessageStartingWith("Post \"" + server.url() + "?timeout=20s\": ");
    }
  }

  @Test
  void aWebhookThatIsGoneIsSaidToBe() {
    Struct config = byUrl(server.caBundle());
    server.close();

    assertThatThrownBy(() -> webhooks.call(config, REVIEW, LIMIT))
        .isInstanceOf(WebhookException.class)
        .hasMessageStartingWith("Post \"" + server.url() + "?timeout=20s\": ");
  }
}
