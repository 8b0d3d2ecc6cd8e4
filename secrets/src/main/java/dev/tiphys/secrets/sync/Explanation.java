package dev.tiphys.secrets.sync;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.kept.TargetSecret;
import dev.tiphys.secrets.model.ExternalSecret;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.model.StoreKey;
import dev.tiphys.secrets.provider.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What there is to know of an ExternalSecret, as JSON: where each key comes from, when it was last
/// read, what failed, whether its stores work, and when they are asked next. Never a value.
///
/// Threads: any.
public final class Explanation {

  private final Informer secrets;
  private final SyncTools tools;

  /// @param secrets all ExternalSecrets
  public Explanation(Informer secrets, SyncTools tools) {
    this.secrets = secrets;
    this.tools = tools;
  }

  /// Absent if it is not there.
  public Optional<Struct> of(String namespace, String name) {
    Struct object = secrets.find(namespace, name);
    return object == null ? Optional.empty() : Optional.of(explain(new ExternalSecret(object)));
  }

  private Struct explain(ExternalSecret secret) {
    LastReads.Read read = tools.reads().of(secret.meta().key());
    Struct kept = tools.kept().target(secret);
    Set<String> present = new TreeSet<>(kept == null ? List.of() : kept.struct("data").names());
    StructBuilder answer = begun(secret);
    Struct condition = Meta.condition(secret.object(), "Ready");
    if (condition != null) {
      answer.add("ready", condition);
    }
    answer.add("exists", kept != null);
    answer.add("keys", keys(read.origins(), present));
    answer.addUnlessEmpty("lastRead", secret.status().string("refreshTime"));
    if (read.failure().isEmpty()) {
      answer.addUnlessEmpty("next", next(secret)); // what fails is tried again with back-off
    }
    answer.addUnlessEmpty("failure", read.failure());
    return answer.build();
  }

  private StructBuilder begun(ExternalSecret secret) {
    List<Struct> stores = new ArrayList<>();
    for (StoreKey key : secret.stores()) {
      stores.add(store(key));
    }
    return new StructBuilder()
        .add("kind", "ExternalSecret")
        .add("namespace", secret.namespace())
        .add("name", secret.name())
        .add("secret", secret.targetName())
        .add("stores", stores);
  }

  private Struct store(StoreKey key) {
    Store store = tools.stores().find(key);
    StructBuilder known =
        new StructBuilder()
            .add("kind", key.kind())
            .add("name", key.name())
            .add("exists", store != null);
    if (store != null) {
      Struct condition = Meta.condition(store.object(), "Ready");
      known.add("provider", store.provider());
      known.add("works", store.isReady());
      known.addUnlessEmpty("message", condition == null ? "" : condition.string("message"));
    }
    return known.build();
  }

  /// Of keys that a template made it is not known from which of the fetched ones.
  private static List<Struct> keys(Map<String, String> origins, Set<String> present) {
    List<Struct> keys = new ArrayList<>();
    origins.forEach(
        (key, origin) ->
            keys.add(Struct.of("key", key, "from", origin, "kept", present.contains(key))));
    for (String key : present) {
      if (!origins.containsKey(key)) {
        keys.add(Struct.of("key", key, "from", "", "kept", true));
      }
    }
    return keys;
  }

  private String next(ExternalSecret secret) {
    Instant now = tools.world().now();
    @Nullable Duration left = Refresh.next(secret, now);
    return left == null ? "" : Timestamps.seconds(now.plus(left));
  }

  /// What would be kept if the stores were asked now, which they are: the keys, and where they come
  /// from. Nothing is written, and generators are not asked.
  public Optional<Struct> dryRun(String namespace, String name) throws InterruptedException {
    Struct object = secrets.find(namespace, name);
    if (object == null) {
      return Optional.empty();
    }
    ExternalSecret secret = new ExternalSecret(object);
    StructBuilder answer = begun(secret).add("dryRun", true);
    try (Fetch fetch = new Fetch(secret, tools, true)) {
      Map<String, byte[]> fetched = fetch.run();
      Struct before =
          tools.api().find(ApiResource.SECRETS, secret.namespace(), secret.targetName());
      Set<String> result =
          tools
              .renderer()
              .render(secret, TargetSecret.staying(before, secret), fetched)
              .data()
              .keySet();
      answer.add("exists", before != null);
      answer.add("keys", keys(fetch.origins(), new TreeSet<>(result)));
    } catch (StoreException e) {
      answer.add("failure", e.message());
    }
    return Optional.of(answer.build());
  }
}
