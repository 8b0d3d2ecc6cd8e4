package dev.tiphys.secrets.provider.webhook;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.Capabilities;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreContext;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.template.Functions;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Stores that are any web server.
public final class WebhookProvider implements Provider {

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public Capabilities capabilities(Store store) {
    return Capabilities.READ_WRITE;
  }

  @Override
  public Optional<String> problem(Store store) {
    return WebhookCalls.problem(store.settings());
  }

  @Override
  public OpenStore open(StoreContext context) {
    problem(context.store())
        .ifPresent(
            problem -> {
              throw new StoreException(problem);
            });
    // Templates are given the namespace that asks.
    String namespace = context.references().namespaceOf(Struct.EMPTY);
    return new Opened(
        new WebhookCalls(
            context.settings(),
            context.store().isCluster(),
            context.references(),
            context.transport(),
            Functions.externalSecrets(context.world())),
        namespace);
  }

  private record Opened(WebhookCalls calls, String namespace) implements OpenStore {

    @Override
    public byte[] read(RemoteReference reference) throws InterruptedException {
      return calls.ask(remote(reference)).value();
    }

    @Override
    public Map<String, byte[]> readAll(RemoteReference reference) throws InterruptedException {
      return calls.ask(remote(reference)).fields();
    }

    private Map<String, String> remote(RemoteReference reference) {
      return Map.of(
          "key", reference.key(),
          "version", reference.version(),
          "property", reference.property(),
          "namespace", namespace);
    }

    @Override
    public Map<String, byte[]> find(Search search) {
      throw new StoreException("not implemented"); // there is no way to say what to look for
    }

    @Override
    public Validity validate() throws InterruptedException {
      calls.reach();
      return Validity.READY;
    }

    @Override
    public void push(Pushed pushed) throws InterruptedException {
      String key = pushed.place().key();
      if (key.isEmpty()) {
        throw new StoreException("remote key must be defined");
      }
      String value = new String(pushed.value(), StandardCharsets.UTF_8);
      Map<String, String> remote = new TreeMap<>(Map.of("remoteKey", key, key, value));
      if (!pushed.key().isEmpty()) {
        remote.put("secretKey", pushed.key());
      }
      WebhookData data = calls.data(remote);
      String template = calls.settings().string("body");
      String method = calls.settings().string("method");
      String body = template.isEmpty() ? value : data.text("body", template, false);
      try {
        var _ = calls.send(method.isEmpty() ? "POST" : method, body, data);
      } catch (StoreException e) {
        throw new StoreException("failed to push webhook data: " + e.message());
      }
    }

    @Override
    public boolean has(RemoteReference reference) throws InterruptedException {
      try {
        var _ = calls.ask(remote(new RemoteReference(reference.key(), "")));
        return true;
      } catch (MissingSecretException e) {
        return false;
      }
    }

    @Override
    public void delete(RemoteReference reference) throws InterruptedException {
      try {
        WebhookData data = calls.data(Map.of("remoteKey", reference.key()));
        var _ = calls.send("DELETE", "", data);
      } catch (MissingSecretException e) {
        // it is gone
      }
    }

    @Override
    public void close() {
      // holds nothing elsewhere
    }
  }
}
