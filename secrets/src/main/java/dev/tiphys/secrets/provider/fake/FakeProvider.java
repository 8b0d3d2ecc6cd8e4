package dev.tiphys.secrets.provider.fake;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.data.Properties;
import dev.tiphys.secrets.data.Values;
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
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Stores whose secrets stand in their own settings: `spec.provider.fake.data`. What is pushed is
/// kept for as long as this process lives.
public final class FakeProvider implements Provider {

  private final Map<Object, Map<String, byte[]>> pushed = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Capabilities capabilities(Store store) {
    return Capabilities.READ_WRITE;
  }

  @Override
  public Optional<String> problem(Store store) {
    List<Struct> entries = store.settings().structs("data");
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).string("key").isEmpty()) {
        return Optional.of("key must be set in data " + i);
      }
      if (entries.get(i).string("value").isEmpty()) {
        return Optional.of("at least one value must be set in data " + i);
      }
    }
    return Optional.empty();
  }

  @Override
  public OpenStore open(StoreContext context) {
    return new Opened(
        context.settings(),
        pushed.computeIfAbsent(context.store().key(), _ -> new ConcurrentHashMap<>()));
  }

  private record Opened(Struct settings, Map<String, byte[]> pushed) implements OpenStore {

    @Override
    public byte[] read(RemoteReference reference) {
      byte[] whole = whole(reference);
      if (reference.property().isEmpty()) {
        return whole;
      }
      return Values.bytes(
          Properties.find(tree(reference, whole), reference.property())
              .orElseThrow(MissingSecretException::new));
    }

    @Override
    public Map<String, byte[]> readAll(RemoteReference reference) {
      Object tree = tree(reference, read(reference));
      if (!(tree instanceof Struct struct)) {
        throw new StoreException("unable to unmarshal secret: it is no JSON object");
      }
      return Values.ofFields(struct);
    }

    private static Object tree(RemoteReference reference, byte[] value) {
      try {
        return Json.parse(value);
      } catch (EncodingException e) {
        return reference.property().isEmpty() ? Struct.EMPTY : Null.NULL;
      }
    }

    private byte[] whole(RemoteReference reference) {
      byte[] kept = pushed.get(reference.key());
      if (kept != null) {
        return kept;
      }
      Struct found = null;
      for (Struct entry : settings.structs("data")) {
        boolean named = entry.string("key").equals(reference.key());
        if (named && isAt(entry, reference.version())) {
          found = newer(found, entry);
        }
      }
      if (found == null) {
        throw new MissingSecretException();
      }
      return found.string("value").getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isAt(Struct entry, String version) {
      return version.isEmpty() || entry.string("version").equals(version);
    }

    private static Struct newer(@Nullable Struct one, Struct other) {
      return one == null || one.string("version").compareTo(other.string("version")) <= 0
          ? other
          : one;
    }

    @Override
    public Map<String, byte[]> find(Search search) {
      Map<String, byte[]> found = new LinkedHashMap<>();
      for (Struct entry : settings.structs("data")) {
        String key = entry.string("key");
        if (key.startsWith(search.path()) && search.isFor(key)) {
          found.put(key, whole(new RemoteReference(key, "")));
        }
      }
      pushed.forEach(
          (key, value) -> {
            if (key.startsWith(search.path()) && search.isFor(key)) {
              found.put(key, value);
            }
          });
      return found;
    }

    @Override
    public Validity validate() {
      return Validity.READY;
    }

    @Override
    public void push(Pushed what) {
      pushed.put(what.place().key(), what.value());
    }

    @Override
    public boolean has(RemoteReference reference) {
      return pushed.containsKey(reference.key())
          || settings.structs("data").stream()
              .anyMatch(entry -> entry.string("key").equals(reference.key()));
    }

    @Override
    public void delete(RemoteReference reference) {
      pushed.remove(reference.key());
    }

    @Override
    public void close() {
      // holds nothing elsewhere
    }
  }
}
