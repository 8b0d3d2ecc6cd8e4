package dev.tiphys.secrets.provider.webhook;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.ProviderContract;
import dev.tiphys.secrets.provider.Trait;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Web servers keep to what all stores keep to, as far as they can: what a property is, is the
/// server's to say.
class WebhookContractTest extends ProviderContract {

  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    server = new WebServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  protected Set<Trait> traits() {
    return EnumSet.of(Trait.OPAQUE, Trait.WRITES);
  }

  @Override
  protected Provider provider() {
    return new WebhookProvider();
  }

  @Override
  protected Struct settings() {
    return Struct.of(
        "url",
        server.place()
            + "/{{ if .remoteRef.remoteKey }}{{ .remoteRef.remoteKey }}"
            + "{{ else }}{{ .remoteRef.key }}{{ end }}");
  }

  @Override
  protected String have(String key, String json) {
    server.contents.put("/" + key, json);
    return "";
  }
}
