package dev.tiphys.secrets.sync;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.data.Decoding;
import dev.tiphys.secrets.data.Keys;
import dev.tiphys.secrets.data.Rewrites;
import dev.tiphys.secrets.generator.Making;
import dev.tiphys.secrets.model.DeletionPolicy;
import dev.tiphys.secrets.model.ExternalSecret;
import dev.tiphys.secrets.model.StoreKey;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.stores.OpenStores;
import dev.tiphys.secrets.stores.Stores;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what an ExternalSecret wants of its stores: `dataFrom` in order, then `data`; later keys
/// replace earlier ones.
final class Fetch implements AutoCloseable {

  private final ExternalSecret secret;
  private final Stores stores;
  private final OpenStores open;
  private final Making making;
  private final Rewrites rewrites;
  private final EventRecorder events;
  private final Map<StoreKey, OpenStores.Use> uses = new HashMap<>();
  private final Map<String, String> origins = new LinkedHashMap<>();
  private final boolean dry;

  Fetch(ExternalSecret secret, SyncTools tools) {
    this(secret, tools, false);
  }

  /// @param dry whether nothing may come of it but an answer: generators are not asked, and no
  ///   event is told
  Fetch(ExternalSecret secret, SyncTools tools, boolean dry) {
    this.dry = dry;
    this.secret = secret;
    this.stores = tools.stores();
    this.open = tools.open();
    this.making = tools.generators().making(secret.object());
    this.rewrites = tools.rewrites();
    this.events = tools.events();
  }

  /// @throws StoreException if something cannot be had that must be there
  Map<String, byte[]> run() throws InterruptedException {
    Map<String, byte[]> all;
    try {
      all = all();
    } catch (StoreException e) {
      making.giveBack();
      throw e;
    }
    making.keep();
    return all;
  }

  private Map<String, byte[]> all() throws InterruptedException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    List<Struct> sources = secret.dataFrom();
    for (int i = 0; i < sources.size(); i++) {
      try {
        Map<String, byte[]> values = from(i, sources.get(i));
        String origin = "spec.dataFrom[" + i + "]: " + origin(sources.get(i));
        values.keySet().forEach(key -> origins.put(key, origin));
        all.putAll(values);
      } catch (MissingSecretException e) {
        missing(
            "spec.dataFrom[" + i + "]", "", "spec.dataFrom[" + i + "]" + way(sources.get(i)), e);
      } catch (StoreException e) {
        throw failed("spec.dataFrom[" + i + "]" + way(sources.get(i)), e);
      }
    }
    List<Struct> entries = secret.data();
    for (int i = 0; i < entries.size(); i++) {
      Struct entry = entries.get(i);
      String key = entry.string("remoteRef", "key");
      String place = "spec.data[" + i + "] (key: " + key + ")";
      try {
        all.put(entry.string("secretKey"), one(entry));
        origins.put(entry.string("secretKey"), "spec.data[" + i + "]: " + origin(entry));
      } catch (MissingSecretException e) {
        missing("spec.dataFrom[" + i + "]", " (key=" + key + ")", place, e); // as the original says
      } catch (StoreException e) {
        throw failed(place, e);
      }
    }
    return all;
  }

  /// Where each key came from that was fetched: `spec.data[0]: SecretStore/main, db#password`.
  Map<String, String> origins() {
    return origins;
  }

  private String origin(Struct entry) {
    Struct generator = entry.struct("sourceRef", "generatorRef");
    if (!generator.isEmpty()) {
      return generator.string("kind") + "/" + generator.string("name");
    }
    StoreKey store = secret.storeOf(entry);
    Struct how =
        entry.struct(entry.has("find") ? "find" : entry.has("extract") ? "extract" : "remoteRef");
    return store.kind() + "/" + store.name() + ", " + (entry.has("find") ? "found" : place(how));
  }

  private static String place(Struct how) {
    String property = how.string("property");
    String version = how.string("version");
    return how.string("key")
        + (property.isEmpty() ? "" : "#" + property)
        + (version.isEmpty() ? "" : " of version " + version);
  }

  private static String way(Struct source) {
    return source.has("extract")
        ? ".extract"
        : source.has("find") ? ".find" : ".sourceRef.generatorRef";
  }

  private static StoreException failed(String place, StoreException why) {
    return new StoreException("error processing " + place + ", err: " + why.message());
  }

  private void missing(String place, String key, String full, MissingSecretException why) {
    if (secret.deletion() == DeletionPolicy.RETAIN) {
      throw failed(full, why);
    }
    if (dry) {
      return;
    }
    events.normal(
        secret.object(),
        "MissingProviderSecret",
        "secret does not exist at provider using " + place + key);
  }

  private Map<String, byte[]> from(int place, Struct source) throws InterruptedException {
    Struct generator = source.struct("sourceRef", "generatorRef");
    if (!generator.isEmpty() && dry) {
      return Map.of(); // each call makes something, perhaps elsewhere
    }
    if (!generator.isEmpty()) {
      Map<String, byte[]> made = generated(place, generator);
      return Keys.checked(rewrites.apply(source.structs("rewrite"), made));
    }
    OpenStore store = store(source);
    boolean extracts = source.has("extract");
    Struct how = source.struct(extracts ? "extract" : "find");
    Map<String, byte[]> found =
        extracts ? store.readAll(RemoteReference.of(how)) : found(store, how);
    List<Struct> operations = source.structs("rewrite");
    Map<String, byte[]> named =
        operations.isEmpty()
            ? Keys.converted(found, how.string("conversionStrategy"))
            : rewrites.apply(operations, found);
    return guarded(Decoding.of(how.string("decodingStrategy")).decode(Keys.checked(named)), how);
  }

  private static Map<String, byte[]> found(OpenStore store, Struct how)
      throws InterruptedException {
    try {
      return store.find(Search.of(how));
    } catch (MissingSecretException e) {
      throw e;
    } catch (StoreException e) {
      throw new StoreException("error getting all secrets: " + e.message());
    }
  }

  private Map<String, byte[]> generated(int place, Struct reference) throws InterruptedException {
    try {
      return making.generate(String.valueOf(place), reference);
    } catch (StoreException e) {
      throw new StoreException("error using generator: " + e.message());
    }
  }

  private static Map<String, byte[]> guarded(Map<String, byte[]> values, Struct how) {
    values.forEach((key, value) -> guard(key, value, how));
    return values;
  }

  private static void guard(String key, byte[] value, Struct how) {
    if (how.string("nullBytePolicy").equals("Fail")) {
      for (byte each : value) {
        if (each == 0) {
          throw new StoreException(
              "fetched secret value for key \""
                  + key
                  + "\" contains null bytes; use a text-safe format such as PEM/base64 or leave"
                  + " nullBytePolicy unset for intentional binary data");
        }
      }
    }
  }

  private byte[] one(Struct entry) throws InterruptedException {
    Struct how = entry.struct("remoteRef");
    byte[] value = store(entry).read(RemoteReference.of(how));
    String key = entry.string("secretKey");
    byte[] decoded = Decoding.of(how.string("decodingStrategy")).decode(key, value);
    guard(key, decoded, how);
    return decoded;
  }

  private OpenStore store(Struct entry) throws InterruptedException {
    StoreKey key = secret.storeOf(entry);
    OpenStores.Use use = uses.get(key);
    if (use == null) {
      use = open.open(stores.usable(key, secret.namespace()), secret.namespace());
      uses.put(key, use);
    }
    return use.store();
  }

  @Override
  public void close() {
    uses.values().forEach(OpenStores.Use::close);
  }
}
