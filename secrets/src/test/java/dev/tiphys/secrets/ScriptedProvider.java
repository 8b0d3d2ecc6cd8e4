package dev.tiphys.secrets;

import dev.tiphys.object.Struct;
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
import java.util.Map;
import java.util.TreeMap;

/// A kind of stores that has what a test puts into it, fails when the test says so, and counts what
/// it is asked.
final class ScriptedProvider implements Provider {

  final Map<String, String> secrets = new TreeMap<>();

  /// What reading fails with; empty if it does not.
  String failure = "";

  /// What validating fails with; empty if it does not.
  String invalid = "";

  /// What opening fails with; empty if it does not.
  String closed = "";

  int opened;
  int reads;
  int ended;

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Capabilities capabilities(Store store) {
    return Capabilities.READ_WRITE;
  }

  @Override
  public OpenStore open(StoreContext context) {
    if (!closed.isEmpty()) {
      throw new StoreException(closed);
    }
    opened++;
    return new Opened();
  }

  private final class Opened implements OpenStore {
    @Override
    public byte[] read(RemoteReference reference) {
      reads++;
      if (!failure.isEmpty()) {
        throw new StoreException(failure);
      }
      String value = secrets.get(reference.key());
      if (value == null) {
        throw new MissingSecretException();
      }
      return reference.property().isEmpty()
          ? value.getBytes(StandardCharsets.UTF_8)
          : Values.bytes(
              Properties.find(Json.struct(value), reference.property())
                  .orElseThrow(MissingSecretException::new));
    }

    @Override
    public Map<String, byte[]> readAll(RemoteReference reference) {
      Struct tree = Json.struct(new String(read(reference), StandardCharsets.UTF_8));
      return Values.ofFields(tree);
    }

    @Override
    public Map<String, byte[]> find(Search search) {
      Map<String, byte[]> found = new TreeMap<>();
      for (String key : secrets.keySet()) {
        if (key.startsWith(search.path()) && search.isFor(key)) {
          found.put(key, read(new RemoteReference(key, "")));
        }
      }
      return found;
    }

    @Override
    public Validity validate() {
      if (!invalid.isEmpty()) {
        throw new StoreException(invalid);
      }
      return Validity.READY;
    }

    @Override
    public void push(Pushed pushed) {
      if (!failure.isEmpty()) {
        throw new StoreException(failure);
      }
      secrets.put(pushed.place().key(), new String(pushed.value(), StandardCharsets.UTF_8));
    }

    @Override
    public boolean has(RemoteReference reference) {
      return secrets.containsKey(reference.key());
    }

    @Override
    public void delete(RemoteReference reference) {
      secrets.remove(reference.key());
    }

    @Override
    public void close() {
      ended++;
    }
  }
}
